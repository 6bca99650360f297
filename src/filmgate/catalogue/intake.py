"""Which mode a request is in, and whether its prompt, images and further fields are what the model takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from filmgate.catalogue.limits import Limits
from filmgate.catalogue.mismatch import Mismatches
from filmgate.catalogue.model import ImageLimits, ModelEntry
from filmgate.catalogue.prompt_flags import take_out_flags
from filmgate.catalogue.sizes import parse_aspect_ratio
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images, InputImage, Mode, VideoParams


def check_declared(params: VideoParams, entry: ModelEntry) -> None:
    """Raises InvalidRequest (`unknown_parameter`) for a field or provider option that the model does not declare.

    Undeclared provider options are refused because they reach the provider untouched: one that changed the
    resolution or the length would change the price behind the back of the quote.
    """
    for prefix, given, declared in (
        ("", params.extra, entry.extra_fields),
        ("provider_options.", params.provider_options, entry.provider_options),
    ):
        for name in given:
            if name not in declared:
                known = f"it takes {', '.join(declared)}" if declared else "it takes none"
                what = "option" if prefix else "further field"
                message = f"{prefix}{name}: {entry.id} declares no such {what}; {known}"
                raise InvalidRequest(message, code="unknown_parameter", param=f"{prefix}{name}")


def choose_mode(images: Images, entry: ModelEntry, mismatches: Mismatches) -> tuple[Mode, Images]:
    """The mode that the images ask for, and the images it uses. A first frame is never dropped: it is the request."""
    images = _fit_last_frame(_fit_references(images, entry, mismatches), entry, mismatches)
    if images.references:
        return Mode.REFERENCE_TO_VIDEO, images
    if images.last_frame:
        return Mode.FIRST_LAST_FRAME, images
    if images.first_frame:
        if Mode.IMAGE_TO_VIDEO not in entry.modes:
            message = f"image: {entry.id} takes no first frame; its modes are {', '.join(entry.modes)}"
            raise InvalidRequest(message, code="unsupported_parameter", param="image")
        return Mode.IMAGE_TO_VIDEO, images
    if Mode.TEXT_TO_VIDEO not in entry.modes:
        message = f"image: {entry.id} makes videos from images only; its modes are {', '.join(entry.modes)}"
        raise InvalidRequest(message, code="missing_parameter", param="image")
    return Mode.TEXT_TO_VIDEO, images


def _fit_references(images: Images, entry: ModelEntry, mismatches: Mismatches) -> Images:
    count = len(images.references)
    most = entry.images.references_max
    if count == 0:
        return images
    if most == 0:
        mismatches.drop("reference_images", asked=count, reason=f"{entry.id} takes no reference images")
        return replace(images, references=())
    if images.first_frame or images.last_frame:
        reason = f"{entry.id} takes either reference images or a first and last frame"
        mismatches.drop("reference_images", asked=count, reason=reason)
        return replace(images, references=())
    if count > most:
        reason = f"{entry.id} takes up to {most} reference images"
        mismatches.settle("reference_images", asked=count, used=most, reason=reason)
    return replace(images, references=images.references[:most])


def _fit_last_frame(images: Images, entry: ModelEntry, mismatches: Mismatches) -> Images:
    if images.last_frame is None:
        return images
    if images.first_frame is None:
        message = "image: a last frame needs a first frame; none was sent"
        raise InvalidRequest(message, code="missing_parameter", param="image")
    if Mode.FIRST_LAST_FRAME not in entry.modes:
        mismatches.drop("last_frame", asked=_words(images.last_frame), reason=f"{entry.id} takes no last frame")
        return replace(images, last_frame=None)
    return images


def check_images(images: Images, entry: ModelEntry) -> None:
    """Raises InvalidRequest (`invalid_image`) naming what an image is and what it may be."""
    for param, image in _named(images):
        for problem in _image_problems(image, entry.images):
            raise InvalidRequest(f"{param}: {entry.id} takes {problem}", code="invalid_image", param=param)


def _named(images: Images) -> Iterable[tuple[str, InputImage]]:
    if images.first_frame:
        yield "image", images.first_frame
    if images.last_frame:
        yield "last_frame", images.last_frame
    for index, image in enumerate(images.references):
        yield f"reference_images[{index}]", image


def _image_problems(image: InputImage, limits: ImageLimits) -> Iterable[str]:
    if image.media_type not in limits.media_types:
        yield f"{' or '.join(limits.media_types)}; got {image.media_type}"
    if image.size_bytes > limits.max_bytes:
        yield f"images of at most {limits.max_bytes} bytes; got {image.size_bytes}"
    got = f"{image.width_px}x{image.height_px}"
    if min(image.width_px, image.height_px) < limits.min_side_px:
        yield f"images whose sides are at least {limits.min_side_px} px; got {got}"
    if limits.max_side_px is not None and max(image.width_px, image.height_px) > limits.max_side_px:
        yield f"images whose sides are at most {limits.max_side_px} px; got {got}"
    aspect = image.width_px / image.height_px
    lowest, highest = limits.min_aspect_ratio, limits.max_aspect_ratio
    if lowest and aspect < parse_aspect_ratio(lowest):
        yield f"images no narrower than {lowest}; got {got}"
    if highest and aspect > parse_aspect_ratio(highest):
        yield f"images no wider than {highest}; got {got}"


def fit_prompt(prompt: str | None, mode: Mode, limits: Limits, entry: ModelEntry, mismatches: Mismatches) -> str | None:
    """The prompt, None where it is blank. It is never shortened: half a prompt is another request.

    What the model would obey as a setting is taken out of it, and the client is told.
    """
    prompt, flags = take_out_flags(prompt or "", entry.prompt_flags)
    if flags:
        named = ", ".join(f"--{name}" for name in flags)
        mismatches.warn(f"prompt: {entry.id} would obey {named}; taken out, use the fields of the request instead")
    if not prompt.strip():
        if mode in entry.prompt_required:
            got = "only settings" if flags else "none"
            message = f"prompt: {entry.id} needs a prompt in mode {mode}; got {got}"
            raise InvalidRequest(message, code="missing_parameter", param="prompt")
        return None
    if len(prompt) > limits.prompt_max_characters:
        allowed = f"{limits.who('prompt_max_characters')} takes up to {limits.prompt_max_characters} characters"
        raise InvalidRequest(f"prompt: {allowed}; got {len(prompt)}", param="prompt")
    return prompt


def _words(image: InputImage) -> str:
    return f"{image.width_px}x{image.height_px} {image.media_type}"
