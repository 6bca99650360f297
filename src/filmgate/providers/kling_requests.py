"""A request in the words of Kling's two designs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from filmgate.core.errors import ErrorClass, UpstreamRefused
from filmgate.core.request import Mode, VideoRequest
from filmgate.providers.images import SentImages
from filmgate.providers.outgoing import given

PATH, MODEL_NAME = "path", "model_name"
# Of the older design. The catalogue has those of the newer one, which are wider.
_OLDER_PROMPT_CHARACTERS = 2500
_OLDER_IMAGE_BYTES = 10 * 1024 * 1024


def path_design_body(request: VideoRequest, images: SentImages) -> dict[str, Any]:
    """`prompt` on text-to-video, typed `contents` everywhere else."""
    settings: dict[str, Any] = {
        "resolution": request.resolution,
        "aspect_ratio": _aspect_ratio(request),
        "duration": int(request.duration_seconds),
        "audio": _audio(request, "native", "off"),
        "multi_shot": False,  # the vendor's default is true, which cuts a prompt into several shots
    }
    known = request.wire[PATH]["settings"]
    settings = {name: value for name, value in given(settings).items() if name in known}
    body: dict[str, Any] = {"settings": settings | _further_options(request)}
    if kind_of(request, PATH) == "text-to-video":
        return body | {"prompt": request.prompt}
    contents: list[dict[str, Any]] = [{"type": "prompt", "text": request.prompt}] if request.prompt else []
    contents += [{"type": role, "url": image.link_or_base64} for role, image in images.frames()]
    for number, image in enumerate(images.references, start=1):
        contents.append({"type": "refer_image", "id": f"image_{number}", "url": image.link_or_base64})
    return body | {"contents": contents}


def model_name_design_body(request: VideoRequest, images: SentImages) -> dict[str, Any]:
    """Flat; `duration` is text, and base64 has no prefix. `model_name` and `mode` are sent always: the default of the
    one is a dead model, that of the other differs from path to path.
    """
    facts = request.wire[MODEL_NAME]
    quality: Mapping[str, str] = facts.get("quality", {})  # by resolution; on the first model by quality level
    body: dict[str, Any] = {
        # The catalogue's older name, unless the owner of the account has one of their own for the model.
        "model_name": facts.get("model", request.model)
        if request.upstream_model == request.model
        else request.upstream_model,
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "duration": f"{request.duration_seconds:g}",
        "mode": quality.get(request.quality_level or "") or quality.get(request.resolution or ""),
        "aspect_ratio": _aspect_ratio(request),
        "sound": _audio(request, "on", "off") if facts.get("sound") else None,
        "camera_control": {"type": request.camera} if request.camera else None,
    }
    if kind_of(request, MODEL_NAME) == "omni-video":
        body |= {"prompt": _cited(request.prompt), "image_list": _image_list(images) or None}
    else:
        body["image"] = images.first_frame.link_or_base64 if images.first_frame else None
        body["image_tail"] = images.last_frame.link_or_base64 if images.last_frame else None
    options = _further_options(request)
    if options.get("multi_shot") is True:
        options.setdefault("shot_type", "intelligence")  # needed here; the newer design takes a plain prompt so
    return given(body) | options


def kind_of(request: VideoRequest, design: str) -> str:
    return request.wire[design]["kinds"][request.mode]


def _aspect_ratio(request: VideoRequest) -> str | None:
    """None where the clip has the shape of its first frame."""
    return None if request.mode in (Mode.IMAGE_TO_VIDEO, Mode.FIRST_LAST_FRAME) else request.aspect_ratio


def _image_list(images: SentImages) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = []
    for role, image in (("first_frame", images.first_frame), ("end_frame", images.last_frame)):
        if image:
            listed.append({"image_url": image.link_or_base64, "type": role})
    return listed + [{"image_url": image.link_or_base64} for image in images.references]


def _cited(prompt: str | None) -> str | None:
    """A prompt says `@image_1` for the first reference image in the newer design, `<<<image_1>>>` in the older one."""
    return prompt and re.sub(r"@(image_\d+)", r"<<<\1>>>", prompt)


def refuse_beyond_older_limits(request: VideoRequest) -> None:
    """What the catalogue lets through, since the newer design takes it, and the older one does not."""
    largest_image_bytes = max((image.size_bytes for image in request.images.all()), default=0)
    for got, most, what in (
        (len(request.prompt or ""), _OLDER_PROMPT_CHARACTERS, "characters in a prompt"),
        (largest_image_bytes, _OLDER_IMAGE_BYTES, "bytes in an image"),
    ):
        if got > most:
            message = f"Kling takes at most {most} {what} from an account with an access key; got {got}"
            raise UpstreamRefused(message, error_class=ErrorClass.CALLER)


def _audio(request: VideoRequest, sound: str, silence: str) -> str | None:
    return None if request.generate_audio is None else sound if request.generate_audio else silence


def _further_options(request: VideoRequest) -> dict[str, Any]:
    return {name: value for name, value in request.provider_options.items() if name != "watermark_info"}


def task_options(request: VideoRequest, client_ref: str, callback_url: str | None) -> dict[str, Any]:
    watermark = request.provider_options.get("watermark_info", {"enabled": False})
    options: dict[str, Any] = {"external_task_id": client_ref, "watermark_info": watermark}
    return options | ({"callback_url": callback_url} if callback_url else {})
