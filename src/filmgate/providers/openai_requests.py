"""What is sent to `/v1/videos`, in each dialect.

The catalogue has already fitted the request to the model, so whatever is set is something that the model takes. It goes
where the dialect has a place for it, and else beside the others under Filmgate's own name: a strict server then refuses
it in words, at no cost, and nothing is dropped in silence. Images are the exception: a clip without the frame that was
asked for is paid all the same, so what has no place is refused here.

Sources: the OpenAPI description of the removed API (2026-08-21); vLLM-Omni docs/serving/videos_api.md; SGLang
multimodal_gen; new-api relay and dto; LiteLLM proxy/video_endpoints (all 2026).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from filmgate.core.errors import UpstreamRefused
from filmgate.core.request import VideoRequest
from filmgate.net.upstream import FilePart
from filmgate.providers.images import SentImage, SentImages
from filmgate.providers.openai_dialects import TITLES, Dialect
from filmgate.providers.outgoing import given

_DEFAULT_FPS = 24  # of vLLM-Omni and SGLang, where a request names none
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class CreateCall:
    """The body of one POST /videos: `json_body`, or the parts of a multipart form."""

    json_body: dict[str, Any] | None = None
    parts: tuple[FilePart, ...] = ()


def create_call(dialect: Dialect, request: VideoRequest, images: SentImages, client_ref: str) -> CreateCall:
    """Raises UpstreamRefused for images that the dialect has no place for; nothing has been sent."""
    if dialect is Dialect.FILMGATE:
        return CreateCall(_filmgate_body(request, images, client_ref))
    _refuse_what_has_no_place(dialect, images)
    image = images.first_frame
    match dialect:
        case Dialect.VLLM_OMNI:
            return _form(_vllm_omni_fields(request), image)
        case Dialect.SGLANG:
            fields = _sglang_fields(request)
            # Builds of 2025 refuse a form without an image, and JSON names images by path or link only.
            return _form(fields, image) if image else CreateCall(fields)
        # A channel of new-api that leads to OpenAI passes on what it gets: only the original's own fields.
        case Dialect.NEW_API if not request.upstream_model.startswith("sora"):
            return CreateCall(_new_api_body(request, image))
        case Dialect.LITELLM if image is None:
            own = _features(request) | request.provider_options
            extra = {"extra_body": own} if own else {}
            return CreateCall(_plain_fields(request) | request.extra | extra)
        case _:
            return _form(_plain_fields(request) | _features(request) | _options(request), image)


def _refuse_what_has_no_place(dialect: Dialect, images: SentImages) -> None:
    for what, asked in (("a last frame", images.last_frame), ("reference images", images.references)):
        if asked:
            raise UpstreamRefused(f"{TITLES[dialect]} takes one image, as the first frame; it has no place for {what}")


# ── the fields of each dialect ──────────────────────────────────────────────────────────────────────────────────────


def _plain_fields(request: VideoRequest) -> dict[str, Any]:
    """`seconds` is text in the original, and both of its SDKs send it so."""
    fields = {
        "model": request.upstream_model,
        "prompt": request.prompt,
        "seconds": f"{request.duration_seconds:g}",
        "size": size_text(request),
    }
    return given(fields)


def _vllm_omni_fields(request: VideoRequest) -> dict[str, Any]:
    sound = {"generate_sound": True} if request.generate_audio else {}
    return _plain_fields(request) | _length(request) | _features(request) | sound | _options(request)


def _sglang_fields(request: VideoRequest) -> dict[str, Any]:
    """Always one output: its own `n` is left alone. `seconds` is a number here."""
    fields = _plain_fields(request) | {"seconds": whole_seconds(request)} | _length(request) | _features(request)
    return given(fields) | _options(request)


def _length(request: VideoRequest) -> dict[str, Any]:
    """These two count whole seconds, or frames."""
    if whole_seconds(request) is not None:
        return {}
    fps = request.fps or _DEFAULT_FPS
    return {"seconds": None, "num_frames": max(1, round(request.duration_seconds * fps)), "fps": fps}


def _new_api_body(request: VideoRequest, image: SentImage | None) -> dict[str, Any]:
    """`metadata` is laid over the vendor's own request, in which only the names that this vendor knows count.

    Some channels read `seconds`, others `duration`; some `image`, others `images`.
    """
    metadata = _features(request) | {
        "aspect_ratio": request.aspect_ratio,
        "resolution": request.resolution,
        "generate_audio": request.generate_audio,
    }
    body = _plain_fields(request) | {
        "duration": whole_seconds(request),
        "image": image.link_or_data_uri if image else None,
        "images": [image.link_or_data_uri] if image else None,
        "metadata": given(metadata) | request.provider_options or None,
    }
    return given(body) | request.extra


def _filmgate_body(request: VideoRequest, images: SentImages, client_ref: str) -> dict[str, Any]:
    """Our own API. The conforming is done here, once, and `user` is how a lost video is found again."""
    named = {"resolution": request.resolution, "aspect_ratio": request.aspect_ratio}
    body: dict[str, Any] = {
        "model": request.upstream_model,
        "prompt": request.prompt,
        "duration": whole_seconds(request) or request.duration_seconds,
        # A model with named sizes is asked by name: there the clip may follow the image instead.
        **(named if request.resolution else {"width": request.width_px, "height": request.height_px}),
        "generate_audio": request.generate_audio,
        "image": images.first_frame.link_or_data_uri if images.first_frame else None,
        "last_frame": images.last_frame.link_or_data_uri if images.last_frame else None,
        "reference_images": [image.link_or_data_uri for image in images.references] or None,
        "provider_options": request.provider_options or None,
        "on_mismatch": "reject",
        "conform": "native",
        "user": client_ref,
    }
    return given(body | _features(request)) | request.extra


def _features(request: VideoRequest) -> dict[str, Any]:
    """What only some models take, under the names that most servers use, and Filmgate too."""
    names = ("fps", "seed", "negative_prompt", "style", "quality_level", "camera")
    return given({name: getattr(request, name) for name in names})


def _options(request: VideoRequest) -> dict[str, Any]:
    return request.extra | request.provider_options


def size_text(request: VideoRequest) -> str | None:
    if request.width_px is None or request.height_px is None:
        return None
    return f"{request.width_px}x{request.height_px}"


def whole_seconds(request: VideoRequest) -> int | None:
    """None where the clip has a part of a second."""
    return int(request.duration_seconds) if float(request.duration_seconds).is_integer() else None


# ── forms ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _form(fields: Mapping[str, Any], image: SentImage | None) -> CreateCall:
    """Multipart also where no file is in it: every server that knows the original's SDKs has to read that."""
    return CreateCall(parts=tuple(_parts(fields, image)))


def _parts(fields: Mapping[str, Any], image: SentImage | None) -> Iterator[FilePart]:
    for name, value in given(fields).items():
        yield name, (None, _form_text(value).encode(), None)
    if image:
        file_name = f"input_reference.{_EXTENSIONS.get(image.media_type, 'png')}"
        yield "input_reference", (file_name, image.content, image.media_type)


def _form_text(value: Any) -> str:
    """Objects as JSON text, as vLLM-Omni wants its `lora` and `extra_params`."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
