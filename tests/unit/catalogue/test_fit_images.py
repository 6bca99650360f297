from __future__ import annotations

from typing import Any

import pytest
from catalogue_examples import an_image, fitted

from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images, Mode

IMAGE = an_image()


def refusal(model: str, images: Images, **asked: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        fitted(model, images, **asked)
    return caught.value


@pytest.mark.parametrize(
    ("images", "mode"),
    [
        (Images(), Mode.TEXT_TO_VIDEO),
        (Images(first_frame=IMAGE), Mode.IMAGE_TO_VIDEO),
        (Images(first_frame=IMAGE, last_frame=IMAGE), Mode.FIRST_LAST_FRAME),
        (Images(references=(IMAGE, IMAGE)), Mode.REFERENCE_TO_VIDEO),
    ],
)
def test_the_images_say_the_mode(images: Images, mode: Mode) -> None:
    request = fitted("kling-3.0-omni", images).request
    assert (request.mode, request.images) == (mode, images)


def test_a_model_that_only_animates_needs_an_image() -> None:
    error = refusal("kling-v1-5", Images(), on_mismatch="nearest")
    assert (error.code, error.param) == ("missing_parameter", "image")
    assert "image_to_video, first_last_frame" in error.message


def test_a_last_frame_alone_is_refused_everywhere() -> None:
    for model in ("kling-3.0", "kling-3.0-turbo", "animatic-1"):
        error = refusal(model, Images(last_frame=IMAGE), on_mismatch="nearest")
        assert (error.code, error.param) == ("missing_parameter", "image")


def test_a_last_frame_the_model_has_not_is_refused_or_dropped() -> None:
    images = Images(first_frame=IMAGE, last_frame=IMAGE)
    error = refusal("kling-3.0-turbo", images)
    assert (error.code, error.param) == ("unsupported_parameter", "last_frame")
    result = fitted("kling-3.0-turbo", images, on_mismatch="nearest")
    assert result.request.images == Images(first_frame=IMAGE)
    assert result.request.mode is Mode.IMAGE_TO_VIDEO
    assert [(each.param, each.asked, each.used) for each in result.adjustments] == [
        ("last_frame", "1280x720 image/png", None)
    ]


def test_references_are_refused_dropped_or_cut_to_what_the_model_takes() -> None:
    error = refusal("kling-2.6", Images(references=(IMAGE,)))
    assert (error.code, error.param) == ("unsupported_parameter", "reference_images")
    dropped = fitted("kling-2.6", Images(first_frame=IMAGE, references=(IMAGE,)), on_mismatch="nearest")
    assert dropped.request.images == Images(first_frame=IMAGE)
    many = Images(references=(IMAGE,) * 8)
    assert "up to 7 reference images; got 8" in refusal("kling-3.0-omni", many).message
    cut = fitted("kling-3.0-omni", many, on_mismatch="nearest")
    assert len(cut.request.images.references) == 7
    assert (cut.adjustments[0].asked, cut.adjustments[0].used) == (8, 7)


def test_references_and_frames_do_not_go_together() -> None:
    images = Images(first_frame=IMAGE, references=(IMAGE,))
    assert "either reference images or" in refusal("kling-3.0-omni", images).message
    assert fitted("kling-3.0-omni", images, on_mismatch="nearest").request.mode is Mode.IMAGE_TO_VIDEO


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (an_image(299, 720), "sides are at least 300 px; got 299x720"),
        (an_image(2000, 700), "no wider than 2.5:1; got 2000x700"),
        (an_image(700, 2000), "no narrower than 1:2.5; got 700x2000"),
        (an_image(media_type="image/webp"), "image/png or image/jpeg; got image/webp"),
        (an_image(size_bytes=52_428_801), "at most 52428800 bytes; got 52428801"),
    ],
)
def test_an_image_out_of_bounds_is_invalid_even_for_nearest(image: Any, message: str) -> None:
    error = refusal("kling-2.6", Images(first_frame=image), on_mismatch="nearest")
    assert (error.code, error.param) == ("invalid_image", "image")
    assert error.message.startswith("image: kling-2.6 takes ")
    assert message in error.message


@pytest.mark.parametrize("image", [an_image(300, 300), an_image(750, 300), an_image(300, 750)])
def test_an_image_on_the_bound_is_good(image: Any) -> None:
    assert fitted("kling-2.6", Images(first_frame=image)).request.images.first_frame == image


def test_the_error_names_which_image_it_is() -> None:
    small = an_image(100, 100)
    assert refusal("kling-2.6", Images(first_frame=IMAGE, last_frame=small)).param == "last_frame"
    assert refusal("kling-3.0-omni", Images(references=(IMAGE, small))).param == "reference_images[1]"


def test_an_image_that_is_dropped_is_not_checked() -> None:
    images = Images(first_frame=IMAGE, last_frame=an_image(100, 100))
    assert fitted("kling-3.0-turbo", images, on_mismatch="nearest").request.images.last_frame is None


def test_the_embedded_model_takes_every_stored_image() -> None:
    for media_type in ("image/png", "image/jpeg", "image/webp"):
        image = an_image(40, 2000, media_type)
        assert fitted("animatic-1", Images(first_frame=image)).request.mode is Mode.IMAGE_TO_VIDEO
