"""What Model Studio (DashScope) accepts in a request for a Wan video, in its three dialects.

Fields that its documents do not list for a model are refused here, though it may just ignore them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from filmgate.simulators.fields import Fields
from filmgate.simulators.kit import Refusal
from filmgate.simulators.pictures import BadPicture, PictureRules, Size, aspect_of, look_at

BAD_PARAMETER, NO_MODEL = "InvalidParameter", "ModelNotFound"

_FORMATS = frozenset({"JPEG", "PNG", "BMP", "WEBP"})
_URLS = ("http://", "https://", "oss://")
_IMAGES = PictureRules(_FORMATS, 10 << 20, 360, 2000, schemes=_URLS)
_LARGE_IMAGES = PictureRules(_FORMATS, 20 << 20, 360, 2000, schemes=_URLS)
_IMAGE_CODES = {
    "form": "InvalidURL",
    "format": "InvalidImage.FileFormat",
    "weight": "InvalidImage.FileSize",
    "size": "InvalidImage.Resolution",
}
_ASSUMED_VIDEO_SECONDS = 5  # of an input video, which is not fetched here
# Tier: the sizes of its ratios; the first gives the area where the shape follows an image.
_SIZES = {
    "480P": {"16:9": (832, 480), "9:16": (480, 832), "1:1": (624, 624)},
    "720P": {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (960, 960), "4:3": (1088, 832), "3:4": (832, 1088)},
    "1080P": {
        "16:9": (1920, 1080),
        "9:16": (1080, 1920),
        "1:1": (1440, 1440),
        "4:3": (1632, 1248),
        "3:4": (1248, 1632),
    },
}
_RATIOS = tuple(_SIZES["1080P"])


@dataclass(frozen=True, slots=True)
class Order:
    """A valid request. `ratio` is None for models that tell their sizes instead."""

    model: str
    width_px: int
    height_px: int
    duration_seconds: int
    input_seconds: int
    audio: bool
    tier: str
    ratio: str | None
    older: bool
    prompt: str
    extends_prompt: bool
    needs_oss: bool


@dataclass(frozen=True, slots=True)
class _Model:
    """`task` names a reader below. `sound`: None where the request chooses it."""

    task: str
    durations: Sequence[int]
    tiers: tuple[str, ...]
    sound: bool | None
    prompt_chars: int = 1500
    default_tier: str = "1080P"
    older: bool = False
    images: PictureRules = _IMAGES


_LOW, _HIGH, _ALL = ("480P", "720P"), ("720P", "1080P"), ("480P", "720P", "1080P")
_THREE = (-1, *range(2, 31))


def _older(task: str, durations: Sequence[int], tiers: tuple[str, ...], default_tier: str) -> _Model:
    return _Model(task, durations, tiers, False, 800, default_tier, older=True)


_MODELS = {
    "wan3.0-video": _Model("3.0", _THREE, _ALL, None, 20_000, images=_LARGE_IMAGES),
    "wan3.0-video-prime": _Model("3.0", _THREE, _ALL, None, 20_000, images=_LARGE_IMAGES),
    "wan2.7-t2v": _Model("2.7-t2v", range(2, 16), _HIGH, True),
    "wan2.7-i2v": _Model("2.7-i2v", range(2, 16), _HIGH, True),
    "wan2.7-r2v": _Model("2.7-r2v", range(2, 16), _HIGH, True),
    "wan2.7-r2v-2026-06-12": _Model("2.7-r2v", range(2, 16), _HIGH, True),
    "wan2.7-videoedit": _Model("2.7-edit", range(2, 16), _HIGH, True),
    "wan2.6-t2v": _Model("t2v", (5, 10, 15), _HIGH, True),
    "wan2.6-t2v-us": _Model("t2v", (5, 10, 15), _HIGH, True),
    "wan2.6-i2v": _Model("i2v", (5, 10, 15), _HIGH, True),
    "wan2.6-i2v-us": _Model("i2v", (5, 10, 15), _HIGH, True),
    "wan2.6-i2v-flash": _Model("i2v", range(2, 16), _HIGH, None, images=_LARGE_IMAGES),
    "wan2.6-r2v": _Model("r2v", range(2, 11), _HIGH, True),
    "wan2.6-r2v-flash": _Model("r2v", range(2, 11), _HIGH, None, images=_LARGE_IMAGES),
    "wan2.5-t2v-preview": _Model("t2v", (5, 10), _ALL, True),
    "wan2.5-i2v-preview": _Model("i2v", (5, 10), _ALL, True),
    "wan2.2-t2v-plus": _older("t2v", (5,), ("480P", "1080P"), "1080P"),
    "wan2.2-i2v-plus": _older("i2v", (5,), ("480P", "1080P"), "1080P"),
    "wan2.2-i2v-flash": _older("i2v", (5,), _ALL, "720P"),
    "wan2.2-kf2v-flash": _older("kf2v", (5,), _ALL, "720P"),
    "wanx2.1-t2v-turbo": _older("t2v", (5,), _LOW, "720P"),
    "wanx2.1-t2v-plus": _older("t2v", (5,), ("720P",), "720P"),
    "wanx2.1-i2v-turbo": _older("i2v", (3, 4, 5), _LOW, "720P"),
    "wanx2.1-i2v-plus": _older("i2v", (5,), ("720P",), "720P"),
    "wanx2.1-kf2v-plus": _older("kf2v", (5,), ("720P",), "720P"),
}


def read_request(path: str, body: dict[str, Any]) -> Order:
    """A request to .../aigc/<path>/video-synthesis. Raises Refusal."""
    fields = Fields(body, BAD_PARAMETER)
    name = fields.required_text("model")
    # 2.1 is called wan2.1-… in Singapore (model list and price list of 2026-10), wanx2.1-… in Beijing.
    model = _MODELS.get(name) or _MODELS.get(name.replace("wan2.1-", "wanx2.1-"))
    if model is None:
        raise Refusal(NO_MODEL, f"Model {name} does not exist.")
    if (model.task == "kf2v") != (path == "image2video"):
        raise Refusal(BAD_PARAMETER, "url error, please check url!")
    given, parameters = fields.inside("input"), fields.inside("parameters")
    prompt = (given.text("prompt") or "")[: model.prompt_chars]
    if model.task != "3.0":
        given.text("negative_prompt")
    source = _read_legacy(name, model, given) if model.task in _LEGACY_TASKS else _read_media(name, model, given)
    if source.prompt_needed and not prompt.strip():
        raise given.wrong("prompt", "is required")
    tier, size = _read_size(model, parameters, source)
    duration = parameters.choice("duration", model.durations, 5)
    extends = _read_options(name, model, parameters, source)
    order = Order(
        model=name,
        width_px=size[0],
        height_px=size[1],
        duration_seconds=5 if duration == -1 else duration,
        input_seconds=source.videos * _ASSUMED_VIDEO_SECONDS,
        audio=model.sound if model.sound is not None else parameters.flag("audio", default=True),
        tier=tier,
        ratio=None if model.task in _LEGACY_TASKS else _nearest_ratio(size),
        older=model.older,
        prompt=prompt,
        extends_prompt=extends,
        needs_oss=source.needs_oss,
    )
    for part in (fields, given, parameters):
        part.close()
    return order


@dataclass(slots=True)
class _Source:
    """What the clip is made from. `frame` is the size of the image that shapes it."""

    prompt_needed: bool
    shaped: bool = False
    frame: Size | None = None
    videos: int = 0
    documents: int = 0
    needs_oss: bool = False

    def look(self, fields: Fields, name: str, rules: PictureRules) -> Size | None:
        given = fields.required_text(name)
        self.needs_oss = self.needs_oss or given.startswith("oss://")
        try:
            return look_at(given, rules)
        except BadPicture as error:
            raise Refusal(_IMAGE_CODES[error.kind], error.message) from None

    def url(self, fields: Fields, name: str) -> None:
        given = fields.required_text(name)
        self.needs_oss = self.needs_oss or given.startswith("oss://")
        if not given.startswith(_URLS):
            raise Refusal("InvalidURL", f"{name} must be a URL")


_LEGACY_TASKS = ("t2v", "i2v", "kf2v", "r2v")


def _read_legacy(name: str, model: _Model, given: Fields) -> _Source:
    source = _Source(prompt_needed=model.task in ("t2v", "r2v"), shaped=model.task in ("i2v", "kf2v"))
    if model.task == "i2v":
        source.frame = source.look(given, "img_url", model.images)
    if model.task == "kf2v":
        source.frame = source.look(given, "first_frame_url", model.images)
        source.look(given, "last_frame_url", model.images)
    if model.task == "r2v":
        _read_references(given, source, model.images)
    elif not model.older and given.has("audio_url"):
        source.url(given, "audio_url")
    if source.shaped and not name.startswith("wan2.6"):
        given.text("template")
    return source


def _read_references(given: Fields, source: _Source, rules: PictureRules) -> None:
    value = given.get("reference_urls")
    urls = cast("list[Any]", value) if isinstance(value, list) else []
    if not 1 <= len(urls) <= 5:
        raise given.wrong("reference_urls", "must be an array of 1 to 5 URLs")
    each = Fields({str(position): url for position, url in enumerate(urls)}, BAD_PARAMETER, "reference_urls")
    for position in each.values:
        if str(each.values[position]).partition("?")[0].lower().endswith((".mp4", ".mov")):
            source.url(each, position)
            source.videos += 1
        else:
            source.look(each, position, rules)
    if source.videos > 3:
        raise given.wrong("reference_urls", f"has {source.videos} videos, at most 3 are allowed")


_FRAMES = ("first_frame", "last_frame")
# Task: the types of `media`, each with how many of them there may be.
_MEDIA = {
    "2.7-t2v": {},
    "2.7-i2v": {"first_frame": 1, "last_frame": 1, "driving_audio": 1, "first_clip": 1},
    "2.7-r2v": {"reference_image": 5, "reference_video": 5, "first_frame": 1},
    "2.7-edit": {"video": 1, "reference_image": 5},
    "3.0": {
        "first_frame": 1, "last_frame": 1, "reference_image": 10, "reference_video": 5, "reference_audio": 5,
        "file": 1, "link": 1,
    },
}  # fmt: skip
_VIDEO_TYPES = ("reference_video", "video", "first_clip")


def _read_media(name: str, model: _Model, given: Fields) -> _Source:
    source, kinds, allowed = _Source(prompt_needed=True), list[str](), _MEDIA[model.task]
    for item in given.items("media") if allowed else ():
        kind = item.choice("type", tuple(allowed))
        kinds.append(kind)
        if kinds.count(kind) > allowed[kind]:
            raise given.wrong("media", f"has more than {allowed[kind]} of type {kind}")
        if kind in _FRAMES or kind == "reference_image":
            size = source.look(item, "url", model.images)
            source.frame = size if kind == "first_frame" else source.frame
        else:
            source.url(item, "url")
        if model.task == "2.7-r2v" and item.has("reference_voice"):
            source.url(item, "reference_voice")
        item.close()
    if model.task == "2.7-t2v" and given.has("audio_url"):
        source.url(given, "audio_url")
    _check_media(model.task, set(kinds), given)
    if model.task == "2.7-r2v" and not 1 <= sum(kind != "first_frame" for kind in kinds) <= 5:
        raise given.wrong("media", "must have 1 to 5 references")
    source.shaped = "first_frame" in kinds
    source.prompt_needed = model.task in ("2.7-t2v", "2.7-r2v") or (model.task == "3.0" and not source.shaped)
    source.videos = sum(kind in _VIDEO_TYPES for kind in kinds) if model.task in ("2.7-r2v", "3.0") else 0
    source.documents = sum(kind in ("file", "link") for kind in kinds)
    return source


def _check_media(task: str, kinds: set[str], given: Fields) -> None:
    trouble = ""
    if task == "2.7-i2v" and len(kinds & {"first_frame", "first_clip"}) != 1:
        trouble = "must have either a first_frame or a first_clip"
    if task == "2.7-edit" and "video" not in kinds:
        trouble = "must have a video"
    if task == "3.0" and "last_frame" in kinds and "first_frame" not in kinds:
        trouble = "has a last_frame without a first_frame"
    if task == "3.0" and kinds & set(_FRAMES) and kinds - set(_FRAMES):
        trouble = "has frames beside references, which exclude each other"
    if {"file", "link"} <= kinds:
        trouble = "has both a file and a link"
    if trouble:
        raise given.wrong("media", trouble)


def _read_size(model: _Model, parameters: Fields, source: _Source) -> tuple[str, Size]:
    if model.task in ("t2v", "r2v"):
        sizes = {f"{width}*{height}": tier for tier in model.tiers for width, height in _SIZES[tier].values()}
        default = _SIZES[model.default_tier]["16:9"]
        chosen = parameters.choice("size", tuple(sizes), f"{default[0]}*{default[1]}")
        width, height = chosen.split("*")
        return sizes[chosen], (int(width), int(height))
    tier = parameters.choice("resolution", model.tiers, model.default_tier)
    ratio = "16:9"
    if model.task not in _LEGACY_TASKS:
        ratios = ("adaptive", *_RATIOS) if model.task == "3.0" else _RATIOS
        ratio = parameters.choice("ratio", ratios, "16:9")
    if source.shaped and source.frame is not None:
        return tier, _of_area(math.prod(_SIZES[tier]["16:9"]), source.frame[0] / source.frame[1])
    ratio = "16:9" if ratio == "adaptive" else ratio
    return tier, _SIZES[tier].get(ratio) or _of_area(math.prod(_SIZES[tier]["16:9"]), aspect_of(ratio))


def _read_options(name: str, model: _Model, parameters: Fields, source: _Source) -> bool:
    """The parameters that do not shape the clip; whether the prompt is rewritten."""
    extends = parameters.flag("prompt_extend", default=True)
    if source.documents and not extends:
        raise parameters.wrong("prompt_extend", "must be true with a file or link")
    shots = parameters.choice("shot_type", ("single", "multi"), "single") if name.startswith("wan2.6") else "single"
    if shots == "multi" and not extends:
        raise parameters.wrong("shot_type", "multi needs prompt_extend")
    if model.task == "2.7-edit":
        parameters.choice("audio_setting", ("auto", "origin"), "auto")
    if model.task == "3.0":
        parameters.flag("enable_thinking")
    parameters.flag("watermark")
    parameters.choice("seed", range(-1 if model.task == "3.0" else 0, 2**31), 0)
    return extends


def _of_area(area_px: int, aspect: float) -> Size:
    height = math.sqrt(area_px / aspect)
    return 2 * round(height * aspect / 2), 2 * round(height / 2)


def _nearest_ratio(size: Size) -> str:
    return min(_RATIOS, key=lambda ratio: abs(aspect_of(ratio) - size[0] / size[1]))
