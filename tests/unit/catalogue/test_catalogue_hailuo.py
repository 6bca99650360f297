"""Hailuo's entries against the vendor's matrix of models, modes, durations and resolutions."""

from __future__ import annotations

from typing import Any

import pytest
from catalogue_examples import an_image, fitted, shipped

from filmgate.catalogue.live_only import refuse_unpriced
from filmgate.catalogue.model import ModelEntry
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images

ENTRIES = [entry for entry in shipped().entries() if entry.provider == "hailuo"]
FRAME = Images(first_frame=an_image())
FRAMES = Images(first_frame=an_image(), last_frame=an_image())


def references(count: int) -> Images:
    return Images(references=(an_image(),) * count)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_the_vendors_own_name_leads_to_the_model_and_its_api(entry: ModelEntry) -> None:
    assert shipped().get(entry.upstream_model) is entry
    assert entry.wire["api"] == ("v2" if entry.upstream_model.startswith("MiniMax-H3") else "v1")


@pytest.mark.parametrize(
    ("model", "images", "asked", "usd_micros"),
    [
        ("hailuo-2.3", Images(), {}, 280_000),
        ("hailuo-2.3", FRAME, {"duration_seconds": 10}, 560_000),
        ("hailuo-2.3", Images(), {"resolution": "1080p"}, 490_000),
        ("hailuo-2.3-fast", FRAME, {}, 190_000),
        ("hailuo-2.3-fast", FRAME, {"duration_seconds": 10}, 320_000),
        ("hailuo-2.3-fast", FRAME, {"resolution": "1080p"}, 330_000),
        ("minimax-h3", Images(), {"duration_seconds": 4}, 320_000),
        ("minimax-h3", references(5), {"duration_seconds": 15, "resolution": "2k"}, 1_950_000),
        ("minimax-h3-max", FRAMES, {"resolution": "480p"}, 250_000),
        ("minimax-h3-max", references(2), {"duration_seconds": 10}, 800_000),
    ],
)
def test_prices_are_those_of_the_list(model: str, images: Images, asked: dict[str, Any], usd_micros: int) -> None:
    assert fitted(model, images, **asked).price.usd_micros == usd_micros


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if not entry.prices], ids=lambda entry: entry.id)
def test_what_has_no_known_price_is_refused_live(entry: ModelEntry) -> None:
    with pytest.raises(InvalidRequest, match="the price"):
        refuse_unpriced(entry)


@pytest.mark.parametrize(
    ("model", "images", "asked", "param", "part"),
    [
        ("hailuo-2.3", Images(), {"resolution": "720p"}, "resolution", "768p or 1080p"),
        ("hailuo-02", FRAME, {"resolution": "720p"}, "resolution", "512p or 768p or 1080p"),
        ("hailuo-2.3", Images(), {"resolution": "1080p", "duration_seconds": 10}, "duration", "at 1080p"),
        ("hailuo-02", FRAME, {"resolution": "1080p", "duration_seconds": 10}, "duration", "at 1080p"),
        ("hailuo-02", Images(), {"resolution": "512p"}, "resolution", "768p or 1080p"),
        ("hailuo-02", FRAMES, {"resolution": "512p"}, "resolution", "768p or 1080p"),
        ("hailuo-2.3", FRAMES, {}, "last_frame", "no last frame"),
        ("hailuo-2.3-fast", Images(), {}, "image", "from images only"),
        ("hailuo-t2v-01", FRAME, {}, "image", "no first frame"),
        ("hailuo-t2v-01", Images(), {"duration_seconds": 10}, "duration", "6"),
        ("hailuo-t2v-01", Images(), {"camera": "Push in"}, "camera", "no camera"),
        ("hailuo-2.3", Images(), {"camera": "Barrel roll"}, "camera", "Tracking shot or Static shot"),
        ("hailuo-2.3", Images(), {"prompt": "x" * 2001}, "prompt", "2000 characters"),
        ("hailuo-2.3", Images(), {"generate_audio": True}, "generate_audio", "no sound"),
        (
            "hailuo-2.3",
            Images(),
            {"provider_options": {"prompt_expansion_mode": "disabled"}},
            None,
            "fast_pretreatment",
        ),
        ("hailuo-s2v-01", references(2), {}, "reference_images", "up to 1 reference images"),
        ("minimax-h3", references(6), {}, "reference_images", "up to 5"),
        ("minimax-h3-max", references(3), {}, "reference_images", "up to 2"),
        ("minimax-h3", FRAME, {"prompt": " "}, "prompt", "needs a prompt"),
        ("minimax-h3", Images(), {"prompt": "x" * 7001}, "prompt", "7000 characters"),
        ("minimax-h3", Images(), {"duration_seconds": 16}, "duration", "4 to 15"),
        ("minimax-h3-max", Images(), {"duration_seconds": 4}, "duration", "5 to 15"),
        ("minimax-h3-max", Images(), {"resolution": "2k"}, "resolution", "480p or 768p"),
        ("minimax-h3", Images(), {"generate_audio": False}, "generate_audio", "always makes sound"),
        ("hailuo-2.3", Images(first_frame=an_image(300, 300)), {}, "image", "at least 301 px"),
        ("minimax-h3", Images(first_frame=an_image(1000, 300)), {}, "image", "no wider than 5:2"),
    ],
)
def test_what_a_model_cannot_do_is_refused(
    model: str, images: Images, asked: dict[str, Any], param: str | None, part: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        fitted(model, images, **asked)
    assert caught.value.param == (param or "provider_options.prompt_expansion_mode")
    assert part in caught.value.message


def test_720p_becomes_768p_where_the_nearest_is_taken() -> None:
    nearest = fitted("hailuo-2.3", resolution="720p", on_mismatch="nearest")
    assert nearest.request.resolution == "768p"
    assert [adjustment.param for adjustment in nearest.adjustments] == ["resolution"]


def test_the_camera_models_know_the_vendors_fifteen_commands() -> None:
    with_camera = {entry.upstream_model: entry.camera.words for entry in ENTRIES if entry.camera}
    assert set(with_camera) == {
        "MiniMax-Hailuo-2.3", "MiniMax-Hailuo-2.3-Fast", "MiniMax-Hailuo-02", "T2V-01-Director", "I2V-01-Director",
    }  # fmt: skip
    assert len(set(with_camera.values())) == 1
    assert len(set(with_camera["MiniMax-Hailuo-02"])) == 15


def test_the_face_model_is_sent_neither_duration_nor_resolution() -> None:
    request = fitted("hailuo-s2v-01", references(1)).request
    assert request.wire == {"api": "v1", "fields": []}
    assert (request.duration_seconds, request.resolution) == (6, "720p")
