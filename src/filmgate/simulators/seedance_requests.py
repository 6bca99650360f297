"""What Seedance's models take, and what they make of a request. What the documents do not allow is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from filmgate.simulators.fields import Fields
from filmgate.simulators.kit import Refusal
from filmgate.simulators.pictures import BadPicture, PictureRules, Size, aspect_of, look_at

_PICTURES = PictureRules(
    frozenset({"JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "HEIF"}), 30 * 1024 * 1024, 300, 6000, 0.4, 2.5,
    schemes=("http://", "https://", "asset://"),
)  # fmt: skip
_RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")
_FLAGS = {
    "rs": "resolution", "resolution": "resolution", "rt": "ratio", "ratio": "ratio", "dur": "duration",
    "duration": "duration", "frames": "frames", "seed": "seed", "wm": "watermark", "watermark": "watermark",
    "cf": "camera_fixed", "camerafixed": "camera_fixed", "fps": "fps",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Family:
    """What a model does. The sizes are those of 16:9; the documents show no other ratio's."""

    version: str  # "1.0", "1.5", "2.0", "2.5"
    seconds: range
    sizes: dict[str, Size]
    last_frame: bool = True
    frames: bool = True  # any first frame
    references: tuple[int, int, int] = (0, 0, 0)  # images, videos, sounds
    flex: bool = False

    @property
    def reads_flags(self) -> bool:
        return self.version < "2"

    @property
    def has_sound(self) -> bool:
        return self.version > "1.0"


_OLD = {"480p": (864, 480), "720p": (1248, 704), "1080p": (1920, 1088)}
_NEW = {"480p": (864, 496), "720p": (1280, 720), "1080p": (1920, 1080)}
_SMALL = {name: _NEW[name] for name in ("480p", "720p")}
_MEDIA = (9, 3, 3)
_FAMILIES = {
    "2-5-260628": _Family("2.5", range(4, 31), _NEW, references=(30, 10, 10)),
    "2-0-260128": _Family("2.0", range(4, 16), {**_NEW, "4k": (3840, 2160)}, references=_MEDIA),
    "2-0-fast-260128": _Family("2.0", range(4, 16), _SMALL, references=_MEDIA),
    "2-0-mini-260615": _Family("2.0", range(4, 16), _SMALL, references=_MEDIA),
    "1-5-pro-251215": _Family("1.5", range(4, 13), _NEW, flex=True),
    "1-0-pro-250528": _Family("1.0", range(2, 13), _OLD, flex=True),
    "1-0-pro-fast-251015": _Family("1.0", range(2, 13), _OLD, last_frame=False, flex=True),
    "1-0-lite-i2v-250428": _Family("1.0", range(2, 13), _OLD, references=(4, 0, 0), flex=True),
    "1-0-lite-t2v-250428": _Family("1.0", range(2, 13), _OLD, last_frame=False, frames=False, flex=True),
}
_PREFIXES = {"volcengine": ("doubao-seedance-",), "byteplus": ("dreamina-seedance-2", "seedance-1")}


@dataclass(frozen=True, slots=True)
class _Content:
    """What `content[]` holds. `first_frame` is its size, where that can be seen."""

    text: str
    roles: tuple[str, ...]
    first_frame: Size | None


def read_request(body: dict[str, Any], service: str | None) -> dict[str, Any]:
    """What the task notes: all that its record says of the request, the clip's size and length, and the bill.

    Raises Refusal.
    """
    fields = Fields(body, "InvalidParameter")
    family = _family(fields.required_text("model"), service)
    fields.text("callback_url")
    content = _read_content(fields, family)
    said = _read_options(fields, family)
    fields.close()
    _check_together(fields, family, content, said)
    flags = _read_flags(content.text, family) if family.reads_flags else {}
    said |= {name: value for name, value in flags.items() if name in said}
    if "duration" in flags and "frames" not in flags:
        said["frames"] = None
    return said | {"text_flags": flags, "has_sound": family.has_sound} | _clip(said, family, content.first_frame)


def _family(model: str, service: str | None) -> _Family:
    if model.startswith("ep-"):
        # An endpoint of one's own, for a model chosen in the console.
        return _FAMILIES["1-5-pro-251215"]
    allowed = _PREFIXES[service] if service else sum(_PREFIXES.values(), ())
    found = _FAMILIES.get(model.partition("seedance-")[2])
    if found is None or not model.startswith(allowed):
        raise Refusal("InvalidEndpoint.NotFound", f"The model or endpoint {model} does not exist", param="model")
    return found


def _read_content(fields: Fields, family: _Family) -> _Content:
    items = fields.items("content")
    if not items:
        raise Refusal("MissingParameter", "content is required", param="content")
    texts: list[str] = []
    roles: list[str] = []
    first_frame: Size | None = None
    for item in items:
        kind = item.choice("type", ("text", "image_url", "video_url", "audio_url", "draft_task"))
        if kind == "text":
            texts.append(item.required_text("text"))
        elif kind == "draft_task":
            item.inside("draft_task").required_text("id")
            if family.version != "1.5" or len(items) > 1:
                raise item.wrong("type", "draft_task is for 1.5 pro, and the only item then")
        else:
            role, size = _read_medium(item, kind, lone=sum(one.get("type") != "text" for one in items) == 1)
            roles.append(role)
            first_frame = size if role == "first_frame" else first_frame
        item.close()
    _check_roles(roles, family)
    return _Content(" ".join(texts), tuple(roles), first_frame)


def _read_medium(item: Fields, kind: str, *, lone: bool) -> tuple[str, Size | None]:
    url = item.inside(kind).required_text("url")
    if kind != "image_url":
        if not url.startswith(_PICTURES.schemes):
            raise item.wrong(f"{kind}.url", "must be a URL or asset://")
        return item.choice("role", (f"reference_{kind.removesuffix('_url')}",)), None
    # Only a first frame that comes alone may go without its role.
    role = item.choice("role", ("first_frame", "last_frame", "reference_image"), "first_frame" if lone else None)
    try:
        return role, look_at(url, _PICTURES)
    except BadPicture as error:
        raise item.wrong("image_url.url", error.message) from None


def _check_roles(roles: list[str], family: _Family) -> None:
    first, last = roles.count("first_frame"), roles.count("last_frame")
    references = tuple(roles.count(f"reference_{kind}") for kind in ("image", "video", "audio"))
    if (first or last) and any(references):
        raise _bad_content("first/last frame content cannot be mixed with reference media content")
    if first > 1 or last > first:
        raise _bad_content("there may be one first frame, and one last frame beside it")
    if (first and not family.frames) or (last and not family.last_frame):
        raise _bad_content("the model does not take this frame")
    for kind, count, most in zip(("images", "videos", "sounds"), references, family.references, strict=True):
        if count > most:
            raise _bad_content(f"the model takes at most {most} reference {kind}, got {count}")
    if family.version == "2.0" and references[2] and not any(references[:2]):
        raise _bad_content("reference audio cannot be given alone")


def _bad_content(message: str) -> Refusal:
    return Refusal("InvalidParameter", message, param="content")


def _read_options(fields: Fields, family: _Family) -> dict[str, Any]:
    tiers = ("default", "flex") if family.flex else ("default",)
    seed = fields.integer("seed", -1, 2**32 - 1)
    decides = (-1,) if family.has_sound else ()
    said = {
        "resolution": fields.choice("resolution", tuple(family.sizes), "720p"),
        "ratio": fields.choice("ratio", (*_RATIOS, "adaptive"), "adaptive" if family.has_sound else "16:9"),
        "duration": fields.choice("duration", (*decides, *family.seconds), 5),
        "frames": fields.integer("frames", 29, 289) if family.version == "1.0" else None,
        "seed": -1 if seed is None else seed,
        "watermark": fields.flag("watermark"),
        "camera_fixed": fields.flag("camera_fixed") if family.reads_flags else False,
        "generate_audio": fields.flag("generate_audio", default=True) if family.has_sound else False,
        "return_last_frame": fields.flag("return_last_frame"),
        "service_tier": fields.choice("service_tier", tiers, "default"),
        "execution_expires_after": fields.integer("execution_expires_after", 3600, 259_200) or 172_800,
        "draft": fields.flag("draft") if family.version == "1.5" else False,
    }
    fields.text("safety_identifier")
    fields.integer("priority", 0, 9)
    if family.version == "2.0":
        for tool in fields.items("tools"):
            tool.choice("type", ("web_search",))
    if family.version == "2.5":
        fields.choice("omni_reference_task_type", ("auto", "reference", "edit", "extend"), "auto")
        fields.choice("output_format", ("mp4", "mov"), "mp4")
    return said


def _check_together(fields: Fields, family: _Family, content: _Content, said: dict[str, Any]) -> None:
    """What single fields allow and their combination does not."""
    frames, references = "first_frame" in content.roles, "reference_image" in content.roles
    if said["frames"] is not None and (said["frames"] - 25) % 4:
        raise fields.wrong("frames", f"is {said['frames']}, must be 25 + 4n")
    if said["draft"] and (said["resolution"] != "480p" or said["return_last_frame"] or said["service_tier"] == "flex"):
        raise fields.wrong("draft", "goes with 480p only, without return_last_frame and flex")
    if family.version == "2.5" and frames and said["ratio"] != "adaptive":
        raise fields.wrong("ratio", "must be adaptive or absent with frames")
    if family.version == "1.0" and references and (said["camera_fixed"] or said["resolution"] == "1080p"):
        raise fields.wrong("content", "reference images go neither with camera_fixed nor with 1080p")


def _read_flags(text: str, family: _Family) -> dict[str, Any]:
    """The flags that 1.x models read out of the prompt, where they beat the fields. A bad value is passed over."""
    frames = range(29, 290, 4) if family.version == "1.0" else range(0)
    numbers: Mapping[str, range] = {"duration": family.seconds, "frames": frames, "seed": range(2**32)}
    booleans = {"true": True, "false": False}
    words: Mapping[str, Collection[str]] = {
        "resolution": family.sizes, "ratio": (*_RATIOS, "adaptive"), "watermark": booleans, "camera_fixed": booleans,
    }  # fmt: skip
    found: dict[str, Any] = {}
    for name, value in re.findall(r"--([a-z]+)[ =]+(\S+)", text):
        flag = _FLAGS.get(name, "")
        if value.isdecimal() and int(value) in numbers.get(flag, ()):
            found[flag] = int(value)
        elif value in words.get(flag, ()):
            found[flag] = booleans.get(value, value)
    return found


def _clip(said: dict[str, Any], family: _Family, first_frame: Size | None) -> dict[str, Any]:
    """What is made and billed, with the values that the record reports where the model was to decide."""
    ratio = said["ratio"]
    if ratio == "adaptive":
        shape = first_frame[0] / first_frame[1] if first_frame else 16 / 9
        ratio = min(_RATIOS, key=lambda name: abs(math.log(aspect_of(name) / shape)))
    width_px, height_px = _size(family, said["resolution"], ratio)
    duration = 5 if said["duration"] == -1 else said["duration"]
    seconds = said["frames"] / 24 if said["frames"] else float(duration)
    # One frame more than 24 a second: the documents' own example bills 108,900 tokens for 5 s of 1280x720.
    frames = said["frames"] or 24 * duration + 1
    return {
        "ratio": ratio,
        "duration": duration,
        "width_px": width_px,
        "height_px": height_px,
        "duration_seconds": seconds,
        "billed_seconds": seconds,
        "audio": said["generate_audio"],
        "tokens": width_px * height_px * frames // 1024,
    }


def _size(family: _Family, resolution: str, ratio: str) -> Size:
    """As large as the 16:9 of this resolution."""
    wide = family.sizes[resolution]
    if ratio == "16:9":
        return wide
    if ratio == "9:16":
        return wide[1], wide[0]
    area, step = wide[0] * wide[1], 16 if family.version == "1.0" else 2
    width_px = step * round(math.sqrt(area * aspect_of(ratio)) / step)
    return width_px, step * round(area / width_px / step)
