"""The entries of Seedance against the vendor's pages that they were written from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from catalogue_examples import an_image, fitted, shipped

from filmgate.catalogue.live_only import refuse_retired, refuse_unpriced
from filmgate.catalogue.model import ModelEntry
from filmgate.catalogue.sizes import Size
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images, Mode

ENTRIES = [entry for entry in shipped().entries() if entry.provider == "seedance"]
FRAME = Images(first_frame=an_image())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_model_has_an_id_on_both_services_and_both_are_aliases(entry: ModelEntry) -> None:
    ids = entry.wire["ids"]
    assert set(ids) == {"cn", "intl"}
    assert set(entry.aliases) == set(ids.values())
    assert entry.upstream_model == ids["intl"]
    assert ids["cn"].startswith("doubao-seedance-")
    # The two names of one model have the same version and day.
    assert ids["cn"].partition("seedance-")[2] == ids["intl"].partition("seedance-")[2]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_sound_field_seed_and_camera_are_where_the_vendor_lists_them(entry: ModelEntry) -> None:
    is_1x = entry.id.startswith("seedance-1.")
    assert entry.wire["generate_audio"] == (entry.audio == "optional")
    assert (entry.seed_max == 2147483647) == is_1x
    assert ("camera_fixed" in entry.provider_options) == is_1x
    assert "service_tier" not in entry.provider_options
    assert (entry.native_fps, "dur" in entry.prompt_flags) == (24, True)


@pytest.mark.parametrize(
    ("model", "seconds", "resolutions", "references"),
    [
        ("seedance-2.5", (4, 30), ("480p", "720p", "1080p"), 30),
        ("seedance-2.0", (4, 15), ("480p", "720p", "1080p", "4k"), 9),
        ("seedance-2.0-fast", (4, 15), ("480p", "720p"), 9),
        ("seedance-2.0-mini", (4, 15), ("480p", "720p"), 9),
        ("seedance-1.5-pro", (4, 12), ("480p", "720p", "1080p"), 0),
        ("seedance-1.0-pro", (2, 12), ("480p", "720p", "1080p"), 0),
        ("seedance-1.0-pro-fast", (2, 12), ("480p", "720p", "1080p"), 0),
        ("seedance-1.0-lite-t2v", (2, 12), ("480p", "720p", "1080p"), 0),
        ("seedance-1.0-lite-i2v", (2, 12), ("480p", "720p", "1080p"), 4),
    ],
)
def test_lengths_resolutions_and_references(
    model: str, seconds: tuple[float, float], resolutions: tuple[str, ...], references: int
) -> None:
    entry = shipped().get(model)
    samples = entry.durations_seconds.samples()
    assert (samples[0], samples[-1], len(samples)) == (*seconds, seconds[1] - seconds[0] + 1)
    assert entry.resolutions == resolutions
    assert entry.images.references_max == references


@pytest.mark.parametrize(
    ("model", "asked", "size"),
    [
        ("seedance-2.5", {"resolution": "480p"}, Size(854, 480)),
        ("seedance-2.0", {"resolution": "480p"}, Size(864, 496)),
        ("seedance-1.0-pro", {"resolution": "480p"}, Size(864, 480)),
        ("seedance-1.0-pro", {"resolution": "720p", "aspect_ratio": "21:9"}, Size(1504, 640)),
        ("seedance-2.0", {"resolution": "4k", "aspect_ratio": "21:9"}, Size(4398, 1886)),
        ("seedance-2.0", {"width_px": 864, "height_px": 496, "aspect_ratio": "16:9"}, Size(864, 496)),
    ],
)
def test_sizes_are_those_of_the_family(model: str, asked: dict[str, Any], size: Size) -> None:
    request = fitted(model, **asked).request
    assert (request.width_px, request.height_px) == (size.width_px, size.height_px)


def test_a_first_frame_decides_the_ratio_of_2_0_and_the_shape_of_2_5() -> None:
    assert fitted("seedance-2.0", FRAME).request.aspect_ratio == "16:9"
    assert fitted("seedance-2.5", FRAME).request.aspect_ratio is None


def test_lite_makes_no_1080p_from_references() -> None:
    references = Images(references=(an_image(),))
    with pytest.raises(InvalidRequest, match="makes 480p or 720p; got 1080p"):
        fitted("seedance-1.0-lite-i2v", references, resolution="1080p")
    assert fitted("seedance-1.0-lite-i2v", FRAME, resolution="1080p").request.mode is Mode.IMAGE_TO_VIDEO


@pytest.mark.parametrize(
    ("model", "since", "successor"),
    [
        ("seedance-1.5-pro", "2026-11-11", "seedance-2.0-mini"),
        ("seedance-1.0-lite-t2v", "2026-05-13", "seedance-1.0-pro-fast"),
        ("seedance-1.0-lite-i2v", "2026-05-13", "seedance-1.0-pro-fast"),
    ],
)
def test_retired_models_name_the_vendors_successor(model: str, since: str, successor: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        refuse_retired(shipped().get(model), date(2026, 11, 22))
    assert caught.value.message == f"model: {model} was retired by its provider on {since}; use {successor}"


def test_current_models_can_be_used_live() -> None:
    for entry in ENTRIES:
        if entry.state == "current":
            refuse_retired(entry, date(2026, 11, 22))
            refuse_unpriced(entry)


def test_what_would_change_the_price_is_no_option() -> None:
    for name in ("service_tier", "draft", "frames", "duration", "resolution", "tools", "generate_audio"):
        with pytest.raises(InvalidRequest) as caught:
            fitted("seedance-1.0-pro", provider_options={name: "flex"})
        assert caught.value.param == f"provider_options.{name}"
