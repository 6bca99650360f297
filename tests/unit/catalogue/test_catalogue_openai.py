"""Sora 2 in the catalogue: gone, and yet to be rehearsed with its limits and prices."""

from __future__ import annotations

from datetime import date

import pytest
from catalogue_examples import fitted, shipped

from filmgate.catalogue.live_only import refuse_retired
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images


@pytest.mark.parametrize("model", ["sora-2", "sora-2-pro"])
def test_it_went_on_its_day_and_nobody_follows(model: str) -> None:
    entry = shipped().get(model)
    with pytest.raises(InvalidRequest, match=rf"^model: {model} was retired by its provider on 2026-09-24$"):
        refuse_retired(entry, date(2026, 11, 23))
    assert entry.successor is None


def test_the_snapshots_lead_to_their_models() -> None:
    assert shipped().get("sora-2-2025-12-08").id == shipped().get("sora-2-2025-10-06").id == "sora-2"
    assert shipped().get("sora-2-pro-2025-10-06").id == "sora-2-pro"


def test_the_originals_defaults() -> None:
    request = fitted("sora-2").request
    assert (request.duration_seconds, request.width_px, request.height_px) == (4, 720, 1280)
    assert request.generate_audio is True
    assert (request.fps, request.seed) == (None, None)


@pytest.mark.parametrize(
    ("model", "size", "seconds", "usd_micros"),
    [
        ("sora-2", (1280, 720), 4, 400_000),
        ("sora-2", (720, 1280), 20, 2_000_000),
        ("sora-2-pro", (1280, 720), 8, 2_400_000),
        ("sora-2-pro", (1792, 1024), 12, 6_000_000),
        ("sora-2-pro", (1024, 1792), 16, 8_000_000),
    ],
)
def test_prices_by_the_second_and_the_size(model: str, size: tuple[int, int], seconds: int, usd_micros: int) -> None:
    made = fitted(model, Images(), width_px=size[0], height_px=size[1], duration_seconds=seconds, conform="native")
    assert (made.request.width_px, made.request.height_px) == size
    assert made.price.usd_micros == usd_micros


@pytest.mark.parametrize(
    ("model", "asked", "message"),
    [
        ("sora-2", {"duration_seconds": 5}, "duration"),
        ("sora-2", {"width_px": 1792, "height_px": 1024, "conform": "native"}, "size"),
        ("sora-2-pro", {"width_px": 1920, "height_px": 1080, "conform": "native"}, "size"),
        ("sora-2", {"negative_prompt": "rain"}, "negative_prompt"),
    ],
)
def test_what_it_could_not_do(model: str, asked: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        fitted(model, **asked)
