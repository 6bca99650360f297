from __future__ import annotations

from typing import Any

import pytest
from catalogue_examples import NO_IMAGES, an_image, fitted

from filmgate.catalogue.fit import ConformTarget, Fitted
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images

WIDE = Images(first_frame=an_image(1920, 1080))
SQUARE = Images(first_frame=an_image(1024, 1024))


def size(width_px: int, height_px: int) -> dict[str, int]:
    return {"width_px": width_px, "height_px": height_px}


def refusal(model: str, images: Images = NO_IMAGES, **asked: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        fitted(model, images, **asked)
    return caught.value


def made(result: Fitted) -> tuple[int | None, int | None, str | None, str | None]:
    request = result.request
    return request.width_px, request.height_px, request.aspect_ratio, request.resolution


def changes(result: Fitted) -> list[tuple[str, Any, Any]]:
    return [(each.param, each.asked, each.used) for each in result.adjustments]


# --- a model with a table of sizes


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((1280, 720), (1280, 720, "16:9", "720p")),
        ((720, 1280), (720, 1280, "9:16", "720p")),
        ((1440, 1440), (1440, 1440, "1:1", "1080p")),
        ((3840, 2160), (3840, 2160, "16:9", "4k")),
    ],
)
def test_a_native_size_says_resolution_and_aspect(asked: tuple[int, int], expected: tuple[Any, ...]) -> None:
    result = fitted("kling-3.0", **size(*asked))
    assert made(result) == expected
    assert result.warnings == ()
    assert result.conform == ConformTarget(*asked)  # what the file really is, is known only when it is there


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((1000, 600), (1280, 720, "16:9", "720p")),
        ((720, 720), (960, 960, "1:1", "720p")),
        ((500, 700), (720, 1280, "9:16", "720p")),
        ((900, 800), (960, 960, "1:1", "720p")),
        ((1000, 1000), (1440, 1440, "1:1", "1080p")),
        ((1300, 720), (1920, 1080, "16:9", "1080p")),
        ((16, 16), (960, 960, "1:1", "720p")),
    ],
)
def test_another_size_is_cut_out_of_the_cheapest_that_covers_it(
    asked: tuple[int, int], expected: tuple[Any, ...]
) -> None:
    result = fitted("kling-2.6", **size(*asked))
    assert made(result) == expected
    assert result.conform == ConformTarget(*asked)
    assert f"scaled and cropped to {asked[0]}x{asked[1]}" in result.warnings[0]


def test_a_size_beyond_the_table_is_a_mismatch() -> None:
    error = refusal("kling-2.6", **size(2560, 1440))
    assert (error.code, error.param) == ("invalid_parameter", "size")
    assert "1280x720, 720x1280, 960x960, 1920x1080, 1080x1920, 1440x1440" in error.message
    assert error.message.endswith("got 2560x1440")
    result = fitted("kling-2.6", **size(2560, 1440), on_mismatch="nearest")
    assert made(result) == (1920, 1080, "16:9", "1080p")
    assert changes(result) == [("size", "2560x1440", "1920x1080")]
    assert result.conform == ConformTarget(1920, 1080)


def test_a_long_strip_beyond_the_table_takes_the_cheap_resolution() -> None:
    result = fitted("kling-2.6", **size(4000, 100), on_mismatch="nearest")
    assert made(result) == (1280, 720, "16:9", "720p")


def test_without_conform_only_native_sizes_fit() -> None:
    assert fitted("kling-2.6", **size(1280, 720), conform="native").conform is None
    assert refusal("kling-2.6", **size(1000, 600), conform="native").param == "size"
    cheaper = fitted("kling-2.6", **size(1800, 1000), conform="native", on_mismatch="nearest")
    assert made(cheaper) == (1280, 720, "16:9", "720p")
    assert changes(cheaper) == [("size", "1800x1000", "1280x720")]
    assert cheaper.conform is None


def test_resolution_and_aspect_alone_pick_the_size() -> None:
    assert made(fitted("kling-3.0", aspect_ratio="9:16", resolution="1080P")) == (1080, 1920, "9:16", "1080p")
    assert made(fitted("kling-3.0", resolution="4K")) == (3840, 2160, "16:9", "4k")
    assert made(fitted("kling-3.0", aspect_ratio="1280:720")) == (1280, 720, "16:9", "720p")


def test_an_aspect_off_the_list_is_a_mismatch() -> None:
    error = refusal("kling-3.0", aspect_ratio="21:9")
    assert error.message == "aspect_ratio: kling-3.0 makes 16:9 or 9:16 or 1:1; got 21:9"
    result = fitted("kling-3.0", aspect_ratio="21:9", on_mismatch="nearest")
    assert changes(result) == [("aspect_ratio", "21:9", "16:9")]


@pytest.mark.parametrize(("asked", "used"), [("4k", "1080p"), ("1440p", "1080p"), ("900p", "720p"), ("480p", "720p")])
def test_the_nearest_resolution_is_on_the_cheaper_side(asked: str, used: str) -> None:
    assert f"makes 720p or 1080p; got {asked}" in refusal("kling-2.6", resolution=asked).message
    result = fitted("kling-2.6", resolution=asked, on_mismatch="nearest")
    assert changes(result) == [("resolution", asked, used)]


@pytest.mark.parametrize("field", ["aspect_ratio", "resolution"])
@pytest.mark.parametrize("model", ["kling-2.6", "animatic-1"])
def test_text_without_a_meaning_has_no_nearest(field: str, model: str) -> None:
    assert refusal(model, **{field: "huge"}, on_mismatch="nearest").param == field


@pytest.mark.parametrize("model", ["kling-2.6", "animatic-1"])
@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({**size(1280, 720), "aspect_ratio": "1:1"}, "aspect_ratio"),
        ({**size(1280, 720), "resolution": "1080p"}, "resolution"),
        ({**size(1920, 1080), "resolution": "720p"}, "resolution"),
    ],
)
def test_a_size_that_contradicts_is_refused_even_for_nearest(model: str, asked: dict[str, Any], param: str) -> None:
    error = refusal(model, **asked, on_mismatch="nearest")
    assert (error.code, error.param) == ("conflicting_parameters", param)


@pytest.mark.parametrize("model", ["kling-2.6", "animatic-1"])
def test_a_size_may_be_said_twice_alike(model: str) -> None:
    result = fitted(model, **size(1920, 1080), aspect_ratio="16:9", resolution="1080p")
    assert made(result)[:2] == (1920, 1080)


@pytest.mark.parametrize(("given", "missing"), [("width_px", "height"), ("height_px", "width")])
def test_half_a_size_is_refused(given: str, missing: str) -> None:
    error = refusal("animatic-1", **{given: 640})
    assert (error.code, error.param) == ("missing_parameter", missing)


def test_a_named_resolution_holds_a_size_beyond_the_table_down() -> None:
    result = fitted("kling-2.6", **size(4000, 3000), resolution="720p", on_mismatch="nearest")
    assert made(result)[3] == "720p"
    assert result.request.resolution == "720p"


def test_an_unknown_resolution_beside_a_size_gives_way_to_it() -> None:
    assert refusal("kling-2.6", **size(1280, 720), resolution="768p").param == "resolution"
    result = fitted("kling-2.6", **size(1280, 720), resolution="768p", on_mismatch="nearest")
    assert changes(result) == [("resolution", "768p", "720p")]


# --- a table of sizes, and a first frame that the output follows


def test_with_an_image_kling_is_sent_no_aspect_and_conform_makes_the_size_exact() -> None:
    result = fitted("kling-2.6", SQUARE, **size(1920, 1080))
    assert made(result) == (None, None, None, "1080p")
    assert result.conform == ConformTarget(1920, 1080)
    assert "in the shape of the image at 1080p" in result.warnings[0]


def test_an_image_of_the_asked_shape_needs_no_warning() -> None:
    result = fitted("kling-2.6", WIDE, **size(1280, 720))
    assert (result.warnings, result.conform) == ((), ConformTarget(1280, 720))
    assert fitted("kling-2.6", WIDE, **size(1280, 720), conform="native").adjustments == ()


def test_without_a_size_the_output_keeps_the_shape_of_the_image() -> None:
    result = fitted("kling-2.6", SQUARE)
    assert (made(result), result.conform) == ((None, None, None, "720p"), None)


def test_an_aspect_beside_an_image_of_another_shape_is_made_by_conform() -> None:
    result = fitted("kling-2.6", SQUARE, aspect_ratio="16:9")
    assert result.conform == ConformTarget(1280, 720)
    assert result.warnings
    assert fitted("kling-2.6", WIDE, aspect_ratio="16:9").conform is None


def test_without_conform_a_shape_against_the_image_is_a_mismatch() -> None:
    for asked in (size(1280, 720), {"aspect_ratio": "16:9"}):
        error = refusal("kling-2.6", SQUARE, **asked, conform="native")
        assert error.code == "unsupported_parameter"
        assert "follows the image" in error.message
        result = fitted("kling-2.6", SQUARE, **asked, conform="native", on_mismatch="nearest")
        assert result.adjustments[0].used is None
        assert (made(result), result.conform) == ((None, None, None, "720p"), None)


@pytest.mark.parametrize("model", ["kling-2.6", "kling-2.5-turbo", "kling-v1-5", "kling-v1-6", "kling-v2-1"])
def test_a_last_frame_is_made_at_1080p_only(model: str) -> None:
    images = Images(first_frame=an_image(), last_frame=an_image())
    assert made(fitted(model, images))[3] == "1080p"
    assert refusal(model, images, resolution="720p").param == "resolution"
    cut_down = fitted(model, images, **size(1280, 720))
    assert (made(cut_down)[3], cut_down.conform) == ("1080p", ConformTarget(1280, 720))


# --- a model of free size


@pytest.mark.parametrize("asked", [(64, 64), (4096, 4096), (646, 482)])
def test_a_free_size_is_made_exactly(asked: tuple[int, int]) -> None:
    result = fitted("animatic-1", **size(*asked))
    assert made(result)[:2] == asked
    assert (result.conform, result.warnings) == (None, ())


def test_an_odd_side_is_refused_with_its_neighbours() -> None:
    error = refusal("animatic-1", **size(640, 361))
    assert error.message == (
        "height: animatic-1 makes multiples of 2 from 64 to 4096 px, the nearest are 360 and 362; got 361"
    )
    assert error.param == "height"
    result = fitted("animatic-1", **size(640, 361), on_mismatch="nearest")
    assert changes(result) == [("height", 361, 360)]


def test_a_size_out_of_bounds_keeps_its_shape_as_far_as_it_can() -> None:
    result = fitted("animatic-1", **size(8192, 4320), on_mismatch="nearest")
    assert made(result)[:2] == (4096, 2160)
    assert fitted("animatic-1", **size(16, 40), on_mismatch="nearest").request.height_px == 64
    tall = fitted("animatic-1", **size(1000, 5000), on_mismatch="nearest")
    assert made(tall)[:2] == (818, 4096)
    assert [each.reason for each in tall.adjustments][1] == "keeps the shape"
    assert refusal("animatic-1", **size(1000, 5000)).param == "height"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"resolution": "4k"}, (3840, 2160)),
        ({"resolution": "480p"}, (854, 480)),
        ({"aspect_ratio": "9:16"}, (720, 1280)),
        ({"aspect_ratio": "2.39:1", "resolution": "1080p"}, (2582, 1080)),
        ({"aspect_ratio": "1:1", "resolution": "360p"}, (360, 360)),
    ],
)
def test_names_alone_give_a_free_size(asked: dict[str, str], expected: tuple[int, int]) -> None:
    assert made(fitted("animatic-1", **asked))[:2] == expected


def test_a_free_size_follows_the_image_unless_told_otherwise() -> None:
    assert made(fitted("animatic-1", SQUARE))[:2] == (720, 720)
    assert made(fitted("animatic-1", SQUARE, resolution="1080p"))[:2] == (1080, 1080)
    assert made(fitted("animatic-1", SQUARE, aspect_ratio="16:9"))[:2] == (1280, 720)
    assert made(fitted("animatic-1", Images(first_frame=an_image(10000, 100))))[:2] == (4096, 64)


def test_an_aspect_that_bursts_the_bounds_is_a_mismatch() -> None:
    assert "this would be 7200x720" in refusal("animatic-1", aspect_ratio="10:1").message
    result = fitted("animatic-1", aspect_ratio="10:1", on_mismatch="nearest")
    assert made(result)[:2] == (4096, 408)
    assert changes(result) == [("aspect_ratio", "10:1", "4096:408")]


def test_an_unlisted_resolution_of_a_free_size() -> None:
    assert fitted("animatic-1", **size(1600, 900), resolution="900p").adjustments == ()
    assert "got 900p" in refusal("animatic-1", resolution="900p").message
    result = fitted("animatic-1", resolution="900p", on_mismatch="nearest")
    assert changes(result) == [("resolution", "900p", "720p")]
