"""Names of schemes in pictures: as ids, or with their titles in English or Chinese."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.text import Text

    from sim.model.schemes import Scheme

IDS, ENGLISH, CHINESE = "id", "en", "zh"
LANGUAGES = (IDS, ENGLISH, CHINESE)

FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Noto Serif CJK SC",
    "Noto Sans CJK JP",
)  # fmt: skip
"""Fonts with Chinese characters of the usual systems, the preferred one first."""

NO_FONT = (
    "no font with Chinese characters is installed, so words in pictures are in English; "
    "install one, like Noto Sans CJK SC"
)


def chinese_font(installed: Collection[str] | None = None) -> str | None:
    """Return an installed font with Chinese characters, if there is one."""
    if installed is not None:
        return next((name for name in FONTS if name in installed), None)
    from matplotlib.font_manager import findSystemFonts, fontManager

    def known() -> str | None:
        return chinese_font({font.name for font in fontManager.ttflist})

    if known() is None:  # Matplotlib keeps a list, and does not see what was installed later
        listed = {font.fname for font in fontManager.ttflist}
        for file in sorted({*findSystemFonts()} - listed):
            fontManager.addfont(file)
    return known()


def scheme_names(
    known: Mapping[str, Scheme], language: str = IDS, installed: Collection[str] | None = None
) -> dict[str, str]:
    """Return how each scheme is called in a picture, by its id.

    Chinese without a font for it becomes English with one warning, for boxes tell nobody anything.

    ``language``: one of ``LANGUAGES``. ``installed``: fonts to choose from; those of this machine
    by default.
    """
    if language == CHINESE and chinese_font(installed) is None:
        warnings.warn(NO_FONT, stacklevel=2)
        language = ENGLISH
    if language == IDS:
        return {name: name for name in known}
    return {
        name: f"{name}  {scheme.title_zh if language == CHINESE else scheme.title}"
        for name, scheme in known.items()
    }


def with_fallback(texts: Iterable[Text]) -> None:
    """Let texts take from a Chinese font the characters that their own font has not."""
    chinese = None
    for text in texts:
        if text.get_text().isascii():
            continue
        chinese = chinese or chinese_font()
        if chinese is not None:
            text.set_fontfamily([*text.get_fontfamily(), chinese])
