"""A job to an MP4. Frames are pure functions of their number, so threads draw them in any order; one encoder takes
them in theirs. OpenCV, numpy and x264 release the interpreter lock, so threads are enough.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filmgate.animatic.encode import Mp4Writer
from filmgate.animatic.film import Film, plan_film
from filmgate.animatic.job import RenderCancelled, RenderJob
from filmgate.animatic.raster import Pixels
from filmgate.animatic.shot import ShotPicture
from filmgate.animatic.sound import Ambience, soundtrack

FRAMES_AHEAD_PER_THREAD = 3
COMMENT = "Procedural animatic (rendered by code, no generative model). seed={seed}"


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
    _stop_if(cancelled)
    film = plan_film(job)
    with _hidden_until_whole(Path(job.output_path)) as part, _writer(part, job) as writer:
        if job.generate_audio:
            writer.write_sound(soundtrack(_ambiences(film), job.duration_seconds, job.seed))
        for index, planes in enumerate(_in_order(film, max(1, threads))):
            _stop_if(cancelled)
            writer.write(planes)
            if progress is not None:
                progress(index + 1, job.frame_count)
    return understood(film)


def understood(film: Film) -> dict[str, Any]:
    """How the prompt was read: what is seen, shot by shot if there are several."""
    told = film.readings[0].to_dict()
    if len(film.readings) > 1:
        told["shots"] = [
            {"from_seconds": round(float(slot.first / film.rate), 3), **reading.to_dict()}
            for slot, reading in zip(film.slots, film.readings, strict=True)
        ]
    return told


def _writer(path: Path, job: RenderJob) -> Mp4Writer:
    comment = COMMENT.format(seed=job.seed)
    return Mp4Writer(
        path, job.width_px, job.height_px, job.rate, comment, quality=job.quality_level, has_sound=job.generate_audio
    )


def _ambiences(film: Film) -> list[Ambience]:
    return [
        Ambience(reading, float(slot.first / film.rate), float(slot.end / film.rate))
        for slot, reading in zip(film.slots, film.readings, strict=True)
    ]


def _in_order(film: Film, threads: int) -> Iterator[Pixels]:
    """Draw frames ahead of the encoder, a few per thread, and hand them over in order.

    A shot is built while the one before it is drawn, and let go when its last frame is.
    """
    waiting: deque[Future[Pixels]] = deque()
    building: dict[int, Future[ShotPicture]] = {}
    following = 0
    pool = ThreadPoolExecutor(threads, thread_name_prefix="animatic")
    try:
        for _ in range(film.job.frame_count):
            while following < film.job.frame_count and len(waiting) < threads * FRAMES_AHEAD_PER_THREAD:
                seen = film.shots_at(following)
                for number in range(seen[0], min(seen[-1] + 2, len(film.slots))):
                    if number not in building:
                        building[number] = pool.submit(film.build, number)
                for number in [number for number in building if number < seen[0]]:
                    del building[number]
                shots = {number: building[number].result() for number in seen}
                waiting.append(pool.submit(film.planes, following, shots))
                following += 1
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _stop_if(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise RenderCancelled("The render was cancelled.")


@contextmanager
def _hidden_until_whole(output: Path) -> Generator[Path]:
    part = output.with_name(output.name + ".part")
    try:
        yield part
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
