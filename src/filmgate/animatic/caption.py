"""A caption burned into the lower part of the picture: one or two lines, Latin or Chinese, that fade in and out.

The fonts come with OpenCV 5: Rubik for Latin, WenQuanYi Micro Hei for everything else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import smoothstep
from filmgate.animatic.raster import Canvas, Pixels, add_light, blur, darken, invert, scale, triple

LETTER_HEIGHTS = (0.046, 0.040, 0.034, 0.029)  # of the base; the largest with which the text fits is taken
SMALLEST_PX = 10  # smaller Chinese cannot be read
WIDEST = 0.84  # of the frame
MOST_LINES = 2
LINE_SPACING = 1.42
FOOT = 0.065  # of the base, below the last line
FADE_SECONDS = 0.45
WEIGHT = 500
SHORTEST_WIDE = 5  # no word of fewer letters is wider than a line
LONGEST_MEASURED = 200
_LATIN = re.compile(r"[\u0020-\u024f\u2010-\u2027\u20ac]*")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk"})  # controls, and emoji, which no font here has
# A line may break before each of these: a word with the blank before it, or one Chinese character.
_PIECES = re.compile(r"\s*[^\s\u3000-\u9fff\uff00-\uffef]+|\s*[\u3000-\u9fff\uff00-\uffef]")
_CLOSING = "，。、；：！？）》」』”’…,.;:!?)"  # never begin a line


@dataclass(frozen=True, slots=True, eq=False)
class Caption:
    """Prepared text: its letters and their soft shadow, as masks over the rows from `top`."""

    letters: Pixels
    shade: Pixels
    top: int

    def paint(self, frame: Pixels, seconds: float, duration_seconds: float) -> None:
        """Set it into the frame, `seconds` after it first shows, of `duration_seconds` in all."""
        fade = min(FADE_SECONDS, duration_seconds / 3)
        shown = float(smoothstep(0, fade, seconds) * smoothstep(0, fade, duration_seconds - seconds))
        if shown > 0.01:
            band = frame[self.top : self.top + self.letters.shape[0]]
            darken(band, invert(triple(scale(self.shade, shown))))
            add_light(band, triple(scale(self.letters, 0.94 * shown)))


def build_caption(text: str, output: Canvas) -> Caption | None:
    """Set `text`; None if nothing of it can be seen. What does not fit into two lines ends in an ellipsis."""
    seen = "".join(character for character in text if unicodedata.category(character) not in _UNSEEN)
    words = " ".join(seen.split())
    if not words:
        return None
    face = cv2.FontFace("sans" if _LATIN.fullmatch(words) else "uni")
    widest = output.width * WIDEST
    sizes = [max(SMALLEST_PX, round(height * output.base)) for height in LETTER_HEIGHTS]
    size = next((size for size in sizes if len(_broken(words, face, size, widest)) <= MOST_LINES), sizes[-1])
    lines = _broken(words, face, size, widest)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], _shortened(lines[MOST_LINES - 1] + "…", face, size, widest)]
    return _set(lines, face, size, output)


def _broken(text: str, face: cv2.FontFace, size: int, widest: float) -> list[str]:
    """Fill lines one after the other."""
    lines = [""]
    for piece in _pieces(text, face, size, widest):
        grown = lines[-1] + piece
        if lines[-1] and _width(grown, face, size) > widest and piece.strip() not in _CLOSING:
            lines.append(piece.lstrip())
        else:
            lines[-1] = grown
        if len(lines) > MOST_LINES:
            break  # it does not fit, however long the rest is
    return lines


def _pieces(text: str, face: cv2.FontFace, size: int, widest: float) -> Iterator[str]:
    """What may not be broken: words and Chinese characters; but a word that is wider than a line may be."""
    for piece in _PIECES.findall(text):
        if len(piece) > SHORTEST_WIDE and _width(piece[:LONGEST_MEASURED], face, size) > widest:
            yield from piece
        else:
            yield piece


def _shortened(line: str, face: cv2.FontFace, size: int, widest: float) -> str:
    """A full line with an ellipsis at its end."""
    kept = line.rstrip("… ")
    while kept and _width(kept + "…", face, size) > widest:
        kept = kept[:-1].rstrip(" ,，")
    return kept + "…"


def _set(lines: list[str], face: cv2.FontFace, size: int, output: Canvas) -> Caption:
    step = size * LINE_SPACING
    last = output.height - FOOT * output.base
    top = max(0, int(last - step * len(lines) - size * 0.6))
    letters = np.zeros((output.height - top, output.width), np.uint8)
    for number, line in enumerate(lines):
        left = (output.width - _width(line, face, size)) / 2
        baseline = last - step * (len(lines) - 1 - number) - top
        cv2.putText(letters, line, (round(left), round(baseline)), 255, face, size, WEIGHT)
    shade = blur(letters, max(1.0, size * 0.22))
    return Caption(letters, np.maximum(scale(shade, 1.9), scale(letters, 0.98)), top)


def _width(text: str, face: cv2.FontFace, size: int) -> int:
    box = cv2.getTextSize((1 << 15, 1 << 10), text, (0, 512), face, size, WEIGHT)
    return int(box[2])
