"""How the documentation is built; the source directory is the project's root.

``sphinx-build -W --keep-going -c docs . build/docs`` needs no network. The root is the source, so
that a link reads the same here and in a checkout, and notebooks/ and CONTRIBUTING.md are pages.
"""

import sys
from html import escape
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import Any

from docutils.nodes import Element, Node, SkipNode, literal_block, section, title
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # this checkout is documented, whatever is installed

project = "cleanerline"
author = "The cleanerline authors"
project_copyright = author
html_title = "cleanerline"
language = "en"

root_doc = "docs/index"
include_patterns = ["docs/**", "notebooks/**", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
exclude_patterns = [".*", "build", "dist", "runs", "**/.ipynb_checkpoints", "docs/findings"]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "dollarmath", "attrs_inline"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # the tests run the notebooks; the pages show them as they are committed

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False
# Several modules have an Entry, a Measure, a Terms of their own: where an annotation names one
# without its module, Sphinx cannot tell which, and links to the first.
suppress_warnings = ["ref.python"]

html_theme = "pydata_sphinx_theme"
html_theme_options = {
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "header_links_before_dropdown": 6,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {"docs/index": [], "docs/tutorial": []}
html_static_path = ["_static"]
html_css_files = ["cleanerline.css"]
html_show_sourcelink = False
html_math_renderer = "mathml"


def mathml(node: Element, as_block: bool) -> str:
    """Return a formula as MathML, which browsers show without a script."""
    try:
        return tex2mathml(node.astext().strip(), as_block=as_block)
    except MathError as fault:
        logger.warning("formula %r: %s", node.astext(), fault, location=node)
        return f"<code>{escape(node.astext())}</code>"


def inline_mathml(writer: Any, node: Element) -> None:
    """Write a formula within a line."""
    writer.body.append(mathml(node, as_block=False))
    raise SkipNode


def block_mathml(writer: Any, node: Element) -> None:
    """Write a formula on lines of its own."""
    writer.body.append(f'<div class="math">{mathml(node, as_block=True)}</div>')
    raise SkipNode


class CommandsHelp(SphinxDirective):
    """What ``--help`` prints for every command, each under its own heading."""

    def run(self) -> list[Node]:
        """Return a section for each command."""
        from click.testing import CliRunner

        from experiments.door.cli import COMMANDS, PROGRAM, cli

        found: list[Node] = []
        for name in COMMANDS:
            told = CliRunner().invoke(cli, [name, "--help"], terminal_width=88).output
            part = section(ids=[f"command-{name}"])
            part += title(name, name)
            part += literal_block(
                told, told.replace("Usage: cli", f"Usage: {PROGRAM}"), language="text"
            )
            found.append(part)
        return found


class PublicNames(SphinxDirective):
    """The public names of a package, each with a link and its first sentence."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return the list."""
        package = import_module(self.arguments[0])
        lines = []
        for name in package.__all__:
            what = getattr(package, name)
            documented = getattr(what, "__module__", "").startswith(package.__name__)
            about = (getdoc(what) or "").partition("\n")[0] if documented else ""
            home = f"{what.__module__}.{what.__qualname__}" if documented else ""
            label = f"{{py:obj}}`{name} <{home}>`" if documented else f"`{name}`"
            lines.append(f"- {label}{': ' if about else ''}{about}")
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app: Sphinx) -> None:
    """Add the directives, and show formulas as MathML: MathJax would come from a network."""
    app.add_directive("commands-help", CommandsHelp)
    app.add_directive("public-names", PublicNames)
    app.add_html_math_renderer("mathml", (inline_mathml, None), (block_mathml, None))
