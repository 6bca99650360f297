"""Wan's entries against the vendor's tables, and against what its adapter reads in `wire`."""

from __future__ import annotations

import pytest
from catalogue_examples import an_image, fitted, shipped, with_dolly

from filmgate.catalogue.errors import CatalogueError
from filmgate.catalogue.limits import cases_of, limits_in, resolutions_of
from filmgate.catalogue.model import Case, ModelEntry
from filmgate.catalogue.pricing import PriceKind, price_kind
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images, Mode

WAN = [entry for entry in shipped().entries() if entry.provider == "wan"]
FRAME = an_image(512, 512)
IMAGES_OF = {
    Mode.TEXT_TO_VIDEO: (),
    Mode.IMAGE_TO_VIDEO: ("first_frame",),
    Mode.FIRST_LAST_FRAME: ("first_frame", "last_frame"),
    Mode.REFERENCE_TO_VIDEO: ("references",),
}


def by_id(entry: ModelEntry) -> str:
    return entry.id


@pytest.mark.parametrize("entry", WAN, ids=by_id)
def test_the_adapter_knows_where_each_image_goes(entry: ModelEntry) -> None:
    wanted = {role for mode in entry.modes for role in IMAGES_OF[mode]}
    if entry.wire["design"] == "media":
        assert "images" not in entry.wire
    else:
        assert entry.wire["design"] == "legacy"
        assert set(entry.wire.get("images", {})) == wanted


@pytest.mark.parametrize("entry", WAN, ids=by_id)
def test_a_size_is_asked_in_one_way(entry: ModelEntry) -> None:
    """Pixels or a tier; and a shape only where the model does not take it from an image."""
    parameters = entry.wire["parameters"]
    assert ("size" in parameters) != ("resolution" in parameters)
    free_modes = set(entry.modes) - set(entry.follows_image_in)
    assert bool(free_modes) == ("size" in parameters or "ratio" in parameters)
    assert ("audio" in parameters) == (entry.audio == "optional")
    assert {"duration", "watermark", "seed"} <= set(parameters)


@pytest.mark.parametrize("entry", WAN, ids=by_id)
def test_every_case_is_made_of_what_the_wire_can_say(entry: ModelEntry) -> None:
    """Whole seconds, and a tier whose name is the vendor's but for the upper-case P."""
    for case in cases_of(entry):
        assert case.resolution in ("480p", "720p", "1080p")
        assert all(seconds.is_integer() for seconds in limits_in(entry, case).durations_seconds.samples())


def test_first_and_last_frame_of_2_1_and_2_2_are_another_service() -> None:
    paths = {entry.id: entry.wire["path"] for entry in WAN}
    assert {model for model, path in paths.items() if path == "image2video"} == {
        "wan2.2-kf2v-flash",
        "wanx2.1-kf2v-plus",
    }
    assert set(paths.values()) == {"image2video", "video-generation"}


@pytest.mark.parametrize("entry", WAN, ids=by_id)
def test_a_name_of_another_region_leads_to_the_model(entry: ModelEntry) -> None:
    for names in entry.wire.get("models", {}).values():
        assert list(names) == [entry.upstream_model]
        assert names[entry.upstream_model] in entry.aliases


@pytest.mark.parametrize(
    ("model", "limit"),
    [("wan3.0-video", 20_000), ("wan2.7-t2v", 5000), ("wan2.6-t2v", 1500), ("wan2.2-t2v-plus", 800)],
)
def test_a_prompt_that_the_vendor_would_cut_in_silence_is_refused(model: str, limit: int) -> None:
    assert fitted(model, prompt="x" * limit).request.prompt == "x" * limit
    with pytest.raises(InvalidRequest, match=f"up to {limit} characters; got {limit + 1}"):
        fitted(model, prompt="x" * (limit + 1))


@pytest.mark.parametrize(
    ("model", "resolutions"),
    [
        ("wan3.0-video", ("480p", "720p", "1080p")),
        ("wan2.7-i2v", ("720p", "1080p")),
        ("wan2.6-r2v-flash", ("720p", "1080p")),
        ("wan2.5-t2v-preview", ("480p", "720p", "1080p")),
        ("wan2.2-t2v-plus", ("480p", "1080p")),
        ("wanx2.1-t2v-turbo", ("480p", "720p")),
        ("wanx2.1-kf2v-plus", ("720p",)),
    ],
)
def test_tiers_are_those_of_the_vendors_table(model: str, resolutions: tuple[str, ...]) -> None:
    assert resolutions_of(shipped().get(model)) == resolutions


def test_only_wan_3_has_a_price_in_dollars() -> None:
    listed = {entry.id for entry in WAN if price_kind(entry) is PriceKind.LISTED}
    assert listed == {"wan3.0-video", "wan3.0-video-prime"}
    assert fitted("wan3.0-video", duration_seconds=10, resolution="1080p").price.usd_micros == 2_000_000
    assert fitted("wan3.0-video-prime", duration_seconds=2, resolution="480p").price.usd_micros == 136_000
    assert fitted("wan2.6-t2v").price.usd_micros is None


def test_4_to_3_has_other_pixels_since_2_7() -> None:
    sizes = {model: fitted(model, aspect_ratio="4:3").request for model in ("wan2.6-t2v", "wan2.7-t2v")}
    assert (sizes["wan2.6-t2v"].width_px, sizes["wan2.6-t2v"].height_px) == (1088, 832)
    assert (sizes["wan2.7-t2v"].width_px, sizes["wan2.7-t2v"].height_px) == (1104, 832)


def test_480p_is_called_16_to_9_as_the_vendor_calls_it() -> None:
    request = fitted("wan2.5-t2v-preview", resolution="480p").request
    assert (request.width_px, request.height_px, request.aspect_ratio) == (832, 480, "16:9")


def test_a_size_may_miss_the_name_of_its_shape_by_three_per_cent() -> None:
    assert with_dolly(sizes={"720p": {"16:9": "832x480"}}, resolutions=["720p"], prices=None, price="unknown")
    with pytest.raises(CatalogueError, match="816x480 is not 16:9"):
        with_dolly(sizes={"720p": {"16:9": "816x480"}}, resolutions=["720p"], prices=None, price="unknown")


@pytest.mark.parametrize(
    ("model", "side_px"), [("wan2.6-i2v", 359), ("wan2.6-i2v", 2001), ("wan2.7-i2v", 239), ("wan3.0-video", 8001)]
)
def test_images_that_the_vendor_would_refuse(model: str, side_px: int) -> None:
    with pytest.raises(InvalidRequest, match=f"{side_px}x{side_px}"):
        fitted(model, Images(an_image(side_px, side_px)))


def test_a_model_of_two_frames_wants_both() -> None:
    assert fitted("wan2.2-kf2v-flash", Images(FRAME, FRAME)).request.mode is Mode.FIRST_LAST_FRAME
    with pytest.raises(InvalidRequest, match="its modes are first_last_frame"):
        fitted("wan2.2-kf2v-flash", Images(FRAME))


def test_up_to_ten_references_for_3_0_and_five_before() -> None:
    for model, most in (("wan3.0-video", 10), ("wan2.7-r2v", 5), ("wan2.6-r2v", 5)):
        assert len(fitted(model, Images(references=(FRAME,) * most)).request.images.references) == most
        with pytest.raises(InvalidRequest, match=f"up to {most} reference images"):
            fitted(model, Images(references=(FRAME,) * (most + 1)))


def test_sound_is_a_choice_only_where_it_costs_or_may_be_left_out() -> None:
    audio = {entry.id: entry.audio for entry in WAN}
    assert {model for model, kind in audio.items() if kind == "optional"} == {
        "wan3.0-video",
        "wan3.0-video-prime",
        "wan2.6-i2v-flash",
        "wan2.6-r2v-flash",
    }
    assert {kind for model, kind in audio.items() if model.startswith(("wan2.2", "wanx2.1"))} == {"none"}
    assert limits_in(shipped().get("wan2.7-t2v"), Case(Mode.TEXT_TO_VIDEO)).audio == "always"
