"""`animatic-1`, rendered on this machine; also the renderer of every rehearsal (calls with a test key)."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from filmgate.animatic.job import RenderJob
from filmgate.core.clock import Clock
from filmgate.core.errors import Charged, ErrorClass, InvalidRequest, UpstreamRefused
from filmgate.core.provider import Failed, Pending, ProviderTask, Succeeded
from filmgate.core.request import InputImage, VideoRequest
from filmgate.providers.render_pool import RenderPool

DEFAULT_SHORT_SIDE_PX = 720
DEFAULT_FPS = 24
MOST_PX = 4096
LEAST_PX = 64


class AnimaticProvider:
    """A local engine behind the same contract as any upstream. Free, so that a lost render is simply drawn again."""

    def __init__(
        self, pool: RenderPool, work_dir: Path, copy_input: Callable[[str, Path], Awaitable[None]], clock: Clock
    ) -> None:
        self._pool = pool
        self._work_dir = work_dir
        self._copy_input = copy_input
        self._clock = clock

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        """Queue the render. `request.rehearse` may ask for a wait before it, or for a failure in its place.

        Raises UpstreamRefused for a size, rate or duration that cannot be drawn.
        """
        rehearse = request.rehearse
        ready_at = self._clock.now() + rehearse.wait_seconds
        if rehearse.fail is not None:
            return ProviderTask(client_ref, {"fail": rehearse.fail, "ready_at": ready_at})
        folder = self._work_dir / client_ref
        folder.mkdir(parents=True, exist_ok=True)
        first = await self._local_copy(request.images.first_frame or _first(request.images.references), folder)
        last = await self._local_copy(request.images.last_frame, folder)
        try:
            job = render_job(request, client_ref, folder / "rendered.mp4", first, last)
        except InvalidRequest as error:
            raise UpstreamRefused(error.message, upstream_code=error.code) from error
        self._pool.start(client_ref, job.to_json(), sleep=self._clock.sleep, delay_seconds=rehearse.wait_seconds)
        return ProviderTask(client_ref, {"path": job.output_path, "ready_at": ready_at})

    async def poll(self, task: ProviderTask) -> Pending | Succeeded | Failed:
        """Frames drawn so far. A render that this process does not know is lost, which costs nothing."""
        if fail := task.data.get("fail"):
            return self._play_failure(fail, task.data["ready_at"])
        render = self._pool.find(task.id)
        if render is None:
            message = "The process that rendered this clip ended; it is drawn again"
            return Failed("provider_failed", message, charged=Charged.NO, lost=True)
        if render.error is not None:
            code, message = render.error
            error_class = ErrorClass.CALLER if code == "invalid_input" else ErrorClass.TRANSIENT
            retryable = error_class is ErrorClass.TRANSIENT
            return Failed(code, message, error_class, retryable=retryable, charged=Charged.NO)
        if render.finished:
            return Succeeded(path=task.data["path"], understood=render.understood or None)
        return Pending(render.progress_percent)

    async def cancel(self, task: ProviderTask) -> bool:
        await self._pool.cancel(task.id)
        return True

    def _play_failure(self, code: str, ready_at: float) -> Pending | Failed:
        if self._clock.now() < ready_at:
            return Pending(0)
        return Failed(code, f"Rehearsed failure {code}, as asked by metadata.rehearse.fail", charged=Charged.NO)

    async def _local_copy(self, image: InputImage | None, folder: Path) -> str | None:
        if image is None:
            return None
        path = folder / Path(image.key).name
        await self._copy_input(image.key, path)
        return str(path)


def render_job(
    request: VideoRequest, client_ref: str, output_path: Path, image_path: str | None, last_image_path: str | None
) -> RenderJob:
    width_px, height_px = _size(request)
    return RenderJob(
        prompt=request.prompt,
        width_px=width_px,
        height_px=height_px,
        fps=request.fps or DEFAULT_FPS,
        duration_seconds=request.duration_seconds,
        seed=request.seed if request.seed is not None else _seed_from(client_ref),
        output_path=str(output_path),
        image_path=image_path,
        last_image_path=last_image_path,
        negative_prompt=request.negative_prompt,
        style=request.style,
        camera=request.camera,
        quality_level=request.quality_level,
        generate_audio=bool(request.generate_audio),
        caption=request.caption,
    )


def _size(request: VideoRequest) -> tuple[int, int]:
    """The size asked for; else that of the given image at 720 lines, as hosted models do; else 1280x720."""
    if request.width_px and request.height_px:
        return request.width_px, request.height_px
    image = request.images.first_frame
    if image is None:
        return 1280, 720
    scale = DEFAULT_SHORT_SIDE_PX / min(image.width_px, image.height_px)
    return _even(image.width_px * scale), _even(image.height_px * scale)


def _even(value: float) -> int:
    return max(LEAST_PX, min(MOST_PX, round(value / 2) * 2))


def _seed_from(client_ref: str) -> int:
    """Hosted models that take no seed draw a new one each time; a rehearsal does the same."""
    return int.from_bytes(hashlib.sha256(client_ref.encode()).digest()[:4], "big")


def _first(images: tuple[InputImage, ...]) -> InputImage | None:
    return images[0] if images else None
