"""What the shipped files say, against the facts they were written from, and what live keys may not ask."""

from __future__ import annotations

import json
from datetime import date

import pytest
from catalogue_examples import fitted, shipped

from filmgate.catalogue.describe import describe
from filmgate.catalogue.limits import cases_of, limits_in, resolutions_of
from filmgate.catalogue.live_only import refuse_retired, refuse_unpriced
from filmgate.catalogue.loader import load_catalogue
from filmgate.catalogue.model import Case, ModelEntry
from filmgate.catalogue.pricing import quote
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Mode

RETIRED = ["kling-v1", "kling-v1-5", "kling-v1-6", "kling-v2-master", "kling-v2-1", "kling-v2-1-master"]
RETIREMENT = date(2026, 9, 15)
ENTRIES = shipped().entries()


@pytest.mark.parametrize(
    ("legacy_name", "model"),
    [
        ("kling-v3", "kling-3.0"),
        ("kling-v3-omni", "kling-3.0-omni"),
        ("kling-video-o1", "kling-o1"),
        ("kling-v2-6", "kling-2.6"),
        ("kling-v2-5-turbo", "kling-2.5-turbo"),
    ],
)
def test_the_old_names_of_current_models_lead_to_them(legacy_name: str, model: str) -> None:
    assert shipped().get(legacy_name).id == model


@pytest.mark.parametrize("model", RETIRED)
def test_a_retired_model_still_rehearses_but_is_refused_live(model: str) -> None:
    entry = shipped().get(model)
    with pytest.raises(InvalidRequest) as caught:
        refuse_retired(entry, date(2026, 11, 22))
    assert (caught.value.code, caught.value.param) == ("model_retired", "model")
    assert caught.value.message == f"model: {model} was retired by its provider on 2026-09-15; use kling-2.6"
    assert entry.prices == ()


def test_a_current_model_retires_on_its_day() -> None:
    entry = shipped().get("kling-3.0").model_copy(update={"retires_on": RETIREMENT, "successor": None})
    refuse_retired(shipped().get("kling-3.0"), date(2030, 1, 1))
    refuse_retired(entry, date(2026, 9, 14))
    with pytest.raises(InvalidRequest, match=r"retired by its provider on 2026-09-15$"):
        refuse_retired(entry, RETIREMENT)


def test_an_unknown_price_is_refused_live_until_the_owner_decides() -> None:
    with pytest.raises(InvalidRequest) as caught:
        refuse_unpriced(shipped().get("kling-v1"))
    assert (caught.value.code, caught.value.param) == ("model_unpriced", "model")
    amended = load_catalogue([{"amend": [{"id": "kling-v1", "price": "untracked"}]}])
    refuse_unpriced(amended.get("kling-v1"))
    refuse_unpriced(shipped().get("animatic-1"))
    refuse_unpriced(shipped().get("kling-3.0"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_larger_resolution_or_a_longer_clip_never_costs_less(entry: ModelEntry) -> None:
    """Rounding to the cheaper side takes the smaller value: that is right only while prices grow with it."""
    costs: dict[tuple[Mode, bool | None], list[int]] = {}
    for case in cases_of(entry):
        prices = [
            quote(entry, case, seconds).usd_micros or 0
            for seconds in limits_in(entry, case).durations_seconds.samples()
        ]
        assert prices == sorted(prices)
        costs.setdefault((case.mode, case.audio), []).append(
            quote(entry, case, entry.default_duration_seconds).usd_micros or 0
        )
    for by_resolution in costs.values():
        assert by_resolution == sorted(by_resolution)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_entry_describes_itself_in_json(entry: ModelEntry) -> None:
    described = json.loads(json.dumps(describe(entry)))
    assert described["provider"] == entry.provider
    assert described["modes"] == [str(mode) for mode in entry.modes]
    assert described["resolutions"]
    assert described["price"]["kind"] in {"listed", "free", "unknown"}


def test_a_description_has_prices_with_source_and_day_and_the_rules() -> None:
    described = describe(shipped().get("kling-2.6"))
    assert described["price"]["rows"][0] == {"audio": False, "resolution": ["720p"], "usd_per_second": 0.042}
    assert described["price"]["checked_on"] == "2026-09-19"
    assert described["price"]["source"].startswith("https://kling.ai/")
    assert described["durations_seconds"] == [5, 10]
    assert described["aspect_ratios"] == ["16:9", "9:16", "1:1"]
    assert {"when": {"mode": ["first_last_frame"]}, "resolutions": ["1080p"]} in described["rules"]
    retired = describe(shipped().get("kling-v1"))
    assert (retired["state"], retired["retires_on"], retired["successor"]) == ("retired", "2026-09-15", "kling-2.6")
    assert retired["price"]["rows"] == []
    assert describe(shipped().get("kling-o1"))["rules"] == [
        {"when": {"mode": ["image_to_video"]}, "durations_seconds": [5, 10]}
    ]


def test_a_free_size_describes_its_bounds() -> None:
    described = describe(shipped().get("animatic-1"))
    assert described["sizes"] == {"min_px": 64, "max_px": 4096, "multiple_of_px": 2, "default": "1280x720"}
    assert described["fps"] == {"min": 1, "max": 120, "step": None}


def test_the_adapter_of_kling_finds_a_path_for_every_mode_in_each_design() -> None:
    for entry in ENTRIES:
        if entry.provider == "kling":
            designs = {"model_name"} if entry.state == "retired" else {"path", "model_name"}
            assert set(entry.wire) == designs - ({"model_name"} if entry.id == "kling-3.0-turbo" else set())
            for design in entry.wire.values():
                assert set(design["kinds"]) == {str(mode) for mode in entry.modes}


def test_the_facts_for_the_adapter_are_in_the_request() -> None:
    assert fitted("kling-2.6").request.wire["path"]["kinds"]["text_to_video"] == "text-to-video"


def test_resolutions_are_those_of_the_vendors_table() -> None:
    made = {entry.id: resolutions_of(entry) for entry in ENTRIES if entry.provider == "kling"}
    assert made["kling-v1"] == made["kling-v2-master"] == ("720p",)
    assert made["kling-v2-1-master"] == ("1080p",)
    assert made["kling-3.0"] == made["kling-3.0-omni"] == ("720p", "1080p", "4k")
    assert made["kling-3.0-turbo"] == made["kling-o1"] == made["kling-2.6"] == ("720p", "1080p")


def test_a_condition_on_something_undecided_does_not_hold() -> None:
    entry = shipped().get("kling-2.6")
    assert limits_in(entry, Case(Mode.TEXT_TO_VIDEO)).resolutions == ("720p", "1080p")
    assert limits_in(entry, Case(Mode.TEXT_TO_VIDEO, audio=True)).resolutions == ("1080p",)
