"""What Veo's models take on Vertex AI, and what they make of a request. What the documents do not allow is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from filmgate.simulators.fields import Fields
from filmgate.simulators.kit import Refusal
from filmgate.simulators.pictures import BadPicture, PictureRules, look_at

_PICTURES = PictureRules(frozenset({"JPEG", "PNG", "WEBP"}), 20 * 1024 * 1024, data_uri=False, schemes=())
_PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp")
_SIZES = {"720p": (1280, 720), "1080p": (1920, 1080), "4k": (3840, 2160)}


@dataclass(frozen=True, slots=True)
class _Model:
    seconds: tuple[int, ...] = (4, 6, 8)
    resolutions: tuple[str, ...] = ("720p", "1080p", "4k")
    sound: bool = True
    last_frame: bool = False
    reference_types: tuple[str, ...] = ()


_VEO_2 = _Model(seconds=(5, 6, 7, 8), resolutions=(), sound=False)
_VEO_3 = _Model()
_VEO_31 = _Model(last_frame=True, reference_types=("asset",))
_MODELS = {
    "veo-2.0-generate-001": _VEO_2,
    "veo-2.0-generate-exp": _Model(
        seconds=(5, 6, 7, 8), resolutions=(), sound=False, reference_types=("asset", "style")
    ),
    "veo-3.0-generate-001": _VEO_3,
    "veo-3.0-fast-generate-001": _VEO_3,
    "veo-3.1-generate-preview": _VEO_31,
    "veo-3.1-fast-generate-preview": _VEO_31,
    "veo-3.1-generate-001": _VEO_31,
    "veo-3.1-fast-generate-001": _VEO_31,
    "veo-3.1-lite-generate-001": _Model(resolutions=("720p", "1080p"), last_frame=True),
}


def knows(model: str) -> bool:
    return model in _MODELS


def read_request(body: dict[str, Any], model: str) -> dict[str, Any]:
    """What the task notes: the clips' number, size and length, and where they go. Raises Refusal."""
    known = _MODELS[model]
    fields = Fields(body, "INVALID_ARGUMENT")
    instances = fields.items("instances", most=1)
    if not instances:
        raise fields.wrong("instances", "is required")
    parameters = fields.inside("parameters")
    fields.close()
    images, references = _read_instance(instances[0], known)
    data = _read_parameters(parameters, known)
    if references and data["duration_seconds"] != 8:
        raise parameters.wrong("durationSeconds", "must be 8 with reference images")
    return data | {"with_images": images or references}


def _read_instance(instance: Fields, model: _Model) -> tuple[bool, bool]:
    """Whether there are frames, and whether there are reference images."""
    has_image, has_last = instance.has("image"), instance.has("lastFrame")
    if not has_image:
        instance.required_text("prompt")
    instance.text("prompt")
    if has_image:
        _read_image(instance.inside("image"))
    if has_last:
        if not has_image or not model.last_frame:
            raise instance.wrong("lastFrame", "needs an image, and a model that takes it")
        _read_image(instance.inside("lastFrame"))
    references = instance.items("referenceImages", most=3)
    if references and (has_image or not model.reference_types):
        raise instance.wrong("referenceImages", "goes neither with an image nor with this model")
    for reference in references:
        reference.choice("referenceType", model.reference_types)
        _read_image(reference.inside("image"))
        reference.close()
    if instance.has("video"):
        raise instance.wrong("video", "cannot be extended in this simulation")
    instance.close()
    return has_image, bool(references)


def _read_image(image: Fields) -> None:
    image.choice("mimeType", _PICTURE_TYPES)
    encoded, place = image.text("bytesBase64Encoded"), image.text("gcsUri")
    image.close()
    if (encoded is None) == (place is None):
        raise image.wrong("bytesBase64Encoded", "or gcsUri is required, and not both")
    if place is not None and not place.startswith("gs://"):
        raise image.wrong("gcsUri", "must begin with gs://")
    try:
        if encoded is not None:
            look_at(encoded, _PICTURES)
    except BadPicture as error:
        raise image.wrong("bytesBase64Encoded", error.message) from None


def _read_parameters(fields: Fields, model: _Model) -> dict[str, Any]:
    resolution = fields.choice("resolution", model.resolutions, "720p") if model.resolutions else "720p"
    wide, narrow = _SIZES[resolution]
    upright = fields.choice("aspectRatio", ("16:9", "9:16"), "16:9") == "9:16"
    storage_uri = fields.text("storageUri")
    if storage_uri is not None and not storage_uri.startswith("gs://"):
        raise fields.wrong("storageUri", "must begin with gs://")
    data = {
        "width_px": narrow if upright else wide,
        "height_px": wide if upright else narrow,
        "duration_seconds": float(fields.choice("durationSeconds", model.seconds, 8)),
        "audio": fields.flag("generateAudio", default=True) if model.sound else False,
        "samples": fields.choice("sampleCount", (1, 2, 3, 4), 1),
        "storage_uri": storage_uri,
    }
    fields.text("negativePrompt")
    fields.choice("personGeneration", ("allow_adult", "dont_allow", "allow_all"), "allow_adult")
    fields.integer("seed", 0, 2**32 - 1)
    fields.choice("compressionQuality", ("optimized", "lossless"), "optimized")
    fields.choice("resizeMode", ("pad", "crop"), "pad")
    fields.flag("enhancePrompt", default=True)
    fields.close()
    return data


def no_model(model: str) -> Refusal:
    return Refusal(
        "NOT_FOUND",
        f"Publisher Model `publishers/google/models/{model}` was not found or your project does not have access to it.",
    )
