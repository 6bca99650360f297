"""The cheapest choice, against every price that the catalogue has."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from filmgate.catalogue.limits import cases_of, limits_in
from filmgate.catalogue.loader import Catalogue, build_catalogue, load_catalogue
from filmgate.catalogue.pricing import PriceKind, quote
from filmgate.core.request import Images, Mode
from filmgate.engine.accounts import Account
from live.cheapest import Choice, cheapest
from live.pictures import first_frame

SHIPPED = load_catalogue()
TODAY = date(2026, 11, 24)
PROVIDERS = sorted({entry.provider for entry in SHIPPED.entries() if entry.state == "current"} - {"animatic"})
MODES = {Mode.TEXT_TO_VIDEO: Images(), Mode.IMAGE_TO_VIDEO: first_frame()}

MODEL: dict[str, Any] = {
    "id": "acme-1",
    "upstream_model": "acme-1",
    "title": "Acme 1",
    "modes": ["text_to_video"],
    "prompt_required": ["text_to_video"],
    "durations_seconds": [4, 8],
    "default_duration_seconds": 8,
    "default_resolution": "1080p",
    "sizes": {"720p": {"16:9": "1280x720"}, "1080p": {"16:9": "1920x1080"}},
    "audio": "optional",
    "default_audio": True,
    "seed_max": 100,
    "prices": [
        {"audio": False, "resolution": "720p", "usd_per_second": "0.10"},
        {"audio": False, "resolution": "1080p", "usd_per_second": "0.20"},
        {"audio": True, "usd_per_second": "0.30"},
    ],
    "price_source": "the tests",
    "checked_on": date(2026, 11, 24),
    "deadline_seconds": 600,
    "poll": {"first_seconds": 1, "every_seconds": 1},
    "verified": "documentation",
}


def acme(*changes: dict[str, Any]) -> Catalogue:
    models = [{**MODEL, **each} for each in changes or ({},)]
    models = [{name: value for name, value in model.items() if value is not None} for model in models]
    return build_catalogue([("acme.toml", {"provider": "acme", "model": models})])


def chosen(catalogue: Catalogue, mode: Mode = Mode.TEXT_TO_VIDEO, provider: str = "acme") -> Choice | None:
    account = Account("main", provider, adapter=None, max_concurrent=1)  # pyright: ignore[reportArgumentType]
    return cheapest(catalogue, account, mode, MODES[mode], TODAY)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_clip_of_a_shipped_model_is_cheaper(provider: str, mode: Mode) -> None:
    choice = chosen(SHIPPED, mode, provider)
    assert choice is not None
    assert (choice.request.mode, choice.price.outputs) == (mode, 1)
    prices = [
        price.usd_micros
        for entry in SHIPPED.entries()
        if entry.provider == provider and entry.state == "current"
        for case in cases_of(entry)
        if case.mode is mode
        for duration_seconds in limits_in(entry, case).durations_seconds.samples()
        # Without a size, one that is billed by its tokens is billed at its largest.
        if (price := quote(entry, case, duration_seconds)).usd_micros is not None
    ]
    if choice.price.usd_micros is None:
        assert prices == []
    else:
        assert choice.price.usd_micros <= min(prices)


def test_the_shortest_at_the_lowest_resolution_without_sound() -> None:
    choice = chosen(acme())
    assert choice is not None
    assert choice.price.usd_micros == 400_000
    assert str(choice) == "acme-1, 4 s at 720p without sound"
    assert choice.body() == {
        "model": "acme-1",
        "prompt": choice.params.prompt,
        "duration": 4,
        "resolution": "720p",
        "generate_audio": False,
        "seed": 7,
        "conform": "native",
    }


def test_the_cheaper_model_and_at_one_price_the_shorter_clip() -> None:
    flat = {"id": "flat", "prices": [{"usd_per_clip": "0.40"}], "durations_seconds": [3, 8], "seed_max": None}
    choice = chosen(acme({}, flat))
    assert choice is not None
    assert str(choice) == "flat, 3 s at 720p without sound"
    assert "seed" not in choice.body()


@pytest.mark.parametrize("price", ["unknown", "untracked"])
def test_a_clip_of_unknown_price_is_the_last_choice(price: str) -> None:
    unknown = {"id": "unknown", "prices": None, "price": price, "price_source": None, "checked_on": None}
    dear = chosen(acme(unknown, {"prices": [{"usd_per_clip": "900"}]}))
    assert dear is not None
    assert dear.entry.id == "acme-1"
    alone = chosen(acme(unknown))
    assert alone is not None
    assert (alone.price.kind, str(alone)) == (PriceKind(price), "unknown, 4 s at 720p without sound")


def test_a_combination_that_a_rule_closes_is_not_chosen() -> None:
    rules = [
        {"when": {"audio": False}, "resolutions": ["1080p"]},
        {"when": {"audio": False, "resolution": "1080p"}, "durations_seconds": [8]},
    ]
    prices = [{"audio": False, "usd_per_second": "0.10"}, {"audio": True, "usd_per_second": "0.30"}]
    choice = chosen(acme({"rules": rules, "prices": prices}))
    assert choice is not None
    assert str(choice) == "acme-1, 8 s at 1080p without sound"


def test_a_model_of_any_size_is_asked_for_its_smallest_name() -> None:
    free = {
        "min_px": 256,
        "max_px": 1280,
        "multiple_of_px": 16,
        "default": "832x480",
        "short_side_px": {"720p": 720, "480p": 480},
    }
    changes = {"sizes": None, "default_resolution": None, "free_size": free}
    choice = chosen(acme({**changes, "prices": [{"usd_per_second": "0.10"}]}))
    assert choice is not None
    assert (choice.params.resolution, choice.request.height_px) == ("480p", 480)


@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        ({"state": "retired"}, Mode.TEXT_TO_VIDEO),
        ({"retires_on": TODAY}, Mode.TEXT_TO_VIDEO),
        ({}, Mode.IMAGE_TO_VIDEO),
    ],
)
def test_what_cannot_be_made_is_not_chosen(changes: dict[str, Any], mode: Mode) -> None:
    assert chosen(acme(changes), mode) is None


def test_what_the_account_does_not_serve_is_not_chosen() -> None:
    account = Account("main", "acme", adapter=None, max_concurrent=1, models={"acme-2": ""})  # pyright: ignore[reportArgumentType]
    choice = cheapest(acme({}, {"id": "acme-2"}), account, Mode.TEXT_TO_VIDEO, Images(), TODAY)
    assert choice is not None
    assert choice.entry.id == "acme-2"
    assert chosen(acme(), provider="other") is None
