"""Fitting a request to a model: what the client asked becomes what the model is asked, or a 400 that says why not.

Decided in the order mode, sound, size, duration, the rest: the same order in which a rule may narrow what comes later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from filmgate.catalogue.features import fit_negative_prompt, fit_seed, fit_wording
from filmgate.catalogue.free_sizing import fit_free_size
from filmgate.catalogue.intake import check_declared, check_images, choose_mode, fit_prompt
from filmgate.catalogue.limits import Limits, limits_in
from filmgate.catalogue.mismatch import Mismatches
from filmgate.catalogue.model import Case, ModelEntry
from filmgate.catalogue.numbers import plain
from filmgate.catalogue.pricing import Quote, quote
from filmgate.catalogue.sizing import Sizing, read_asked_size
from filmgate.catalogue.tiered_sizing import TieredSizes
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Adjustment, Images, InputImage, VideoParams, VideoRequest


@dataclass(frozen=True, slots=True)
class ConformTarget:
    """What the delivered file has to be, where the model may make something else. None: as the model makes it."""

    width_px: int | None = None
    height_px: int | None = None
    fps: float | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """`request` holds only values that the model can do; `outputs` of them are made, `price` is for one of them."""

    request: VideoRequest
    outputs: int
    adjustments: tuple[Adjustment, ...]
    warnings: tuple[str, ...]
    conform: ConformTarget | None
    price: Quote


def fit(
    params: VideoParams,
    images: Images,
    entry: ModelEntry,
    *,
    draw_seed: Callable[[], int],
    n_cap: int | None = None,
) -> Fitted:
    """Fit `params` and `images` to `entry`; `n_cap` is the server's own bound on n, beside the model's.

    A retired or unpriced model is fitted like any other, since rehearsals use it: see `live_only`.
    Raises InvalidRequest naming the field, the value and what is allowed. Pure but for `draw_seed`, which is called
    once where the model takes a seed and none was asked.
    """
    mismatches = Mismatches(params.on_mismatch)
    check_declared(params, entry)
    mode, images = choose_mode(images, entry, mismatches)
    check_images(images, entry)
    prompt = fit_prompt(params.prompt, mode, limits_in(entry, Case(mode)), entry, mismatches)
    outputs = _fit_n(params.n, entry, n_cap, mismatches)

    audio = _fit_audio(params.generate_audio, limits_in(entry, Case(mode)), entry, mismatches)
    sizing = _fit_size(params, images.first_frame, entry, Case(mode, audio), mismatches)
    case = Case(mode, audio, sizing.resolution)
    limits = limits_in(entry, case)
    if limits.refused is not None:
        raise InvalidRequest(f"model: {limits.refused}", code="unsupported_parameter", param="model")
    duration_seconds = _fit_duration(params.duration_seconds, limits, entry, mismatches)
    fps, conform_to_fps = _fit_fps(params, limits, entry, mismatches)

    request = VideoRequest(
        model=entry.id,
        upstream_model=entry.upstream_model,
        mode=mode,
        prompt=prompt,
        duration_seconds=duration_seconds,
        width_px=sizing.size.width_px if sizing.size else None,
        height_px=sizing.size.height_px if sizing.size else None,
        aspect_ratio=sizing.aspect_ratio,
        resolution=sizing.resolution,
        fps=fps,
        seed=fit_seed(params.seed, limits, entry, draw_seed, mismatches),
        negative_prompt=fit_negative_prompt(params.negative_prompt, limits, entry, mismatches),
        style=fit_wording("style", params.style, limits, entry, mismatches),
        quality_level=fit_wording("quality_level", params.quality_level, limits, entry, mismatches),
        generate_audio=audio,
        camera=fit_wording("camera", params.camera, limits, entry, mismatches),
        caption=_fit_caption(params, entry, mismatches),
        images=images,
        provider_options=dict(params.provider_options),
        wire=dict(entry.wire),
        extra=dict(params.extra),
        rehearse=params.rehearse,
    )
    return Fitted(
        request=request,
        outputs=outputs,
        adjustments=tuple(mismatches.adjustments),
        warnings=tuple(mismatches.warnings),
        conform=_conform_target(sizing, conform_to_fps),
        price=quote(entry, case, duration_seconds, sizing.size),
    )


def _fit_n(asked: int, entry: ModelEntry, n_cap: int | None, mismatches: Mismatches) -> int:
    most = entry.n_max if n_cap is None else min(entry.n_max, n_cap)
    if 1 <= asked <= most:
        return asked
    reason = f"{entry.id} makes 1 to {most} outputs per video here"
    return mismatches.settle("n", asked=asked, used=min(max(asked, 1), most), reason=reason)


def _fit_audio(asked: bool | None, limits: Limits, entry: ModelEntry, mismatches: Mismatches) -> bool:
    if limits.audio == "optional":
        return entry.default_audio if asked is None else asked
    always = limits.audio == "always"
    if asked is not None and asked is not always:
        what = "always makes sound" if always else "makes no sound"
        reason, code = f"{limits.who('audio')} {what}", "unsupported_parameter"
        mismatches.settle("generate_audio", asked=asked, used=True if always else None, reason=reason, code=code)
    return always


def _fit_caption(params: VideoParams, entry: ModelEntry, mismatches: Mismatches) -> bool:
    if params.caption and not entry.caption:
        mismatches.warn(f"caption: {entry.id} sets no captions; metadata.caption has no effect")
    return params.caption and entry.caption


def _fit_size(
    params: VideoParams, first_frame: InputImage | None, entry: ModelEntry, case: Case, mismatches: Mismatches
) -> Sizing:
    asked = read_asked_size(params)
    if entry.free_size is not None:
        return fit_free_size(asked, entry.free_size, first_frame, entry.id, mismatches)
    return TieredSizes(entry, limits_in(entry, case), case.mode, first_frame, mismatches).fit(asked)


def _fit_duration(asked: float | None, limits: Limits, entry: ModelEntry, mismatches: Mismatches) -> float:
    allowed = limits.durations_seconds
    if asked is None:
        return allowed.at_most(entry.default_duration_seconds)
    if allowed.allows(asked):
        return allowed.at_most(asked)  # 4.9999999 of someone's arithmetic is the 5 on the list
    reason = f"{limits.who('durations_seconds')} makes clips of {allowed} seconds"
    return mismatches.settle("duration", asked=asked, used=allowed.at_most(asked), reason=reason)


def _fit_fps(
    params: VideoParams, limits: Limits, entry: ModelEntry, mismatches: Mismatches
) -> tuple[float | None, float | None]:
    """The frame rate that the model makes (None: unknown), and the one that the file has to have in the end."""
    asked, conform = params.fps, params.conform == "auto"
    if entry.fps is None:
        made = limits.native_fps
    elif asked is None:
        return entry.default_fps, None
    elif entry.fps.allows(asked):
        return asked, None
    else:
        made = plain(entry.fps.closest(asked))
    if asked is None or asked == made:
        return made, asked if conform else None
    if conform:
        if made is not None:
            mismatches.warn(f"fps: {entry.id} makes {made} frames per second; the clip is re-timed to {asked}")
        return made, asked
    if entry.fps is None:
        makes = f"; it makes {made}" if made else ""
        reason = f"{entry.id} takes no frame rate{makes}; conform auto re-times the clip"
        mismatches.settle("fps", asked=asked, used=made, reason=reason, code="unsupported_parameter")
    else:
        mismatches.settle("fps", asked=asked, used=made, reason=f"{entry.id} makes {entry.fps} frames per second")
    return made, None


def _conform_target(sizing: Sizing, fps: float | None) -> ConformTarget | None:
    size = sizing.conform_to
    if size is None and fps is None:
        return None
    return ConformTarget(size.width_px if size else None, size.height_px if size else None, fps)
