from __future__ import annotations

from typing import Any

import pytest
from catalogue_examples import DRAWN_SEED, NO_IMAGES, an_image, fitted

from filmgate.catalogue.fit import ConformTarget
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Adjustment, Images, Mode

FRAME = Images(first_frame=an_image())
BOTH_FRAMES = Images(first_frame=an_image(), last_frame=an_image())


def refusal(model: str, images: Images = NO_IMAGES, **asked: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        fitted(model, images, **asked)
    return caught.value


@pytest.mark.parametrize("images", [Images(), FRAME, Images(first_frame=an_image(1024, 1024))])
def test_the_reference_request_is_accepted_as_printed(images: Images) -> None:
    asked = {"duration_seconds": 5.0, "width_px": 1280, "height_px": 720, "fps": 30, "seed": 20231234, "n": 1}
    result = fitted("kling-v1", images, **asked)
    assert result.adjustments == ()
    assert result.request.duration_seconds == 5
    assert result.request.seed is None
    assert result.conform == ConformTarget(1280, 720, 30)
    assert "seed: kling-v1 takes no seed; this clip cannot be reproduced by seed" in result.warnings


def test_a_bare_prompt_gets_the_defaults() -> None:
    request = fitted("kling-2.6").request
    assert (request.mode, request.duration_seconds) == (Mode.TEXT_TO_VIDEO, 5)
    assert (request.width_px, request.height_px, request.aspect_ratio, request.resolution) == (
        1280,
        720,
        "16:9",
        "720p",
    )
    assert (request.upstream_model, request.generate_audio, request.fps) == ("kling-2.6", False, None)
    assert fitted("kling-2.6").conform is None


def test_the_embedded_model_gets_its_defaults() -> None:
    result = fitted("animatic-1")
    request = result.request
    assert (request.width_px, request.height_px, request.fps, request.seed) == (1280, 720, 30, DRAWN_SEED)
    assert (result.conform, result.price.usd_micros) == (None, 0)


def test_an_alias_is_sent_upstream_under_the_name_of_its_model() -> None:
    assert fitted("kling-v2-6").request.model == "kling-2.6"


# --- duration


def test_a_duration_off_the_list_is_refused_with_the_list() -> None:
    error = refusal("kling-v1", duration_seconds=7.0)
    assert error.message == "duration: kling-v1 makes clips of 5 or 10 seconds; got 7"
    assert (error.code, error.param, error.http_status) == ("invalid_parameter", "duration", 400)


@pytest.mark.parametrize(
    ("model", "asked", "used"),
    [
        ("kling-v1", 7.0, 5),
        ("kling-v1", 3.0, 5),
        ("kling-v1", 60.0, 10),
        ("kling-3.0", 4.5, 4),
        ("kling-3.0", 1.0, 3),
        ("animatic-1", 0.2, 0.5),
        ("animatic-1", 99.0, 60),
    ],
)
def test_the_nearest_duration_is_on_the_cheaper_side(model: str, asked: float, used: float) -> None:
    result = fitted(model, duration_seconds=asked, on_mismatch="nearest")
    assert result.request.duration_seconds == used
    (adjustment,) = result.adjustments
    assert (adjustment.param, adjustment.asked, adjustment.used) == ("duration", asked, used)
    assert adjustment.reason.startswith(f"{model} makes clips of ")


def test_an_adjustment_shows_whole_numbers_whole() -> None:
    result = fitted("kling-v1", duration_seconds=7.0, on_mismatch="nearest")
    reason = "kling-v1 makes clips of 5 or 10 seconds"
    assert repr(result.adjustments) == repr((Adjustment("duration", 7, 5, reason),))


def test_a_rule_narrows_durations_and_is_named() -> None:
    error = refusal("kling-v1", BOTH_FRAMES, duration_seconds=10.0)
    assert error.message == "duration: kling-v1 in mode first_last_frame makes clips of 5 seconds; got 10"
    assert fitted("kling-v1", FRAME, duration_seconds=10.0).request.duration_seconds == 10


def test_o1_animates_a_first_frame_for_5_or_10_seconds_only() -> None:
    assert refusal("kling-o1", FRAME, duration_seconds=7.0).param == "duration"
    assert fitted("kling-o1", duration_seconds=7.0).request.duration_seconds == 7
    assert fitted("kling-o1", BOTH_FRAMES, duration_seconds=7.0).request.duration_seconds == 7


# --- sound


def test_sound_forces_1080p_on_2_6() -> None:
    loud = fitted("kling-2.6", generate_audio=True)
    assert (loud.request.resolution, loud.request.generate_audio) == ("1080p", True)
    error = refusal("kling-2.6", generate_audio=True, resolution="720p")
    assert (error.code, error.param) == ("invalid_parameter", "resolution")
    assert "with sound makes 1080p; got 720p" in error.message


def test_nearest_raises_the_resolution_only_where_nothing_is_cheaper() -> None:
    result = fitted("kling-2.6", generate_audio=True, resolution="720p", on_mismatch="nearest")
    assert result.request.resolution == "1080p"
    assert [(each.param, each.asked, each.used) for each in result.adjustments] == [("resolution", "720p", "1080p")]


def test_sound_that_a_model_does_not_make_is_refused_or_dropped() -> None:
    error = refusal("kling-2.5-turbo", generate_audio=True)
    assert (error.code, error.param) == ("unsupported_parameter", "generate_audio")
    result = fitted("kling-2.5-turbo", generate_audio=True, on_mismatch="nearest")
    assert result.request.generate_audio is False
    assert result.adjustments[0].used is None


def test_silence_is_what_a_silent_model_makes() -> None:
    assert fitted("kling-2.5-turbo", generate_audio=False).adjustments == ()


def test_a_model_that_always_makes_sound_cannot_be_silent() -> None:
    assert fitted("kling-3.0-turbo").request.generate_audio is True
    assert refusal("kling-3.0-turbo", generate_audio=False).code == "unsupported_parameter"
    result = fitted("kling-3.0-turbo", generate_audio=False, on_mismatch="nearest")
    assert (result.request.generate_audio, result.adjustments[0].used) == (True, True)


# --- frame rate


def test_a_frame_rate_a_model_does_not_take_is_made_by_conform() -> None:
    slower = fitted("kling-v1", fps=24)
    assert (slower.request.fps, slower.conform) == (30, ConformTarget(fps=24))
    assert slower.warnings == ("fps: kling-v1 makes 30 frames per second; the clip is re-timed to 24",)
    unknown = fitted("kling-3.0", fps=24)
    assert (unknown.request.fps, unknown.conform, unknown.warnings) == (None, ConformTarget(fps=24), ())


def test_without_conform_a_differing_frame_rate_is_a_mismatch() -> None:
    assert fitted("kling-v1", fps=30, conform="native").conform is None
    error = refusal("kling-v1", fps=24, conform="native")
    assert (error.code, error.param) == ("unsupported_parameter", "fps")
    result = fitted("kling-v1", fps=24, conform="native", on_mismatch="nearest")
    assert (result.request.fps, result.conform) == (30, None)
    assert (result.adjustments[0].asked, result.adjustments[0].used) == (24, 30)
    assert refusal("kling-3.0", fps=24, conform="native").param == "fps"


def test_the_native_frame_rate_follows_the_mode_on_1_6() -> None:
    assert fitted("kling-v1-6").request.fps == 24
    assert fitted("kling-v1-6", FRAME).request.fps == 30


def test_the_embedded_model_makes_any_whole_frame_rate_itself() -> None:
    result = fitted("animatic-1", fps=57)
    assert (result.request.fps, result.conform) == (57, None)


# --- seed


@pytest.mark.parametrize("asked", [None, -1])
def test_a_seed_is_drawn_where_the_model_takes_one(asked: int | None) -> None:
    assert fitted("animatic-1", seed=asked).request.seed == DRAWN_SEED
    result = fitted("kling-3.0", seed=asked)
    assert (result.request.seed, result.warnings) == (None, ())


def test_an_asked_seed_is_used_and_zero_is_a_seed() -> None:
    assert fitted("animatic-1", seed=0).request.seed == 0
    assert fitted("animatic-1", seed=4294967295).request.seed == 4294967295


def test_a_seed_out_of_range_is_a_mismatch() -> None:
    assert refusal("animatic-1", seed=-5).param == "seed"
    assert fitted("animatic-1", seed=4294967296, on_mismatch="nearest").request.seed == 4294967295


# --- texts


@pytest.mark.parametrize(
    ("field", "model"),
    [("negative_prompt", "kling-3.0"), ("camera", "kling-3.0")],
)
def test_a_feature_the_model_has_not_is_refused_or_dropped(field: str, model: str) -> None:
    error = refusal(model, **{field: "blur"})
    assert (error.code, error.param) == ("unsupported_parameter", field)
    assert error.message == f"{field}: kling-3.0 takes no {field}; got blur"
    result = fitted(model, **{field: "blur"}, on_mismatch="nearest")
    assert getattr(result.request, field) is None
    assert [(each.param, each.asked, each.used) for each in result.adjustments] == [(field, "blur", None)]


@pytest.mark.parametrize("field", ["style", "quality_level"])
def test_a_hint_the_model_has_not_earns_a_warning(field: str) -> None:
    result = fitted("kling-3.0", **{field: "blur"})
    assert getattr(result.request, field) is None
    assert result.adjustments == ()
    assert any(warning.startswith(f"{field}: kling-3.0 takes no {field}") for warning in result.warnings)


@pytest.mark.parametrize("field", ["negative_prompt", "style", "quality_level", "camera"])
def test_a_blank_text_asks_for_nothing(field: str) -> None:
    result = fitted("kling-3.0", **{field: " "})
    assert (getattr(result.request, field), result.adjustments) == (None, ())


def test_words_are_matched_without_regard_to_case() -> None:
    assert fitted("kling-v1", camera="Down_Back").request.camera == "down_back"
    assert fitted("animatic-1", style="NOIR", quality_level="HIGH").request.style == "noir"


def test_a_word_off_the_list_is_refused_with_the_list() -> None:
    error = refusal("animatic-1", quality_level="best")
    assert error.message == "quality_level: animatic-1 takes draft or standard or high; got best"
    assert fitted("animatic-1", quality_level="best", on_mismatch="nearest").request.quality_level is None


def test_any_style_within_its_length_reaches_the_embedded_model() -> None:
    assert fitted("animatic-1", style="woodcut").request.style == "woodcut"
    assert "up to 64 characters" in refusal("animatic-1", style="x" * 65).message


def test_a_last_frame_takes_the_camera_away_from_kling_v1() -> None:
    assert fitted("kling-v1", FRAME, camera="down_back").request.camera == "down_back"
    error = refusal("kling-v1", BOTH_FRAMES, camera="down_back")
    assert error.message == "camera: kling-v1 in mode first_last_frame takes no camera; got down_back"


def test_a_prompt_is_required_counted_and_never_shortened() -> None:
    for blank in (None, "", "  "):
        error = refusal("kling-3.0", prompt=blank, on_mismatch="nearest")
        assert (error.code, error.param) == ("missing_parameter", "prompt")
    assert fitted("kling-3.0", FRAME, prompt="").request.prompt is None
    assert fitted("animatic-1", FRAME, prompt=None).request.prompt is None
    assert fitted("kling-3.0", prompt="x" * 3072).request.prompt == "x" * 3072
    error = refusal("kling-3.0", FRAME, prompt="x" * 2501, on_mismatch="nearest")
    assert (
        error.message
        == "prompt: kling-3.0 in mode image_to_video or first_last_frame takes up to 2500 characters; got 2501"
    )


def test_a_negative_prompt_has_its_own_length() -> None:
    assert fitted("kling-v1", negative_prompt="blur").request.negative_prompt == "blur"
    assert "up to 2500 characters; got 2501" in refusal("kling-v1", negative_prompt="x" * 2501).message


def test_a_long_text_is_not_quoted_back_whole() -> None:
    assert len(refusal("kling-3.0", negative_prompt="x" * 5000).message) < 200


# --- n, extra fields, provider options


def test_n_is_bounded_by_the_model_and_by_the_server() -> None:
    assert fitted("kling-v1", n=4).outputs == 4
    assert refusal("kling-v1", n=5).message == "n: kling-v1 makes 1 to 4 outputs per video here; got 5"
    assert refusal("kling-v1", n=3, n_cap=2).param == "n"
    assert fitted("kling-v1", n=9, n_cap=8, on_mismatch="nearest").outputs == 4
    assert fitted("kling-v1", n=0, on_mismatch="nearest").outputs == 1


def test_an_undeclared_field_is_unknown() -> None:
    error = refusal("kling-3.0", extra={"cfg_scale": 0.5}, on_mismatch="nearest")
    assert (error.code, error.param) == ("unknown_parameter", "cfg_scale")


def test_provider_options_pass_untouched_if_declared() -> None:
    options = {"cfg_scale": 0.5, "watermark_info": {"enabled": True}}
    assert fitted("kling-v1", provider_options=options).request.provider_options == options
    error = refusal("kling-3.0", provider_options={"resolution": "4k"})
    assert (error.code, error.param) == ("unknown_parameter", "provider_options.resolution")
    assert "multi_shot" in error.message


# --- price


@pytest.mark.parametrize(
    ("model", "asked", "usd_micros"),
    [
        ("kling-3.0", {}, 420_000),
        ("kling-3.0", {"duration_seconds": 15.0, "resolution": "4k", "generate_audio": True}, 6_300_000),
        ("kling-3.0", {"duration_seconds": 3.0, "generate_audio": True}, 378_000),
        ("kling-2.6", {"duration_seconds": 10.0, "generate_audio": True}, 1_400_000),
        ("kling-2.5-turbo", {"resolution": "1080p"}, 350_000),
    ],
)
def test_the_quote_is_for_one_clip(model: str, asked: dict[str, Any], usd_micros: int) -> None:
    price = fitted(model, **asked).price
    assert price.usd_micros == usd_micros
    assert price.for_outputs(3).usd_micros == 3 * usd_micros
    assert price.for_outputs(3).for_outputs(2).usd_micros == 2 * usd_micros
    assert price.source
    assert price.checked_on
    assert price.unit.endswith("USD per second")


def test_an_unknown_price_stays_unknown() -> None:
    price = fitted("kling-v1").price
    assert (price.kind, price.usd_micros, price.for_outputs(4).usd_micros) == ("unknown", None, None)
