"""The rules that hold the house together: layers, sizes, packaging, nothing of one machine."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("sim", "plant_models", "experiments")
MOST_ROOMS = 13
NOTEBOOKS = ROOT / "notebooks"


# Brackets keep a pattern from finding itself in this file.
OF_ONE_MACHINE = (
    re.escape(f"{ROOT.as_posix()}/"),
    r"(?<![\w.\-])/(home|Users|root|work)/\w",
    r"[A-Z]:\\Users\\",
    r"[.][.]/shared\b",
)
REGISTRIES = (
    r"index[-_]url",
    r"find[-_]links",
    r"pypi[.]org",
    r"pythonhosted[.]org",
    r"npmjs[.](org|com)",
    r"\"resolved[\"]: *\"http",
    r"registry[ ]= ",
)


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8")


def project() -> dict[str, Any]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)["project"]
    return table


def package_files() -> list[Path]:
    return [
        file
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*"))
        if file.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(file.parts)
    ]


def repository_files() -> list[Path]:
    """Return every file that git tracks or would add."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = run(git, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file()]


def found(patterns: tuple[str, ...]) -> list[str]:
    any_of_them = re.compile("|".join(patterns))
    hits = []
    for file in repository_files():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # a picture
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if any_of_them.search(line):
                hits.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    return hits


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    code = (
        "from importlinter.cli import lint_imports as lint; raise SystemExit(lint(no_cache=True))"
    )
    return run(sys.executable, "-c", code, cwd=folder)


def test_imports_go_from_experiments_to_plant_models_to_sim_and_only_sim_imports_simpy():
    """The contracts stand in pyproject.toml; import-linter reads the whole import graph."""
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


ASTRAY = (
    ("sim", "import plant_models"),
    ("plant_models", "from experiments import anything"),
    ("plant_models", "import simpy"),
    ("experiments", "from simpy import Environment"),
    ("sim", "import chemicals"),
    ("experiments", "import tools.bench"),
)


def test_an_import_against_the_rules_is_found(tmp_path: Path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in (*PACKAGES, "tools"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "tools" / "bench.py").touch()
    for n, (package, statement) in enumerate(ASTRAY):
        file = tmp_path / package / f"astray_{n}.py"
        file.write_text(statement + "\n", encoding="utf-8")
    checked = lint_imports(tmp_path)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    for n, (package, statement) in enumerate(ASTRAY):
        assert f"{package}.astray_{n} -> {statement.split()[1]}" in checked.stdout


def imports() -> dict[str, set[str]]:
    """Return which module of the packages imports which, for typing and inside functions, too."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    return {name: graph.find_modules_directly_imported_by(name) - {name} for name in graph.modules}


def test_no_module_imports_itself_by_way_of_others():
    graph = imports()
    sorter = TopologicalSorter(graph)
    sorter.prepare()  # raises CycleError, which names the circle
    assert len(graph) > 200


def test_a_circle_of_imports_would_be_found():
    graph = {**imports(), "sim.errors": {"sim.clock.plant"}}
    with pytest.raises(CycleError):
        TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("package", [*PACKAGES, "plant_models/chlorobenzene"])
def test_a_package_has_about_a_dozen_rooms_at_its_top(package: str):
    rooms = [
        item.name
        for item in (ROOT / package).iterdir()
        if not item.name.startswith(("_", ".")) and item.suffix in ("", ".py")
    ]
    assert len(rooms) <= MOST_ROOMS, sorted(rooms)


def test_every_room_says_what_it_is():
    for file in package_files():
        if file.name == "__init__.py":
            about = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
            assert len(about) > 20, file
            assert "TODO" not in about, file


def test_no_file_names_a_path_of_one_machine():
    assert found(OF_ONE_MACHINE) == []


def test_no_file_names_a_package_registry():
    assert found(REGISTRIES) == []


def test_every_pinned_requirement_is_a_plain_version():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.match(r"[a-z0-9-]+==[\w.+!]+( ; .+)?$", line)] == []


def test_every_requirement_is_pinned():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)==", pins, re.MULTILINE))
    extras = project()["optional-dependencies"]
    asked = [*project()["dependencies"], *(line for extra in extras.values() for line in extra)]
    names = {name for line in asked for name in re.findall(r"^[a-z0-9-]+", line)}
    assert names - pinned == set()


def test_models_and_commands_load_no_plots_no_tables_and_no_scipy_before_they_are_needed():
    heavy = {"scipy", "pandas", "matplotlib", "PIL", "dask", "IPython"}
    code = (
        "import sys, sim, plant_models, plant_models.benchmarks, plant_models.chlorobenzene\n"
        "import experiments.door.cli\n"
        "print(*sys.modules)"
    )
    loaded = run(sys.executable, "-c", code)
    assert loaded.returncode == 0, loaded.stderr
    assert heavy & set(loaded.stdout.split()) == set()


@pytest.mark.long
def test_the_wheel_holds_all_of_the_three_packages_and_nothing_else(tmp_path: Path):
    built = run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("cleanerline-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {file.relative_to(ROOT).as_posix() for file in package_files()} - names == set()
    assert {name.split("/")[0].split("-")[0] for name in names} == {*PACKAGES, "cleanerline"}
    lessons = {f"experiments/lessons/notebooks/{file.name}" for file in NOTEBOOKS.glob("*.ipynb")}
    assert lessons <= names
    assert len(lessons) > 10


def test_what_to_install_is_told_without_a_checkout_of_this_project():
    """Whoever has installed a wheel has no ``constraints.txt``, and no project in the folder."""
    of_a_checkout = re.compile(r"pip install [^\n]*-e ")
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    assert [f for f in files if of_a_checkout.search(f.read_text(encoding="utf-8"))] == []


def test_citation_and_changelog_know_the_version():
    version = project()["version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in citation
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = changelog.partition("\n## [")[2].partition("]")[0]
    assert newest == "Unreleased" or newest == version


def test_ci_installs_and_tests_with_the_readmes_command():
    fetches = "-m pip install -c constraints.txt uv"
    installs = '-m uv pip install --python .venv --compile-bytecode -c constraints.txt -e ".[dev]"'
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    steps = (fetches, installs, "-m pytest -n 2\n")
    assert " && ".join(f".venv/bin/python {step}" for step in steps) in readme
    assert fetches in ci
    assert installs.replace(".venv", '"$1"') in ci
    assert ".venv/bin/python -m pytest -n 2 --run-long" in ci
