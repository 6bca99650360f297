"""Contact sheets: many prompts drawn small and side by side, to look at all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from PIL import Image

from filmgate.animatic.film import plan_film
from filmgate.animatic.job import RenderJob
from filmgate.animatic.raster import Pixels, resize
from filmgate.core.errors import InvalidRequest

SUPERSAMPLING = 2  # drawn twice as large as shown
LABEL_HEIGHT = 22
LABEL_SIZE = 12
PREVIEW_FPS = 12
PREVIEW_SECONDS = 3.0
LOSSY_QUALITY = 88
BACKGROUND, INK = (16, 17, 20), (225, 228, 232)


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """How a sheet is laid out; sizes in pixels. `at` is the moment that stills show, as a share of the clip."""

    columns: int = 4
    tile_width: int = 480
    tile_height: int = 270
    duration_seconds: float = 5.0
    at: float = 0.6
    seed: int = 7
    labels: bool = True
    threads: int = 2


def shipped_prompts() -> list[str]:
    """The prompts that this package is looked at with: one a line, comments begin with #."""
    return read_prompts(files("filmgate.animatic").joinpath("sheet_prompts.txt").read_text(encoding="utf-8"))


def read_prompts(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def write_sheet(
    prompts: Sequence[str], path: Path, spec: SheetSpec, progress: Callable[[int], None] | None = None
) -> None:
    """Write a sheet as `path` says: .jpg or .png with stills, .webp or .gif in motion. Overwrites.

    `progress(tiles_done)` is called from worker threads. Raises InvalidRequest for another suffix or no prompts.
    """
    moving = path.suffix.lower() in (".webp", ".gif")
    if not moving and path.suffix.lower() not in (".jpg", ".jpeg", ".png"):
        raise InvalidRequest(f"{path.name}: allowed are .jpg and .png for stills, .webp and .gif for motion")
    if not prompts:
        raise InvalidRequest("there are no prompts")
    count = round(PREVIEW_SECONDS * PREVIEW_FPS) if moving else 1
    done: list[str] = []

    def tile(prompt: str) -> list[Pixels]:
        drawn = _tile(prompt, spec, count)
        done.append(prompt)
        if progress is not None:
            progress(len(done))
        return drawn

    with ThreadPoolExecutor(spec.threads) as pool:
        tiles = list(pool.map(tile, prompts))
    pages = [Image.fromarray(_page([frames[index] for frames in tiles], spec)) for index in range(count)]
    if moving:
        milliseconds = round(1000 / PREVIEW_FPS)
        pages[0].save(path, save_all=True, append_images=pages[1:], duration=milliseconds, loop=0, quality=72, method=4)
    else:
        pages[0].save(path, quality=LOSSY_QUALITY)


def _tile(prompt: str, spec: SheetSpec, count: int) -> list[Pixels]:
    film = plan_film(
        RenderJob(
            prompt=prompt,
            width_px=spec.tile_width * SUPERSAMPLING // 2 * 2,
            height_px=spec.tile_height * SUPERSAMPLING // 2 * 2,
            fps=PREVIEW_FPS,
            duration_seconds=spec.duration_seconds,
            seed=spec.seed,
            output_path="",
        )
    )
    middle = int(spec.at * (film.job.frame_count - 1))
    first = max(0, min(middle - count // 2, film.job.frame_count - count))
    indices = range(first, first + count)
    seen = sorted({number for index in indices for number in film.shots_at(index)})
    shots = {number: film.build(number) for number in seen}
    return [_labelled(_small(film.rgb(index, shots), spec), prompt, spec) for index in indices]


def _small(frame: Pixels, spec: SheetSpec) -> Pixels:
    return resize(frame, spec.tile_width, spec.tile_height, cv2.INTER_AREA)


def _labelled(picture: Pixels, prompt: str, spec: SheetSpec) -> Pixels:
    if not spec.labels:
        return picture
    strip = np.full((LABEL_HEIGHT, spec.tile_width, 3), BACKGROUND, np.uint8)
    face = cv2.FontFace("uni" if not prompt.isascii() else "sans")
    fitting = prompt
    while len(fitting) > 1 and _text_width(fitting, face) > spec.tile_width - 12:
        fitting = fitting[:-2].rstrip() + "…"
    cv2.putText(strip, fitting, (6, LABEL_HEIGHT - 7), INK, face, LABEL_SIZE)
    return np.vstack([picture, strip])


def _text_width(text: str, face: cv2.FontFace) -> int:
    box = cv2.getTextSize((4096, 64), text, (0, 32), face, LABEL_SIZE)
    return int(cast("tuple[int, int, int, int]", box)[2])


def _page(tiles: list[Pixels], spec: SheetSpec) -> Pixels:
    blank = np.full_like(tiles[0], BACKGROUND)
    rows = [tiles[start : start + spec.columns] for start in range(0, len(tiles), spec.columns)]
    return np.vstack([np.hstack(row + [blank] * (len(rows[0]) - len(row))) for row in rows])
