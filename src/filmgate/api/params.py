"""From a body's values to `VideoParams`: aliases, types, ranges and contradictions. Knows no model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

from filmgate.api import values
from filmgate.api.body import Body, UploadedFile, check_text, parse_json
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Rehearse, VideoParams
from filmgate.engine.intake import AskedImages, ImageSource

MOST_METADATA_BYTES = 16 * 1024
# What Filmgate itself writes into an answer's metadata.
RESERVED_METADATA = ("filmgate", "url", "urls", "thumbnail_url", "b64_json")

# name: (its aliases, how a value is read). Every name may also stand inside `metadata`, where clients send it, too.
FIELDS: dict[str, tuple[tuple[str, ...], values.Convert]] = {
    "duration": (("seconds",), values.positive_number(3600)),
    "width": ((), values.integer(16, 8192)),
    "height": ((), values.integer(16, 8192)),
    "size": ((), values.size),
    "fps": ((), values.frame_rate(1, 120)),
    "seed": ((), values.integer(-1, 4294967295)),
    "n": ((), values.integer(1, 1000)),
    "response_format": ((), values.one_of("url", "b64_json")),
    "user": ((), values.text(256)),
    "negative_prompt": ((), values.text(5000)),
    "style": ((), values.text(200)),
    "quality_level": ((), values.text(64)),
    "aspect_ratio": ((), values.aspect_ratio),
    "resolution": ((), values.text(16)),
    "generate_audio": ((), values.boolean),
    "camera": ((), values.text(200)),
    "callback_url": ((), values.text(2048)),
    "on_mismatch": ((), values.one_of("reject", "nearest")),
    "conform": ((), values.one_of("auto", "native")),
    "provider_options": ((), values.json_object),
    "rehearse": ((), values.json_object),
}
# `metadata.model` or `metadata.prompt` are the client's own notes, not the model or the prompt.
TOP_LEVEL_ONLY: dict[str, values.Convert] = {
    "model": values.text(200),
    "prompt": values.text(10_000_000, least=0),
}
IMAGE_NAMES = ("image", "input_reference", "image_url", "images", "images[]", "input_reference[image_url]")
LAST_FRAME_NAMES = ("last_frame",)
REFERENCE_NAMES = ("reference_images", "reference_images[]")

_METADATA_KEY = re.compile(r"metadata\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class _Given:
    """One value and the name under which the client sent it."""

    name: str
    value: Any


def parse_params(body: Body, *, default_model: str) -> tuple[VideoParams, AskedImages]:
    """Raises InvalidRequest naming the client's own field: invalid_, unknown_ or conflicting_parameters."""
    top = {name: list(given) for name, given in body.values.items()}
    metadata = _metadata(top)
    given: dict[str, Any] = {}
    for name, convert in TOP_LEVEL_ONLY.items():
        given[name] = _agree(name, _collect(top, {}, (name,)), convert)
    for name, (aliases, convert) in FIELDS.items():
        found = _collect(top, metadata, (name, *aliases))
        given[name] = _agree(name, found, _read_text_as_json(name, convert, body)) if found else None
    images = _images(top, metadata)
    width_px, height_px = _size(given)
    seed = given["seed"]
    params = VideoParams(
        model=given["model"] or default_model,
        prompt=given["prompt"] or None,
        duration_seconds=given["duration"],
        width_px=width_px,
        height_px=height_px,
        aspect_ratio=given["aspect_ratio"],
        resolution=given["resolution"],
        fps=given["fps"],
        seed=None if seed in (None, -1) else seed,
        n=given["n"] or 1,
        response_format=given["response_format"] or "url",
        user=given["user"],
        negative_prompt=given["negative_prompt"],
        style=given["style"],
        quality_level=given["quality_level"],
        generate_audio=given["generate_audio"],
        camera=given["camera"],
        # Anything else under this name is the client's own note.
        caption=metadata.get("caption") in (True, "true"),
        on_mismatch=given["on_mismatch"] or "reject",
        conform=given["conform"] or "auto",
        callback_url=given["callback_url"],
        provider_options=given["provider_options"] or {},
        rehearse=_rehearse(given["rehearse"]),
        metadata=_without_inline_images(metadata),
        extra=_extra(top),
    )
    return params, images


def _metadata(top: dict[str, list[Any]]) -> dict[str, Any]:
    """The client's metadata object, taken out of `top`: an object, its JSON text, or `metadata[key]` fields."""
    merged: dict[str, Any] = {}
    for value in top.pop("metadata", []):
        if isinstance(value, str):
            value = cast("Any", parse_json(value, "metadata") if value.strip() else {})
        if not isinstance(value, dict):
            raise InvalidRequest(
                f"metadata: {values.show(value)} is no object; allowed is a JSON object such as "
                '{"style": "cinematic"}',
                param="metadata",
            )
        _merge(merged, cast("dict[str, Any]", value))
    for name in [name for name in top if _METADATA_KEY.fullmatch(name)]:
        match = _METADATA_KEY.fullmatch(name)
        for value in top.pop(name):
            _merge(merged, {match[1] if match else name: value})
    check_text(merged, "metadata")
    size_bytes = len(repr(merged).encode())
    if size_bytes > MOST_METADATA_BYTES and not _fits_without_images(merged):
        raise InvalidRequest(f"metadata: about {size_bytes} bytes; allowed are {MOST_METADATA_BYTES}", param="metadata")
    for name in RESERVED_METADATA:
        if name in merged:
            raise InvalidRequest(f"metadata.{name}: this name is written by Filmgate; use another", param="metadata")
    return merged


def _fits_without_images(metadata: dict[str, Any]) -> bool:
    """Images inside metadata (last_frame, reference_images) have their own limit."""
    rest = {name: value for name, value in metadata.items() if name not in (*LAST_FRAME_NAMES, *REFERENCE_NAMES)}
    return len(repr(rest).encode()) <= MOST_METADATA_BYTES


def _without_inline_images(metadata: dict[str, Any]) -> dict[str, Any]:
    """What is echoed: everything but the bytes of images, which may be megabytes."""
    images = (*LAST_FRAME_NAMES, *REFERENCE_NAMES)
    return {name: value for name, value in metadata.items() if name not in images or len(repr(value)) <= 2048}


def _merge(merged: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if name in merged and merged[name] != value:
            raise _conflict(f"metadata.{name}", [_Given(f"metadata.{name}", merged[name]), _Given(name, value)])
        merged[name] = value


def _collect(top: dict[str, list[Any]], metadata: dict[str, Any], names: tuple[str, ...]) -> list[_Given]:
    """Every value given under `names`; taken out of `top`, left in `metadata`. JSON null means not given."""
    found = [_Given(name, value) for name in names if name in top for value in top.pop(name)]
    found += [_Given(f"metadata.{name}", metadata[name]) for name in names if name in metadata]
    return [given for given in found if given.value is not None] if found else found


def _agree(name: str, found: list[_Given], convert: values.Convert) -> Any:
    """The one value that all of `found` mean; None when there is none."""
    if not found:
        return None
    converted: list[Any] = []
    for given in found:
        if isinstance(given.value, UploadedFile):
            raise InvalidRequest(f"{given.name}: a file was sent where text is expected", param=given.name)
        converted.append(convert(given.name, given.value))
    if not values.same(converted):
        raise _conflict(name, found)
    return converted[0]


def _read_text_as_json(name: str, convert: values.Convert, body: Body) -> values.Convert:
    """Forms carry objects as JSON text."""
    if convert is not values.json_object or not body.texts:
        return convert
    return lambda param, value: convert(param, parse_json(value, name) if isinstance(value, str) else value)


def _conflict(name: str, found: list[_Given]) -> InvalidRequest:
    told = " and ".join(f"{given.name}={values.show(given.value)}" for given in found[:3])
    return InvalidRequest(
        f"{name}: given with different values ({told}); give one", code="conflicting_parameters", param=name
    )


def _size(given: dict[str, Any]) -> tuple[int | None, int | None]:
    width_px, height_px = given["width"], given["height"]
    if (width_px is None) != (height_px is None):
        missing, there = ("height", "width") if height_px is None else ("width", "height")
        raise InvalidRequest(
            f"{missing}: missing, while {there} is given; give both or neither",
            code="missing_parameter",
            param=missing,
        )
    if given["size"] is not None:
        if width_px is not None and given["size"] != (width_px, height_px):
            told = f"size={given['size'][0]}x{given['size'][1]} and width={width_px}, height={height_px}"
            raise InvalidRequest(
                f"size: given with different values ({told}); give one", code="conflicting_parameters", param="size"
            )
        return given["size"]
    return width_px, height_px


def _rehearse(given: dict[str, Any] | None) -> Rehearse:
    if given is None:
        return Rehearse()
    unknown = sorted(set(given) - {"wait_seconds", "fail"})
    if unknown:
        param = f"metadata.rehearse.{unknown[0]}"
        raise InvalidRequest(f"{param}: not known; allowed are wait_seconds and fail", param=param)
    wait = given.get("wait_seconds")
    fail = given.get("fail")
    if wait == 0:
        wait = None
    return Rehearse(
        wait_seconds=values.positive_number(3600)("metadata.rehearse.wait_seconds", wait) if wait is not None else 0.0,
        fail=values.text(64)("metadata.rehearse.fail", fail) if fail is not None else None,
    )


def _images(top: dict[str, list[Any]], metadata: dict[str, Any]) -> AskedImages:
    images = _image_sources(top, {}, IMAGE_NAMES)
    last = _image_sources(top, metadata, LAST_FRAME_NAMES)
    references = _image_sources(top, metadata, REFERENCE_NAMES)
    if len(last) > 1:
        raise InvalidRequest("last_frame: given more than once", code="conflicting_parameters", param="last_frame")
    if len(images) > 1:
        # Several images are references; one is the first frame.
        references, images = images + references, []
    return AskedImages(images[0] if images else None, last[0] if last else None, tuple(references))


def _image_sources(top: dict[str, list[Any]], metadata: dict[str, Any], names: tuple[str, ...]) -> list[ImageSource]:
    sources: dict[str, ImageSource] = {}
    for given in _collect(top, metadata, names):
        items = cast("list[Any]", given.value) if isinstance(given.value, list) else [given.value]
        for item in items:
            source = _image_source(given.name, item)
            # The same image under two names is one image.
            sources.setdefault(source.digest(), source)
    return list(sources.values())


def _image_source(name: str, value: Any) -> ImageSource:
    if isinstance(value, UploadedFile):
        return ImageSource(name, content=value.content)
    if isinstance(value, dict):
        reference = cast("dict[str, Any]", value)
        if reference.get("file_id") is not None:
            raise InvalidRequest(
                f"{name}.file_id: there is no file store to refer to; send the image itself or its URL",
                code="unsupported_parameter",
                param=f"{name}.file_id",
            )
        value = reference.get("image_url", reference.get("url"))
    if not isinstance(value, str) or not value.strip():
        raise values.refuse(name, value, "an http(s) URL, a data URI, base64 text, or an uploaded file")
    return ImageSource(name, text=value)


def _extra(top: dict[str, list[Any]]) -> dict[str, Any]:
    """What is left: fields that only some model may know."""
    extra: dict[str, Any] = {}
    for name, given in top.items():
        if any(isinstance(value, UploadedFile) for value in given):
            raise InvalidRequest(f"{name[:64]}: unknown field", code="unknown_parameter", param=name[:64])
        check_text(given, name[:64])
        if not values.same(given):
            raise _conflict(name, [_Given(name, value) for value in given])
        extra[name] = given[0]
    return extra
