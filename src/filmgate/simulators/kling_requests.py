"""What Kling accepts in a request for a video, in both of its designs.

Fields that its documents do not list are refused here, though Kling may just ignore them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from filmgate.simulators.fields import Fields
from filmgate.simulators.kit import Refusal
from filmgate.simulators.pictures import BadPicture, PictureRules, Size, aspect_of, look_at, size_with

BAD_PARAMETER, NO_MODEL = 1201, 1203

_SHORT_SIDES_PX = {"720p": 720, "1080p": 1080, "4k": 2160}
_MODES = {"std": "720p", "pro": "1080p", "4k": "4k"}
_RATIOS = ("16:9", "9:16", "1:1")
_FORMATS = frozenset({"JPEG", "PNG"})
_NEW_IMAGES = PictureRules(_FORMATS, 50 << 20, 300, least_aspect=0.4, most_aspect=2.5, data_uri=False)
_LEGACY_IMAGES = PictureRules(_FORMATS, 10 << 20, 300, least_aspect=0.4, most_aspect=2.5, data_uri=False)
_SHOT = re.compile(r"shot (\d+), (\d+), ([^;]*);")


@dataclass(frozen=True, slots=True)
class Order:
    """A valid request. `units` is its price in video units."""

    model: str
    width_px: int
    height_px: int
    duration_seconds: int
    audio: bool
    units: float
    watermark: bool
    external_id: str | None
    callback_url: str | None


@dataclass(frozen=True, slots=True)
class _Model:
    """`units` are those of a second, by resolution: silent, with sound, with a video as input.

    `audio` are the values of the field; () where there is no such field. `last_frame_at` are the resolutions that
    can do a last frame.
    """

    units: dict[str, tuple[float, float, float]]
    durations: Sequence[int]
    audio: tuple[str, ...] = ("off",)
    last_frame_at: tuple[str, ...] = ()
    always_sound: bool = False
    multi_shot: bool = False
    elements: int = 0
    voices: int = 0
    native_at: tuple[str, ...] = ("720p", "1080p", "4k")
    long_prompt: bool = False


_MODELS = {
    "kling-3.0": _Model(
        {"720p": (0.6, 0.9, 0.9), "1080p": (0.8, 1.2, 1.2), "4k": (3, 3, 3)},
        range(3, 16), ("off", "native"), ("720p", "1080p", "4k"), multi_shot=True, elements=3, long_prompt=True,
    ),
    "kling-3.0-turbo": _Model(
        {"720p": (0.8, 0.8, 0.8), "1080p": (1, 1, 1)}, range(3, 16), (), always_sound=True, long_prompt=True,
    ),
    "kling-3.0-omni": _Model(
        {"720p": (0.6, 0.8, 0.9), "1080p": (0.8, 1, 1.2), "4k": (3, 3, 3)},
        range(3, 16), ("off", "native", "original"), ("720p", "1080p", "4k"), multi_shot=True, elements=7,
    ),
    "kling-o1": _Model(
        {"720p": (0.6, 0.6, 0.9), "1080p": (0.8, 0.8, 1.2)},
        range(3, 11), ("off", "original"), ("720p", "1080p"), elements=7,
    ),
    "kling-2.6": _Model(
        {"720p": (0.3, 0.3, 0.3), "1080p": (0.5, 1, 1)},
        (5, 10), ("off", "native"), ("1080p",), voices=2, native_at=("1080p",),
    ),
    "kling-2.5-turbo": _Model({"720p": (0.3, 0.3, 0.3), "1080p": (0.5, 0.5, 0.5)}, (5, 10), (), ("1080p",)),
}  # fmt: skip

NEW_ROUTES = {
    "text-to-video": ("kling-3.0", "kling-3.0-turbo", "kling-2.6", "kling-2.5-turbo"),
    "image-to-video": ("kling-3.0", "kling-3.0-turbo", "kling-2.6", "kling-2.5-turbo"),
    "omni-video": ("kling-3.0-omni", "kling-o1"),
    "motion-control": ("kling-3.0", "kling-2.6"),
}
# Legacy name: the model, and the modes that can do a last frame.
_LEGACY_MODELS = {
    "kling-v3": ("kling-3.0", ("std", "pro", "4k")),
    "kling-v2-6": ("kling-2.6", ("std", "pro")),
    "kling-v2-5-turbo": ("kling-2.5-turbo", ("pro",)),
    "kling-v3-omni": ("kling-3.0-omni", ("std", "pro", "4k")),
    "kling-video-o1": ("kling-o1", ("std", "pro")),
}
_OMNI_NAMES = ("kling-v3-omni", "kling-video-o1")
_RETIRED = ("kling-v1", "kling-v1-5", "kling-v1-6", "kling-v2-master", "kling-v2-1", "kling-v2-1-master")
LEGACY_KINDS = ("text2video", "image2video", "omni-video", "multi-image2video")


def read_new(route: str, name: str, body: dict[str, Any]) -> Order:
    """A request to /<route>/<name>. Raises Refusal."""
    if name not in NEW_ROUTES[route]:
        raise Refusal(NO_MODEL, f"The model '{name}' does not exist for {route}.")
    model = _MODELS[name]
    fields = Fields(body, BAD_PARAMETER)
    settings, options = fields.inside("settings"), fields.inside("options")
    resolution = settings.choice("resolution", tuple(model.units), "720p")
    if route == "text-to-video":
        prompt = fields.required_text("prompt", most_chars=3072 if model.long_prompt else 2500)
        given = _Given(prompt)
    else:
        given = _read_contents(route, name, fields.items("contents"))
    if given.last_frame and resolution not in model.last_frame_at:
        raise settings.wrong("resolution", f"is {resolution}, a last frame needs {', '.join(model.last_frame_at)}")
    duration = 5 if route == "motion-control" else settings.choice("duration", model.durations, 5)
    if name == "kling-o1" and given.first_frame and not given.last_frame and duration not in (5, 10):
        raise settings.wrong("duration", f"is {duration}, with a first frame alone only 5 and 10 are allowed")
    audio = _read_audio(route, model, settings, resolution)
    if model.multi_shot and route != "motion-control" and settings.flag("multi_shot", default=True):
        _check_shots([(int(seconds), text) for _, seconds, text in _SHOT.findall(given.prompt)], duration)
    if route in ("text-to-video", "omni-video"):
        given.ratio = settings.choice("aspect_ratio", _RATIOS, "16:9")
    if route == "motion-control":
        settings.choice("character_orientation", ("image", "video"))
    order = _order(name, resolution, duration, audio, given, options)
    for part in (fields, settings, options):
        part.close()
    return order


def _read_audio(route: str, model: _Model, settings: Fields, resolution: str) -> bool:
    if model.always_sound:
        return True
    if not model.audio:
        return False
    allowed = model.audio if route in ("text-to-video", "image-to-video") else (*model.audio, "original")
    audio = settings.choice("audio", allowed, "off")
    if audio == "native" and resolution not in model.native_at:
        raise settings.wrong("audio", f"is native, which needs {', '.join(model.native_at)}")
    return audio != "off"


@dataclass(slots=True)
class _Given:
    """What a request gives the model to work from. `frame_size` is None where it cannot be known from here."""

    prompt: str = ""
    first_frame: bool = False
    last_frame: bool = False
    with_video: bool = False
    frame_size: Size | None = None
    ratio: str = "16:9"


def _order(name: str, resolution: str, duration: int, audio: bool, given: _Given, options: Fields) -> Order:
    aspect = given.frame_size[0] / given.frame_size[1] if given.frame_size else aspect_of(given.ratio)
    width, height = size_with(aspect, _SHORT_SIDES_PX[resolution])
    silent, sounding, filmed = _MODELS[name].units[resolution]
    units = (filmed if given.with_video else sounding if audio else silent) * duration
    mark = options.inside("watermark_info")
    watermark = mark.flag("enabled")
    mark.close()
    external_id, callback_url = options.text("external_task_id") or None, options.text("callback_url") or None
    return Order(name, width, height, duration, audio, units, watermark, external_id, callback_url)


_ITEM_TYPES = {
    "image-to-video": ("prompt", "first_frame", "last_frame", "element", "voice"),
    "omni-video": ("prompt", "first_frame", "last_frame", "element", "refer_image", "feature_video", "base_video"),
    "motion-control": ("prompt", "image", "video", "element"),
}
_ONCE = ("prompt", "first_frame", "last_frame", "feature_video", "base_video", "image", "video")
_VIDEOS = ("feature_video", "base_video", "video")


def _read_contents(route: str, name: str, items: list[Fields]) -> _Given:
    model, seen, found = _MODELS[name], list[str](), _Given()
    for item in items:
        kind = item.choice("type", _ITEM_TYPES[route])
        if kind in _ONCE and kind in seen:
            raise item.wrong("type", f"is {kind} once more, only one is allowed")
        seen.append(kind)
        if kind == "prompt":
            found.prompt = item.required_text("text", most_chars=2500)
        elif kind in ("element", "voice"):
            item.required_text(f"{kind}_id")
            item.skip("id")
        elif kind in _VIDEOS:
            _video_url(item, "url")
        else:
            size = _image(item, "url", _NEW_IMAGES)
            found.frame_size = size if kind in ("first_frame", "image") else found.frame_size
            item.skip("id")
        item.close()
    found.first_frame, found.last_frame = "first_frame" in seen, "last_frame" in seen
    found.with_video = any(kind in _VIDEOS for kind in seen)
    _check_contents(route, model, seen, found)
    return found


def _check_contents(route: str, model: _Model, seen: list[str], found: _Given) -> None:
    if route == "image-to-video" and not found.first_frame:
        raise Refusal(BAD_PARAMETER, "contents must have a first_frame")
    if route == "motion-control" and not {"image", "video"} <= set(seen):
        raise Refusal(BAD_PARAMETER, "contents must have an image and a video")
    if route == "omni-video" and not found.prompt:
        raise Refusal(BAD_PARAMETER, "contents must have a prompt")
    if found.last_frame and not found.first_frame:
        raise Refusal(BAD_PARAMETER, "a last_frame needs a first_frame")
    if found.last_frame and not model.last_frame_at:
        raise Refusal(BAD_PARAMETER, "this model knows no last_frame")
    references = seen.count("element") + seen.count("refer_image")
    allowed = 4 if found.with_video and model.elements > 4 else model.elements
    if references > allowed:
        raise Refusal(BAD_PARAMETER, f"contents has {references} references, at most {allowed} are allowed")
    if seen.count("voice") > model.voices:
        raise Refusal(BAD_PARAMETER, f"contents has {seen.count('voice')} voices, at most {model.voices} are allowed")


def read_legacy(kind: str, body: dict[str, Any]) -> Order:
    """A request to /v1/videos/<kind>. Raises Refusal."""
    fields = Fields(body, BAD_PARAMETER)
    fields.skip("model")  # an old name of model_name that has no effect
    legacy_name = fields.text("model_name") or ("kling-video-o1" if kind == "omni-video" else "kling-v1")
    if legacy_name in _RETIRED:
        raise Refusal(NO_MODEL, f"The model '{legacy_name}' has been discontinued and is no longer available.")
    if legacy_name not in _LEGACY_MODELS or (legacy_name in _OMNI_NAMES) != (kind == "omni-video"):
        raise Refusal(NO_MODEL, f"The model '{legacy_name}' does not exist for {kind}.")
    name, tail_modes = _LEGACY_MODELS[legacy_name]
    model = _MODELS[name]
    modes = [mode for mode, resolution in _MODES.items() if resolution in model.units]
    mode = fields.choice("mode", modes, "pro" if kind == "omni-video" else "std")
    duration = int(fields.choice("duration", [str(seconds) for seconds in model.durations], "5"))
    sound = "native" in model.audio and fields.choice("sound", ("on", "off"), "off") == "on"
    if sound and _MODES[mode] not in model.native_at:
        raise fields.wrong("sound", f"is on, which mode {mode} cannot do")
    if kind == "omni-video":
        given = _legacy_omni(fields, model)
        if sound and given.with_video:
            raise fields.wrong("sound", "must be off with a video")
    else:
        given = _legacy_frames(kind, fields, name)
    if given.last_frame and mode not in tail_modes:
        raise fields.wrong("mode", f"is {mode}, a last frame needs {', '.join(tail_modes)}")
    _legacy_prompt(kind, fields, model, duration)
    order = _order(name, _MODES[mode], duration, sound, given, fields)
    fields.close()
    return order


def _legacy_frames(kind: str, fields: Fields, name: str) -> _Given:
    if name == "kling-3.0":
        fields.number("cfg_scale", 0, 1)
        fields.skip("element_list")
    if name == "kling-2.6":
        fields.skip("voice_list")
    if kind == "text2video":
        return _Given(ratio=fields.choice("aspect_ratio", _RATIOS, "16:9"))
    if not fields.has("image") and not fields.has("image_tail"):
        raise fields.wrong("image", "or image_tail is required")
    sizes = [_image(fields, field, _LEGACY_IMAGES) for field in ("image", "image_tail") if fields.has(field)]
    return _Given(last_frame=fields.has("image_tail"), frame_size=sizes[0])


def _legacy_omni(fields: Fields, model: _Model) -> _Given:
    found, roles = _Given(), list[str | None]()
    for item in fields.items("image_list"):
        roles.append(item.choice("type", ("first_frame", "end_frame")) if item.has("type") else None)
        size = _image(item, "image_url", _LEGACY_IMAGES)
        found.frame_size = size if roles[-1] == "first_frame" else found.frame_size
        item.close()
    edits = False
    for video in fields.items("video_list", most=1):
        _video_url(video, "video_url")
        edits = video.choice("refer_type", ("base", "feature"), "base") == "base"
        video.choice("keep_original_sound", ("yes", "no"), "yes")
        video.close()
        found.with_video = True
    found.first_frame, found.last_frame = "first_frame" in roles, "end_frame" in roles
    if found.last_frame and not found.first_frame:
        raise fields.wrong("image_list", "has an end_frame without a first_frame")
    references = roles.count(None) + len(fields.items("element_list"))
    if references > (4 if found.with_video else model.elements):
        raise fields.wrong("image_list", f"and element_list have {references} references, which is too many")
    found.ratio = fields.choice("aspect_ratio", _RATIOS, "16:9" if found.first_frame or edits else None)
    return found


def _legacy_prompt(kind: str, fields: Fields, model: _Model, duration: int) -> None:
    several = model.multi_shot and fields.flag("multi_shot")
    if model.multi_shot:
        fields.skip("shot_type", "multi_prompt")
    if several and fields.choice("shot_type", ("customize", "intelligence")) == "customize":
        shots = fields.items("multi_prompt", most=6)
        if not shots:
            raise fields.wrong("multi_prompt", "is required")
        _check_shots([(_shot_seconds(shot), shot.required_text("prompt")) for shot in shots], duration)
        fields.skip("prompt")
    elif kind == "image2video":
        fields.text("prompt", most_chars=2500)
    else:
        fields.required_text("prompt", most_chars=2500)
    if kind != "omni-video":
        fields.text("negative_prompt", most_chars=2500)


def _shot_seconds(shot: Fields) -> int:
    return int(shot.choice("duration", [str(seconds) for seconds in range(1, 16)]))


def _check_shots(shots: list[tuple[int, str]], duration: int) -> None:
    if not shots:
        return
    if len(shots) > 6 or any(seconds < 1 or len(text) > 512 for seconds, text in shots):
        raise Refusal(BAD_PARAMETER, "at most 6 shots, each of at least 1 second and at most 512 characters")
    if sum(seconds for seconds, _ in shots) != duration:
        raise Refusal(BAD_PARAMETER, f"the durations of the shots must sum to {duration}")


def _image(fields: Fields, name: str, rules: PictureRules) -> Size | None:
    try:
        return look_at(fields.required_text(name), rules)
    except BadPicture as error:
        raise fields.wrong(name, f"is bad: {error.message}") from None


def _video_url(fields: Fields, name: str) -> None:
    if not fields.required_text(name).startswith(("http://", "https://")):
        raise fields.wrong(name, "must be a URL")
