"""What the schema offers and no shipped model uses yet, on a model of our own."""

from __future__ import annotations

from typing import Any

import pytest
from catalogue_examples import DRAWN_SEED, an_image, fitted, with_dolly

from filmgate.catalogue.fit import ConformTarget
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images

TALL = Images(first_frame=an_image(720, 1280))
FLAT = [{"usd_per_second": "0.1"}]


def refusal(**asked: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        fitted("dolly-2", **asked)
    return caught.value


def test_a_frame_rate_off_the_list_is_made_from_the_closest() -> None:
    catalogue = with_dolly(fps=[24, 48], default_fps=24)
    assert fitted("dolly-2", among=catalogue).request.fps == 24
    assert fitted("dolly-2", among=catalogue, fps=48).conform is None
    result = fitted("dolly-2", among=catalogue, fps=30)
    assert (result.request.fps, result.conform) == (24, ConformTarget(fps=30))
    assert result.warnings == ("fps: dolly-2 makes 24 frames per second; the clip is re-timed to 30",)
    error = refusal(among=catalogue, fps=30, conform="native")
    assert (error.code, error.message) == (
        "invalid_parameter",
        "fps: dolly-2 makes 24 or 48 frames per second; got 30",
    )
    nearest = fitted("dolly-2", among=catalogue, fps=30, conform="native", on_mismatch="nearest")
    assert (nearest.request.fps, nearest.conform) == (24, None)


def test_a_drawn_seed_fits_the_model() -> None:
    assert fitted("dolly-2", among=with_dolly(seed_max=99)).request.seed == DRAWN_SEED % 100


def test_a_rule_can_take_the_seed_away() -> None:
    catalogue = with_dolly(seed_max=99, rules=[{"when": {"mode": "image_to_video"}, "without": ["seed"]}])
    assert fitted("dolly-2", among=catalogue, seed=7).request.seed == 7
    result = fitted("dolly-2", TALL, among=catalogue, seed=7)
    assert result.request.seed is None
    assert result.warnings[-1].startswith("seed: ")


def test_a_rule_can_close_a_case_and_says_why() -> None:
    rule = {"when": {"audio": True, "resolution": "720p"}, "refused": "dolly-2 makes no sound at 720p"}
    catalogue = with_dolly(rules=[rule], prices=FLAT)
    assert fitted("dolly-2", among=catalogue, generate_audio=True, resolution="1080p").request.generate_audio
    error = refusal(among=catalogue, generate_audio=True, resolution="720p", on_mismatch="nearest")
    assert (error.code, error.message) == ("unsupported_parameter", "model: dolly-2 makes no sound at 720p")


def test_a_rule_can_narrow_sound_by_mode() -> None:
    catalogue = with_dolly(rules=[{"when": {"mode": "image_to_video"}, "audio": "none"}], prices=FLAT)
    assert fitted("dolly-2", among=catalogue, generate_audio=True).request.generate_audio is True
    error = refusal(among=catalogue, images=TALL, generate_audio=True)
    assert error.message == "generate_audio: dolly-2 in mode image_to_video makes no sound; got True"


def test_a_rule_on_the_resolution_narrows_the_duration() -> None:
    catalogue = with_dolly(rules=[{"when": {"resolution": "1080p"}, "durations_seconds": [5]}])
    assert fitted("dolly-2", among=catalogue, duration_seconds=10.0).request.duration_seconds == 10
    error = refusal(among=catalogue, duration_seconds=10.0, resolution="1080p")
    assert error.message == "duration: dolly-2 at 1080p makes clips of 5 seconds; got 10"


def test_the_default_duration_gives_way_to_a_rule() -> None:
    rules = [{"when": {"resolution": "1080p"}, "durations_seconds": [10]}]
    assert fitted("dolly-2", among=with_dolly(rules=rules), resolution="1080p").request.duration_seconds == 10


def test_the_native_frame_rate_can_hang_on_the_resolution() -> None:
    catalogue = with_dolly(native_fps=24, rules=[{"when": {"resolution": "1080p"}, "native_fps": 25}])
    assert fitted("dolly-2", among=catalogue).request.fps == 24
    assert fitted("dolly-2", among=catalogue, resolution="1080p").request.fps == 25


def test_a_model_that_does_not_follow_the_image_is_asked_for_its_shape() -> None:
    sizes = {"720p": {"16:9": "1280x720", "9:16": "720x1280"}}
    catalogue = with_dolly(sizes=sizes, prices=FLAT)
    assert fitted("dolly-2", TALL, among=catalogue).request.aspect_ratio == "9:16"
    assert fitted("dolly-2", TALL, among=catalogue, aspect_ratio="16:9").request.width_px == 1280


def test_sound_can_be_on_by_default() -> None:
    catalogue = with_dolly(default_audio=True)
    assert fitted("dolly-2", among=catalogue).request.generate_audio is True
    assert fitted("dolly-2", among=catalogue, generate_audio=False).request.generate_audio is False


def test_declared_further_fields_reach_the_provider() -> None:
    catalogue = with_dolly(extra_fields=["loop"])
    assert fitted("dolly-2", among=catalogue, extra={"loop": True}).request.extra == {"loop": True}
    error = refusal(among=catalogue, extra={"lop": True})
    assert (error.param, "it takes loop" in error.message) == ("lop", True)


def test_amounts_of_a_price_row_add_up() -> None:
    price = fitted("dolly-2", among=with_dolly(), generate_audio=True, resolution="1080p").price
    assert price.usd_micros == 1_010_000
    assert price.unit == "0.2 USD per second and 0.01 USD per clip"
    assert price.source == "https://docs.acme.example/pricing"


def test_a_price_can_hang_on_the_duration() -> None:
    rows = [
        {"durations_seconds": [5], "usd_per_clip": "0.3"},
        {"durations_seconds": [10], "usd_per_clip": "0.9"},
    ]
    catalogue = with_dolly(prices=rows)
    assert fitted("dolly-2", among=catalogue).price.usd_micros == 300_000
    assert fitted("dolly-2", among=catalogue, duration_seconds=10.0).price.usd_micros == 900_000


def test_an_untracked_price_is_none_and_says_so() -> None:
    price = fitted("dolly-2", among=with_dolly(prices=None, price="untracked")).price
    assert (price.kind, price.usd_micros, price.unit) == ("untracked", None, "untracked")


def test_an_image_can_be_too_large() -> None:
    catalogue = with_dolly(images={"max_side_px": 1000})
    assert "sides are at most 1000 px; got 720x1280" in refusal(among=catalogue, images=TALL).message


def test_a_model_without_images_says_so() -> None:
    catalogue = with_dolly(modes=["text_to_video"])
    error = refusal(among=catalogue, images=TALL, on_mismatch="nearest")
    assert (error.code, error.param) == ("unsupported_parameter", "image")
