"""Prices by video tokens: the quote is the bill, to within a token (bills have whole ones)."""

from __future__ import annotations

from typing import Any

import pytest
from catalogue_examples import an_image, dolly, fitted, shipped, with_dolly

from filmgate.catalogue.describe import describe
from filmgate.catalogue.errors import CatalogueError
from filmgate.catalogue.loader import build_catalogue
from filmgate.catalogue.model import Case
from filmgate.catalogue.pricing import video_tokens
from filmgate.catalogue.sizes import Size
from filmgate.core.request import Images, Mode

TEXT = Case(Mode.TEXT_TO_VIDEO, audio=True, resolution="720p")


@pytest.mark.parametrize(
    ("model", "seconds", "size", "billed_tokens"),
    [
        ("seedance-2.0", 5, Size(1280, 720), 108_900),
        ("seedance-2.0-fast", 5, Size(1280, 720), 108_900),
        ("seedance-1.5-pro", 5, Size(960, 960), 108_900),
        ("seedance-2.5", 4, Size(1280, 720), 87_300),
        ("seedance-2.0-fast", 4, Size(864, 496), 40_594),
        ("seedance-1.0-pro", 5, Size(1920, 1088), 246_840),
    ],
)
def test_tokens_are_those_of_published_bills(model: str, seconds: float, size: Size, billed_tokens: int) -> None:
    """`usage.completion_tokens` of answers that users of the API have published."""
    assert int(video_tokens(shipped().get(model), TEXT, seconds, size)) == billed_tokens


@pytest.mark.parametrize(
    ("model", "asked", "usd_micros"),
    [
        ("seedance-2.0", {}, 762_300),  # 108,900 tokens at 7 USD a million
        ("seedance-2.0", {"resolution": "480p", "aspect_ratio": "1:1"}, 338_800),  # 640x640
        ("seedance-2.0", {"resolution": "480p"}, 354_470),  # 864x496: a ratio is not like another
        ("seedance-2.0", {"resolution": "1080p", "duration_seconds": 15.0}, 5_628_893),
        ("seedance-2.0", {"resolution": "4k", "duration_seconds": 4.0}, 3_142_800),
        ("seedance-2.0-mini", {"generate_audio": False}, 381_150),
        ("seedance-2.5", {"resolution": "1080p", "duration_seconds": 30.0}, 17_082_293),
        ("seedance-1.0-pro", {"resolution": "1080p"}, 617_100),
        ("seedance-1.0-pro-fast", {"duration_seconds": 2.0}, 42_042),
        ("seedance-1.5-pro", {}, 130_680),
        ("seedance-1.5-pro", {"generate_audio": True}, 261_360),
    ],
)
def test_the_quote_is_by_the_size_that_is_made(model: str, asked: dict[str, Any], usd_micros: int) -> None:
    assert fitted(model, **asked).price.usd_micros == usd_micros


def test_the_quote_is_for_the_ratio_of_the_first_frame() -> None:
    tall = Images(first_frame=an_image(834, 1112))
    assert fitted("seedance-2.0", tall).request.aspect_ratio == "3:4"
    # 927,408 pixels x 121 frames / 1024 tokens at 7 USD a million
    assert fitted("seedance-2.0", tall).price.usd_micros == 767_104


def test_where_the_model_decides_the_size_the_largest_is_quoted() -> None:
    result = fitted("seedance-2.5", Images(first_frame=an_image(1000, 800)))
    assert (result.request.width_px, result.request.resolution) == (None, "720p")
    dearest = max(
        fitted("seedance-2.5", aspect_ratio=ratio).price.usd_micros or 0
        for ratio in ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")
    )
    assert result.price.usd_micros == dearest


def test_the_unit_is_told_and_described() -> None:
    assert fitted("seedance-2.5").price.unit == "10.7 USD per million video tokens"
    rows = describe(shipped().get("seedance-2.5"))["price"]["rows"]
    assert rows[1] == {"resolution": ["1080p"], "usd_per_million_tokens": 11.7}


def test_token_amounts_add_to_the_others() -> None:
    row = {"usd_per_million_tokens": "10", "usd_per_clip": "0.5", "usd_per_second": "0.01"}
    # 1280 x 720 x 121 / 1024 = 108,900 tokens
    price = fitted("dolly-2", among=with_dolly(prices=[row], native_fps=24)).price
    assert price.usd_micros == 1_089_000 + 500_000 + 50_000
    assert price.unit == "0.01 USD per second and 0.5 USD per clip and 10 USD per million video tokens"


@pytest.mark.parametrize("missing", ["native_fps", "sizes"])
def test_tokens_cannot_be_counted_without_a_frame_rate_and_a_table_of_sizes(missing: str) -> None:
    free = {"min_px": 64, "max_px": 4096, "multiple_of_px": 2, "default": "1280x720", "short_side_px": {"720p": 720}}
    row = {"usd_per_million_tokens": "10"}
    changes: dict[str, Any] = {"sizes": None, "free_size": free, "native_fps": 24} if missing == "sizes" else {}
    with pytest.raises(CatalogueError, match="needs sizes and native_fps") as caught:
        build_catalogue([("acme.toml", dolly(prices=[row], **changes))])
    assert caught.value.key == "prices[0]"
