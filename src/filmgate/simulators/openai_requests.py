"""What the servers that speak OpenAI's `/videos` take, and what they make of a request.

Each `read_…` returns what the task notes: model, prompt, `seconds` and `size` as the Video shows them, and the clip's
real size and length. All raise Refusal with a `Trouble`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, cast

from filmgate.core.lenient import at
from filmgate.simulators.forms import Sent, Upload
from filmgate.simulators.kit import Refusal
from filmgate.simulators.pictures import BadPicture, PictureRules, Size, look_at

_FORMATS = frozenset({"JPEG", "PNG", "WEBP"})
_UPLOADED = PictureRules(_FORMATS, 20 * 1024 * 1024, data_uri=False, schemes=())
_LINKED = PictureRules(_FORMATS, 20 * 1024 * 1024)
_SORA = ("sora-2", "sora-2-2025-10-06", "sora-2-2025-12-08")
_SORA_PRO = ("sora-2-pro", "sora-2-pro-2025-10-06")
_SORA_SECONDS = ("4", "8", "12", "16", "20")
_SMALL_SIZES = ("720x1280", "1280x720")
_SORA_SIZES = (*_SMALL_SIZES, "1024x1792", "1792x1024")
_PRO_SIZES = (*_SORA_SIZES, "1920x1080", "1080x1920")
_FILMGATE_ALIASES = {"seconds": "duration", "input_reference": "image", "image_url": "image", "images": "image"}
_FILMGATE_METADATA = frozenset({
    "negative_prompt", "style", "quality_level", "aspect_ratio", "resolution", "generate_audio", "camera",
    "last_frame", "reference_images", "callback_url", "on_mismatch", "conform", "provider_options", "rehearse",
})  # fmt: skip
_FILMGATE_FIELDS = _FILMGATE_METADATA | {
    "model", "prompt", "image", "duration", "width", "height", "size", "fps", "seed", "n", "response_format", "user",
    "metadata",
}  # fmt: skip


class Trouble(StrEnum):
    """Why a call is refused; each server says it in its own words."""

    NO_KEY = "no_key"
    NO_ROUTE = "no_route"
    NOT_FOUND = "not_found"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"  # a content type
    MISSING = "missing"
    INVALID = "invalid"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_MODEL = "unknown_model"
    MODERATED = "moderated"
    REPEATED = "repeated"  # an idempotency key with another body
    TOO_FAST = "too_fast"
    TOO_MANY = "too_many"
    NO_BALANCE = "no_balance"
    NOT_READY = "not_ready"
    FAILED = "failed"
    NO_FILE = "no_file"
    UNFINISHED = "unfinished"
    FINISHED = "finished"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    TIMED_OUT = "timed_out"


def read_openai(sent: Sent, _keys: Mapping[str, str]) -> dict[str, Any]:
    """Strict: `seconds` is a text of an enumeration, and the image is as large as the video."""
    model = _choice(sent.fields, "model", None, "sora-2")
    if model not in (*_SORA, *_SORA_PRO):
        raise Refusal(Trouble.UNKNOWN_MODEL, f"The model `{model}` does not exist.", param="model")
    return _read_sora(sent, model, _PRO_SIZES if model in _SORA_PRO else _SORA_SIZES)


def read_azure(sent: Sent, _keys: Mapping[str, str]) -> dict[str, Any]:
    """OpenAI's, with a deployment of any name for a model, and 720p only."""
    return _read_sora(sent, _required(sent, "model"), _SMALL_SIZES)


def _read_sora(sent: Sent, model: str, sizes: Collection[str]) -> dict[str, Any]:
    fields = sent.fields
    unknown = set(fields) - {"prompt", "model", "seconds", "size", "input_reference"}
    if unknown:
        raise Refusal(Trouble.UNKNOWN_FIELD, f"Unknown parameter: '{min(unknown)}'.", param=min(unknown))
    prompt = _required(sent, "prompt")
    if len(prompt) > 32_000:
        raise Refusal(Trouble.INVALID, "Invalid 'prompt': string too long.", param="prompt")
    seconds = _choice(fields, "seconds", _SORA_SECONDS, "4")
    size = _choice(fields, "size", sizes, "720x1280")
    data = _noted(model, prompt, seconds, size, _size_of(size), float(seconds))
    image_size = _reference_size(fields.get("input_reference"))
    if image_size not in (None, (data["width_px"], data["height_px"])):
        message = "Inpaint image must match the requested width and height"
        raise Refusal(Trouble.INVALID, message, param="input_reference")
    return data | {"audio": True}


def _reference_size(reference: Any) -> Size | None:
    """The size of a file, or of a data URL; None where there is no image, or it cannot be seen from here."""
    try:
        match reference:
            case None:
                return None
            case Upload():
                return look_at(base64.b64encode(reference.content).decode(), _UPLOADED)
            case {"image_url": str(url)} if len(reference) == 1:
                return look_at(url, _LINKED)
            case {"file_id": str()} if len(reference) == 1:
                return None
            case _:
                message = "Invalid 'input_reference': expected a file, or exactly one of 'image_url' and 'file_id'."
                raise Refusal(Trouble.INVALID, message, param="input_reference")
    except BadPicture as error:
        raise Refusal(Trouble.INVALID, error.message, param="input_reference") from None


def read_vllm(sent: Sent, keys: Mapping[str, str]) -> dict[str, Any]:
    """Forms only; what it does not know it passes over. `keys["model"]` is the one model that is served."""
    if not sent.is_form:
        raise Refusal(Trouble.MISSING, "Field required", param="prompt")
    fields = sent.fields
    prompt = _required(sent, "prompt")
    served = keys.get("model") or fields.get("model") or "served-model"
    if fields.get("model", served) != served:
        message = f"Model mismatch: the server serves {served}, got {fields['model']}"
        raise Refusal(Trouble.UNKNOWN_MODEL, message, param="model")
    _check_vllm_references(fields)
    for name, lowest, highest in (("num_inference_steps", 1, 200), ("seed", 0, 2**63 - 1)):
        _whole(fields, name, lowest, highest)
    for name, highest in (("guidance_scale", 20.0), ("guidance_scale_2", 20.0), ("boundary_ratio", 1.0)):
        _number(fields, name, 0.0, highest)
    return _read_open_model(sent, served, prompt) | {"audio": str(fields.get("generate_sound")).lower() == "true"}


def _check_vllm_references(fields: Mapping[str, Any]) -> None:
    given = [name for name in ("image_reference", "video_reference", "audio_reference") if name in fields]
    if given and "input_reference" in fields:
        raise Refusal(Trouble.INVALID, f"input_reference and {given[0]} exclude each other", param=given[0])
    for name in given:
        reference = _json_object(fields[name], name)
        if "file_id" in reference:
            raise Refusal(Trouble.INVALID, "file_id is not implemented", param=name)
        if not isinstance(reference.get(name.replace("reference", "url")), str):
            raise Refusal(Trouble.INVALID, f"{name} must have {name.replace('reference', 'url')}", param=name)
    if not isinstance(fields.get("input_reference", Upload("", b"")), Upload):
        raise Refusal(Trouble.INVALID, "input_reference must be a file", param="input_reference")


def read_sglang(sent: Sent, _keys: Mapping[str, str]) -> dict[str, Any]:
    """Both kinds of bodies; `input_reference` is a file in a form, and a text (path or URL) in JSON."""
    fields = sent.fields
    prompt = _required(sent, "prompt")
    reference = fields.get("input_reference")
    if reference is not None and not isinstance(reference, Upload if sent.is_form else str):
        raise Refusal(Trouble.INVALID, "Input should be a valid string", param="input_reference")
    count = _whole(fields, "n", 1, 10) or _whole(fields, "num_outputs_per_prompt", 1, 10) or 1
    return _read_open_model(sent, str(fields.get("model") or "served-model"), prompt) | {"n": count}


def _read_open_model(sent: Sent, model: str, prompt: str) -> dict[str, Any]:
    """Size and length as both servers of open models count them."""
    fields = sent.fields
    seconds = _whole(fields, "seconds", 1, 3600) or 4
    fps = _whole(fields, "fps", 1, 240) or 24
    frames = _whole(fields, "num_frames", 1, 100_000) or seconds * fps
    size = fields.get("size")
    shape = _size_of(size) if size is not None else (
        _whole(fields, "width", 16, 8192) or 832, _whole(fields, "height", 16, 8192) or 480,
    )  # fmt: skip
    return _noted(model, prompt, str(seconds), size, shape, frames / fps)


def read_new_api(sent: Sent, _keys: Mapping[str, str]) -> dict[str, Any]:
    """Lenient: sizes in any vendor's spelling, and whatever it does not know is passed over."""
    model, prompt = _required(sent, "model"), _required(sent, "prompt")
    fields = sent.fields
    if fields.get("metadata") is not None:
        _json_object(fields["metadata"], "metadata")
    seconds = _whole(fields, "seconds", 1, 3600) or _whole(fields, "duration", 1, 3600) or 4
    size = str(fields.get("size") or "1280x720")
    matched = re.fullmatch(r"(\d+)[x*](\d+)", size)
    return _noted(
        model,
        prompt,
        str(seconds),
        size,
        (int(matched[1]), int(matched[2])) if matched else (1280, 720),
        float(seconds),
    )


def read_litellm(sent: Sent, _keys: Mapping[str, str]) -> dict[str, Any]:
    """Passes on whatever it is given; the upstream behind it is taken to be easy-going."""
    model, prompt = _required(sent, "model"), _required(sent, "prompt")
    seconds = _whole(sent.fields, "seconds", 1, 3600) or 4
    size = str(sent.fields.get("size") or "720x1280")
    return _noted(model, prompt, str(seconds), size, _size_of(size), float(seconds))


def read_filmgate(sent: Sent, _keys: Mapping[str, str]) -> dict[str, Any]:
    """Any model, which takes any size and any length; every field is known or refused."""
    fields: dict[str, Any] = {}
    for name, value in sent.fields.items():
        known = _FILMGATE_ALIASES.get(name, name)
        if known not in _FILMGATE_FIELDS:
            raise Refusal(Trouble.UNKNOWN_FIELD, f"{name}: is not a field of this call", param=name)
        if fields.setdefault(known, value) != value:
            raise Refusal("conflicting_parameters", f"{name}: says something else than {known}", param=name)
    prompt = _required(Sent(sent.is_form, fields), "prompt")
    _check_images(fields.get("image"))
    metadata = _json_object(fields.get("metadata") or {}, "metadata")
    seconds = _number(fields, "duration", 0.04, 3600.0) or 5.0
    shape = (_whole(fields, "width", 16, 8192), _whole(fields, "height", 16, 8192))
    if (shape[0] is None) != (shape[1] is None):
        raise Refusal("missing_parameter", "width and height come together or not at all", param="width")
    size = fields.get("size") or (f"{shape[0]}x{shape[1]}" if shape[0] else "1280x720")
    _choice(fields, "response_format", ("url", "b64_json"), "url")
    seed = _whole(fields, "seed", -1, 2**32 - 1)
    noted = _noted(str(fields.get("model") or "animatic-1"), prompt, f"{seconds:g}", size, _size_of(size), seconds)
    return noted | {
        "audio": str(fields.get("generate_audio", metadata.get("generate_audio"))).lower() == "true",
        "n": _whole(fields, "n", 1, 4) or 1,
        "fps": _whole(fields, "fps", 1, 120) or 24,
        "seed": 7 if seed in (None, -1) else seed,
        "user": fields.get("user"),
        "metadata": metadata,
    }


def _check_images(given: Any) -> None:
    """An uploaded file, a URL, a data URI, bare base64, or several of them."""
    for image in cast("list[Any]", given) if isinstance(given, list) else [] if given is None else [given]:
        link = at(image, "image_url") or image
        try:
            if isinstance(link, Upload):
                look_at(base64.b64encode(link.content).decode(), _UPLOADED)
            elif isinstance(link, str):
                look_at(link, _LINKED if link.startswith(("data:", *_LINKED.schemes)) else _UPLOADED)
            else:
                raise Refusal(Trouble.INVALID, "image: must be a file, a URL, a data URI or base64", param="image")
        except BadPicture as error:
            raise Refusal("invalid_image", f"image: {error.message}", param="image") from None


def _noted(
    model: str, prompt: str, seconds: str, size: str | None, shape: Size, duration_seconds: float
) -> dict[str, Any]:
    return {
        "model": model,
        "prompt": prompt,
        "seconds": seconds,
        "size": size,
        "width_px": shape[0],
        "height_px": shape[1],
        "duration_seconds": duration_seconds,
        "audio": False,
        "n": 1,
    }


def _required(sent: Sent, name: str) -> str:
    value = sent.fields.get(name)
    if value is None or value == "":
        raise Refusal(Trouble.MISSING, f"Missing required parameter: '{name}'.", param=name)
    if not isinstance(value, str):
        raise Refusal(Trouble.INVALID, f"Invalid type for '{name}': expected a string.", param=name)
    return value


def _choice(fields: Mapping[str, Any], name: str, allowed: Collection[str] | None, default: str) -> str:
    """A text; one of `allowed`, if any are named."""
    value = fields.get(name, default)
    if not isinstance(value, str) or (allowed is not None and value not in allowed):
        supported = f" Supported values are: {', '.join(allowed)}." if allowed is not None else ""
        raise Refusal(Trouble.INVALID, f"Invalid value for '{name}': {value!r}.{supported}", param=name)
    return value


def _whole(fields: Mapping[str, Any], name: str, lowest: int, highest: int) -> int | None:
    number = _number(fields, name, lowest, highest)
    if number is not None and number != int(number):
        raise Refusal(Trouble.INVALID, f"Invalid value for '{name}': {number} is not a whole number.", param=name)
    return None if number is None else int(number)


def _number(fields: Mapping[str, Any], name: str, lowest: float, highest: float) -> float | None:
    """A number, also written as text."""
    value = fields.get(name)
    if value is None:
        return None
    try:
        number = None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = None
    if number is None or not lowest <= number <= highest:
        message = f"Invalid value for '{name}': {value!r} is not a number from {lowest:g} to {highest:g}."
        raise Refusal(Trouble.INVALID, message, param=name)
    return number


def _size_of(text: Any) -> Size:
    matched = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text) if isinstance(text, str) else None
    if matched is None:
        message = f"Invalid value for 'size': {text!r} is not of the form 1280x720."
        raise Refusal(Trouble.INVALID, message, param="size")
    return int(matched[1]), int(matched[2])


def _json_object(value: Any, name: str) -> dict[str, Any]:
    """An object, also as JSON text."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refusal(Trouble.INVALID, f"Invalid value for '{name}': expected a JSON object.", param=name)
    return cast("dict[str, Any]", found)
