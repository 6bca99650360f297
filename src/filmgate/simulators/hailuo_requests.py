"""What MiniMax accepts in a request for a Hailuo (v1) or H3 (v2) video.

Fields that its documents do not list are refused here, though MiniMax may just ignore them. Where they contradict
each other, what one of them allows is allowed: a last frame alone, and aigc_watermark in v2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from filmgate.simulators.fields import Fields
from filmgate.simulators.kit import Refusal
from filmgate.simulators.pictures import BadPicture, PictureRules, Size, aspect_of, look_at, size_with

BAD_PARAMETERS, WITHDRAWN = 2013, "withdrawn"

_SHORT_SIDES_PX = {"480P": 480, "512P": 512, "720P": 720, "768P": 768, "1080P": 1080, "2K": 1440}
_FORMATS = frozenset({"JPEG", "PNG", "WEBP"})
_V1_IMAGES = PictureRules(_FORMATS, (20 << 20) - 1, 301, least_aspect=0.4, most_aspect=2.5)
_V2_IMAGES = PictureRules(
    _FORMATS | {"HEIF"}, 30 << 20, 256, 5760, least_aspect=0.4, most_aspect=2.5,
    schemes=("http://", "https://", "mm_file://"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """A valid request. `ratio` is that of the clip, as v2 tells it."""

    model: str
    width_px: int
    height_px: int
    duration_seconds: int
    resolution: str
    ratio: str
    callback_url: str | None
    image_count: int


# Mode: the resolutions it can do, the default first, each with its durations in seconds.
_Modes = dict[str, dict[str, tuple[int, ...]]]
_HAILUO = {"768P": (6, 10), "1080P": (6,)}
_OLDER = {"720P": (6,)}
_V1_MODELS: dict[str, _Modes] = {
    "MiniMax-Hailuo-2.3": {"text": _HAILUO, "first": _HAILUO},
    "MiniMax-Hailuo-2.3-Fast": {"first": _HAILUO},
    "MiniMax-Hailuo-02": {"text": _HAILUO, "first": _HAILUO | {"512P": (6, 10)}, "last": _HAILUO},
    "T2V-01": {"text": _OLDER},
    "T2V-01-Director": {"text": _OLDER},
    "I2V-01": {"first": _OLDER},
    "I2V-01-Director": {"first": _OLDER},
    "I2V-01-live": {"first": _OLDER},
    "S2V-01": {"subject": _OLDER},
}
_WITHDRAWN_MODELS = ("video-01",)


def read_v1(body: dict[str, Any]) -> Order:
    """A request to /v1/video_generation. Raises Refusal."""
    fields = Fields(body, BAD_PARAMETERS)
    model = fields.required_text("model")
    if model in _WITHDRAWN_MODELS:
        raise Refusal(WITHDRAWN)
    if model not in _V1_MODELS:
        raise fields.wrong("model", f"is {model!r}, which is not supported")
    names = {"last": "last_frame_image", "first": "first_frame_image", "subject": "subject_reference"}
    mode = next((mode for mode, name in names.items() if fields.has(name)), "text")
    if mode not in _V1_MODELS[model]:
        needed = [names.get(one, "prompt") for one in _V1_MODELS[model]]
        raise fields.wrong(names.get(mode, "model"), f"does not fit {model}, which takes {', '.join(needed)}")
    frames = [fields.required_text(name) for name in names.values() if name != "subject_reference" and fields.has(name)]
    sizes = [_look(fields, "first_frame_image", frame, _V1_IMAGES) for frame in frames]
    cells = _V1_MODELS[model][mode]
    resolution, duration = next(iter(cells)), 6
    if mode == "subject":
        _read_subject(fields)
    else:
        resolution = fields.choice("resolution", tuple(cells), resolution)
        duration = fields.choice("duration", cells[resolution], duration)
    if mode == "text":
        fields.required_text("prompt", most_chars=2000)
    fields.text("prompt", most_chars=2000)
    fields.flag("prompt_optimizer", default=True)
    fields.flag("aigc_watermark")
    if "-Hailuo-" in model and mode != "last":
        fields.flag("fast_pretreatment")
    callback_url = fields.text("callback_url") or None
    fields.close()
    # The first frame is the last of `frames`, and it has the say.
    width, height = _made_size(resolution, sizes[-1] if sizes else None, "16:9")
    return Order(model, width, height, duration, resolution, "", callback_url, len(frames))


def _read_subject(fields: Fields) -> None:
    subjects = fields.items("subject_reference")
    if len(subjects) != 1:
        raise fields.wrong("subject_reference", "must have exactly one item")
    subject = subjects[0]
    subject.choice("type", ("character",))
    images = subject.get("image")
    if not isinstance(images, list) or [type(one) for one in cast("list[Any]", images)] != [str]:
        raise subject.wrong("image", "must be an array of exactly one image")
    _look(subject, "image", cast("list[str]", images)[0], _V1_IMAGES)
    subject.close()


_V2_MODELS = {
    "MiniMax-H3": (("768P", "2K"), range(4, 16)),
    "MiniMax-H3-Max": (("480P", "768P"), range(5, 16)),
}
_RATIOS = ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16")
_FRAME_ROLES = ("first_frame", "last_frame")
# Role: how many of them, at most.
_ROLES = {"first_frame": 1, "last_frame": 1, "reference_image": 9, "reference_video": 3, "reference_audio": 3}
_ROLES_OF = {
    "image_url": ("first_frame", "last_frame", "reference_image"),
    "video_url": ("reference_video",),
    "audio_url": ("reference_audio",),
}
_MEDIA_PREFIXES = {
    "video_url": ("http://", "https://", "mm_file://", "data:video/mp4;base64,"),
    "audio_url": ("http://", "https://", "mm_file://", "data:audio/wav;base64,", "data:audio/mp3;base64,"),
}


def read_v2(body: dict[str, Any]) -> Order:
    """A request to /v2/video_generation. Raises Refusal."""
    fields = Fields(body, BAD_PARAMETERS)
    model = fields.choice("model", tuple(_V2_MODELS))
    resolutions, durations = _V2_MODELS[model]
    resolution, duration = fields.choice("resolution", resolutions), fields.choice("duration", durations)
    roles, size = _read_content(fields.items("content"))
    ratio = fields.choice("ratio", ("adaptive", *_RATIOS), "adaptive")
    if not roles and ratio == "adaptive":
        raise fields.wrong("ratio", f"is required for text to video, one of {', '.join(_RATIOS)}")
    if ratio == "adaptive" or set(roles) & set(_FRAME_ROLES):
        ratio = _nearest_ratio(size) if size else "16:9"
    else:
        size = None
    if model == "MiniMax-H3-Max":
        extra = fields.inside("extra")
        extra.choice("prompt_expansion_mode", ("disabled", "balanced", "quality"), "balanced")
        extra.close()
    fields.flag("aigc_watermark")
    callback_url = fields.text("callback_url") or None
    fields.close()
    images = sum(role in _ROLES_OF["image_url"] for role in roles)
    width, height = _made_size(resolution, size, ratio)
    return Order(model, width, height, duration, resolution, ratio, callback_url, images)


def _read_content(items: list[Fields]) -> tuple[list[str], Size | None]:
    """The roles, and the size of the image that shapes the clip."""
    roles, size = list[str](), None
    texts, images = 0, sum(item.values.get("type") == "image_url" for item in items)
    for item in items:
        kind = item.choice("type", ("text", *_ROLES_OF))
        if kind == "text":
            item.required_text("text", most_chars=7000)
            texts += 1
        else:
            roles.append(
                item.choice("role", _ROLES_OF[kind], "first_frame" if kind == "image_url" and images == 1 else None)
            )
            seen = _read_media(kind, item.inside(kind))
            size = seen if roles[-1] == "first_frame" or size is None else size
        item.close()
    if texts != 1:
        raise Refusal(BAD_PARAMETERS, "content must include exactly one non-empty text item (prompt is required)")
    for role, most in _ROLES.items():
        if roles.count(role) > most:
            raise Refusal(BAD_PARAMETERS, f"content has {roles.count(role)} items of role {role}, at most {most}")
    references = [role for role in roles if role not in _FRAME_ROLES]
    if references and len(references) < len(roles):
        raise Refusal(BAD_PARAMETERS, "frame roles and reference roles exclude each other")
    if references and set(references) == {"reference_audio"}:
        raise Refusal(BAD_PARAMETERS, "reference_audio cannot stand alone")
    if len(roles) > 12:
        raise Refusal(BAD_PARAMETERS, f"content has {len(roles)} files, at most 12")
    return roles, size


def _read_media(kind: str, media: Fields) -> Size | None:
    url = media.required_text("url")
    media.close()
    if kind == "image_url":
        return _look(media, "url", url, _V2_IMAGES)
    if not url.startswith(_MEDIA_PREFIXES[kind]):
        raise media.wrong("url", f"must begin with one of {', '.join(_MEDIA_PREFIXES[kind])}")
    return None


def _nearest_ratio(size: Size) -> str:
    return min(_RATIOS, key=lambda ratio: abs(aspect_of(ratio) - size[0] / size[1]))


def _made_size(resolution: str, frame: Size | None, ratio: str) -> Size:
    return size_with(frame[0] / frame[1] if frame else aspect_of(ratio), _SHORT_SIDES_PX[resolution])


def _look(fields: Fields, name: str, given: str, rules: PictureRules) -> Size | None:
    try:
        return look_at(given, rules)
    except BadPicture as error:
        raise fields.wrong(name, f"is bad: {error.message}") from None
