from __future__ import annotations

import pytest

from filmgate.catalogue.sizes import (
    Size,
    aspect_distance,
    is_same_aspect,
    parse_aspect_ratio,
    parse_size,
    resolution_lines,
)


def test_a_size_is_read_and_written_alike() -> None:
    assert parse_size("1280x720") == Size(1280, 720)
    assert str(Size(1280, 720)) == "1280x720"


@pytest.mark.parametrize("text", ["1280", "1280*720", "0x720", "1280x0", " 1280x720", "1280x720px", "-1x5", "१x२"])
def test_text_that_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a size"):
        parse_size(text)


def test_ratios_may_be_fractions() -> None:
    assert parse_aspect_ratio("16:9") == pytest.approx(1.7778, abs=1e-4)
    assert parse_aspect_ratio("1:2.5") == 0.4


@pytest.mark.parametrize("text", ["16/9", "16:0", "0:9", "wide", "", ":", "16:9:1", "-16:9", "1e5:1"])
def test_text_that_is_no_ratio_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a ratio"):
        parse_aspect_ratio(text)


def test_distance_is_the_same_for_wide_and_tall() -> None:
    assert aspect_distance(16 / 9, 1.0) == pytest.approx(aspect_distance(9 / 16, 1.0))


def test_sizes_rounded_to_whole_pixels_keep_their_aspect() -> None:
    assert is_same_aspect(854 / 480, 16 / 9)
    assert is_same_aspect(1366 / 768, 16 / 9)
    assert is_same_aspect(864 / 496, 16 / 9)
    assert is_same_aspect(832 / 480, 16 / 9)
    assert not is_same_aspect(4 / 3, 5 / 4)


@pytest.mark.parametrize(
    ("name", "lines"), [("720p", 720), ("2k", 1440), ("4k", 2160), ("hd", None), ("3k", None), ("720", None)]
)
def test_a_resolution_name_stands_for_lines(name: str, lines: int | None) -> None:
    assert resolution_lines(name) == lines


def test_covering_needs_both_sides() -> None:
    assert Size(1280, 720).covers(Size(1280, 600))
    assert not Size(1280, 720).covers(Size(600, 800))
