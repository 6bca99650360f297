"""A job to an MP4. Frames are pure functions of their number, so threads draw them in any order; one encoder takes
them in theirs. OpenCV, numpy and x264 release the interpreter lock, so threads are enough.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from filmgate.animatic.camera import Move, lens_matrix, margin
from filmgate.animatic.colour import from_hex
from filmgate.animatic.encode import Mp4Writer, ycbcr_planes
from filmgate.animatic.imagemove import Dissolve, build_image_move, cover, read_image, reading_for_image
from filmgate.animatic.job import RenderCancelled, RenderJob
from filmgate.animatic.palettes import palette
from filmgate.animatic.parse import parse
from filmgate.animatic.particles import Weather, build_weather
from filmgate.animatic.post import Post, build_post
from filmgate.animatic.raster import Canvas, Matrix, Pixels, warp
from filmgate.animatic.reading import Reading
from filmgate.animatic.scene import START_SECONDS, Brief, Moment, Scene
from filmgate.animatic.scenes import AIRLESS, BUILDERS

FRAMES_AHEAD_PER_THREAD = 3
WEATHER_OVER_IMAGE_SECONDS = 0.8
# How many pixels a scene is drawn with at most; larger frames are enlarged from that. Stills are always drawn in full.
MAX_DRAWN_PIXELS = {"draft": 420_000, "standard": 2_300_000, "high": 9_000_000}
DEFAULT_QUALITY = "standard"
IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A clip ready to be drawn: immutable, shared by all render threads."""

    reading: Reading
    scene: Scene
    weather: Weather
    post: Post
    move: Move
    canvas: Canvas
    output: Canvas
    drawn_per_output_pixel: float
    moves_lens: bool
    fps: int
    frame_count: int
    dissolve: Dissolve | None

    def planes(self, index: int) -> Pixels:
        """Frame `index` as the encoder takes it."""
        planes = ycbcr_planes(self.rgb(index))
        self.post.add_grain(planes, index)
        return planes

    def rgb(self, index: int) -> Pixels:
        """Frame `index` as RGB, before grain."""
        clip_seconds = index / self.fps
        progress = index / max(1, self.frame_count - 1)
        view = self.move.view(progress, clip_seconds)
        moment = Moment(START_SECONDS + clip_seconds * self.reading.tempo, progress, view)
        drawn = self.scene.paint(moment)
        self.weather.paint(drawn, moment, clip_seconds)
        self.post.light(drawn)
        lens = lens_matrix(self.output, self.canvas, self.drawn_per_output_pixel, view) if self.moves_lens else IDENTITY
        developed = self.post.develop(self._through_lens(drawn, lens))
        return developed if self.dissolve is None else self.dissolve.apply(developed, progress)

    def _through_lens(self, drawn: Pixels, matrix: Matrix) -> Pixels:
        if np.allclose(matrix, IDENTITY, atol=1e-9):
            return drawn
        return warp(drawn, matrix, self.output.width, self.output.height, cv2.BORDER_REFLECT_101)


def render(
    job: RenderJob,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 2,
) -> dict[str, Any]:
    """Draw the clip to `job.output_path`, which appears only when it is whole; returns how the prompt was read.

    `progress(frames_done, frames_total)` and `cancelled()` are called after and before every frame, on this thread.
    The file's bytes depend on the job alone, not on `threads`.
    Raises RenderCancelled when `cancelled()` turns true, MediaError when an image cannot be decoded.
    """
    if cancelled is not None and cancelled():
        raise RenderCancelled("The render was cancelled.")
    picture = prepare(job)
    output = Path(job.output_path)
    comment = f"Procedural animatic (rendered by code, no generative model). seed={job.seed}"
    with _hidden_until_whole(output) as part, Mp4Writer(part, job.width_px, job.height_px, job.fps, comment) as writer:
        for index, planes in enumerate(_in_order(picture, max(1, threads))):
            if cancelled is not None and cancelled():
                raise RenderCancelled("The render was cancelled.")
            writer.write(planes)
            if progress is not None:
                progress(index + 1, job.frame_count)
    return picture.reading.to_dict()


def prepare(job: RenderJob) -> Picture:
    """Read the prompt and build the scene: everything that is done once (0.1 to 1.2 s)."""
    reading = parse(job.prompt, negative_prompt=job.negative_prompt, style=job.style, camera=job.camera)
    if job.image_path:
        reading = reading_for_image(reading)
    rng = np.random.Generator(np.random.PCG64(_stable_seed(job.seed, job.prompt)))
    output = Canvas(job.width_px, job.height_px)
    move = Move(reading.camera, phase=float(rng.uniform(0, 6.28)))
    dissolve = Dissolve(cover(read_image(job.last_image_path), output)) if job.last_image_path else None
    still = read_image(job.image_path) if job.image_path else None

    limit = MAX_DRAWN_PIXELS.get(job.quality_level or DEFAULT_QUALITY, MAX_DRAWN_PIXELS[DEFAULT_QUALITY])
    share = 1.0 if still is not None else min(1.0, (limit / (output.width * output.height)) ** 0.5)
    overscan = 1.0 if still is not None else margin(move, output, job.duration_seconds)
    canvas = Canvas(_even(output.width * share * overscan), _even(output.height * share * overscan))
    sky = from_hex(reading.sky_colour) if reading.sky_colour else None
    water = from_hex(reading.water_colour) if reading.water_colour else None
    colours = palette(reading.palette, sky_colour=sky, water_colour=water)
    brief = Brief(canvas, colours, reading, rng, job.duration_seconds * reading.tempo)
    scene: Scene
    if still is not None:
        scene = build_image_move(still, canvas, reading.camera)
        weather = build_weather(brief, fade_in_seconds=WEATHER_OVER_IMAGE_SECONDS)
    else:
        scene = BUILDERS[reading.scene](brief)
        weather = build_weather(brief, airless=reading.scene in AIRLESS)
    return Picture(
        reading=reading,
        scene=scene,
        weather=weather,
        post=build_post(canvas, output, scene.finish, reading.style, rng),
        move=move,
        canvas=canvas,
        output=output,
        drawn_per_output_pixel=share,
        moves_lens=still is None,
        fps=job.fps,
        frame_count=job.frame_count,
        dissolve=dissolve,
    )


def _in_order(picture: Picture, threads: int) -> Iterator[Pixels]:
    """Draw frames ahead of the encoder, a few per thread, and hand them over in order."""
    waiting: deque[Future[Pixels]] = deque()
    following = 0
    pool = ThreadPoolExecutor(threads, thread_name_prefix="animatic")
    try:
        for _ in range(picture.frame_count):
            while following < picture.frame_count and len(waiting) < threads * FRAMES_AHEAD_PER_THREAD:
                waiting.append(pool.submit(picture.planes, following))
                following += 1
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _hidden_until_whole(output: Path) -> Generator[Path]:
    part = output.with_name(output.name + ".part")
    try:
        yield part
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _stable_seed(seed: int, prompt: str | None) -> int:
    text = f"{seed}|{prompt or ''}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(text).digest()[:16], "big")


def _even(length: float) -> int:
    return max(32, round(length / 2) * 2)
