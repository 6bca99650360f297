"""What is drawn for a prompt of which no word is known: chosen by chance, and by the sound of its words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

SOFT_SCENES = ("abstract", "clouds", "sea", "lake", "underwater", "meadow")
HARD_SCENES = ("city", "space", "mountains", "desert", "studio", "abstract")
INK_SCENES = ("abstract", "lake", "mountains", "clouds")  # for Chinese
PALETTES = ("dawn", "day", "golden", "sunset", "dusk", "night", "pastel")
_SOFT, _HARD = re.compile(r"[aeioulmnrwy]"), re.compile(r"[bcdfghjkpqstvxz0-9]")
_CJK = re.compile(r"[\u3400-\u9fff]")
BALANCE = 0.54  # of the letters of usual English are soft


def imagined_scene(text: str, seed: int) -> str:
    """Words of vowels and liquids flow, words of stops and digits are built."""
    if _CJK.search(text):
        return _pick(INK_SCENES, "scene", text, seed)
    soft, hard = len(_SOFT.findall(text)), len(_HARD.findall(text))
    flows = soft >= BALANCE * (soft + hard)
    return _pick(SOFT_SCENES if flows else HARD_SCENES, "scene", text, seed)


def imagined_palette(text: str, seed: int) -> str:
    return _pick(PALETTES, "palette", text, seed)


def _pick(options: Sequence[str], purpose: str, text: str, seed: int) -> str:
    digest = hashlib.sha256(f"{purpose}|{seed}|{text}".encode()).digest()
    return options[int.from_bytes(digest[:4], "big") % len(options)]
