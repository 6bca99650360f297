"""Each kind of mistake a contributor can make is named with its file, model and key."""

from __future__ import annotations

from typing import Any

import pytest
from catalogue_examples import dolly

from filmgate.catalogue.checks import problems
from filmgate.catalogue.errors import CatalogueError
from filmgate.catalogue.loader import build_catalogue, load_catalogue
from filmgate.catalogue.model import ModelEntry
from filmgate.core.errors import FilmgateError, NotFound


def error_of(*tables: dict[str, Any]) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        build_catalogue([(f"file-{number}.toml", table) for number, table in enumerate(tables, start=1)])
    return caught.value


def test_a_sound_file_loads() -> None:
    catalogue = build_catalogue([("acme.toml", dolly())])
    assert [entry.id for entry in catalogue.entries()] == ["dolly-2"]
    assert catalogue.get("dolly-2").provider == "acme"


def test_the_shipped_catalogue_loads() -> None:
    ids = {entry.id for entry in load_catalogue().entries()}
    assert {"animatic-1", "kling-v1", "kling-3.0", "kling-2.6"} <= ids


@pytest.mark.parametrize(
    ("changes", "key", "message"),
    [
        ({"colour": "red"}, "colour", "unknown key"),
        ({"poll": {"first_seconds": 1, "every_seconds": 1, "last_seconds": 1}}, "poll.last_seconds", "unknown key"),
        ({"title": None}, "title", "is missing"),
        ({"modes": ["text_to_movie"]}, "modes[0]", "should be 'text_to_video'"),
        ({"modes": []}, "modes", "at least 1 item"),
        ({"modes": ["text_to_video", "text_to_video"]}, "modes", "lists a mode twice"),
        ({"prompt_required": ["first_last_frame"]}, "prompt_required", "first_last_frame is not among the modes"),
        ({"durations_seconds": [10, 5]}, "durations_seconds", "ascending"),
        ({"durations_seconds": {"min": 9, "max": 3}}, "durations_seconds", "min must be below max"),
        ({"default_duration_seconds": 7}, "default_duration_seconds", "is none of 5 or 10"),
        ({"default_duration_seconds": "5"}, "default_duration_seconds", "should be a valid number"),
        ({"deadline_seconds": 0}, "deadline_seconds", "greater than 0"),
        ({"n_max": 0}, "n_max", "greater than or equal to 1"),
        ({"fps": [24], "native_fps": 24}, "native_fps", "give one of the two"),
        ({"fps": [24], "default_fps": 30}, "default_fps", "is none of 24"),
        ({"default_fps": 30}, "default_fps", "needs fps"),
        ({"audio": "none", "default_audio": True}, "default_audio", "only where audio is optional"),
        ({"style": []}, "style", "must list words"),
        ({"sizes": None}, "sizes", "exactly one of sizes and free_size"),
        ({"sizes": {"720p": {"16:9": "1280*720"}}}, "sizes.720p.16:9", "must be a size"),
        ({"sizes": {"720p": {"16:9": 720}}}, "sizes.720p.16:9", "must be a size"),
        ({"sizes": {"720p": {"16:9": "960x960"}}}, "sizes.720p", "960x960 is not 16:9"),
        ({"sizes": {"720p": {"1:1": "960x960"}}}, "sizes.720p", "lacks the default aspect ratio 16:9"),
        ({"sizes": {"720p": {"16/9": "1280x720"}}}, "sizes.720p.16/9.[key]", "must be a ratio"),
        ({"sizes": {"hd": {"16:9": "1280x720"}}}, "resolutions", "must be names such as"),
        ({"resolutions": ["1080p", "720p"]}, "resolutions", "smallest first"),
        ({"resolutions": ["4k"]}, "resolutions", "4k has no row in sizes"),
        ({"default_resolution": "4k"}, "default_resolution", "'4k' is none of 720p, 1080p"),
        ({"images": {"references_max": 3}}, "images.references_max", "0 without it"),
        ({"images": {"media_types": ["image/gif"]}}, "images.media_types", "'image/gif' is none of"),
        ({"images": {"max_aspect_ratio": "wide"}}, "images.max_aspect_ratio", "must be a ratio"),
        ({"successor": "dolly-2", "state": "retired"}, "successor", "cannot succeed itself"),
        ({"successor": "dolly-3", "state": "retired"}, "successor", "'dolly-3' is no id in the catalogue"),
        ({"successor": "dolly-3"}, "successor", "only a model that is retired"),
        ({"retires_on": "2026-01-01"}, "retires_on", "valid date"),
        ({"prices": None}, "prices", "no price"),
        ({"price": "free"}, "price", "exclude each other"),
        ({"prices": None, "price": "free", "price_source": None}, "price_source", "needs its source"),
        ({"prices": None, "price": "cheap"}, "price", "'free', 'unknown' or 'untracked'"),
        ({"price_source": None}, "price_source", "needs its source"),
        ({"checked_on": None}, "checked_on", "needs the day"),
        ({"prices": [{"usd_per_second": 0.05}]}, "prices[0].usd_per_second", "must be text"),
        ({"prices": [{"usd_per_second": "five"}]}, "prices[0].usd_per_second", "must be an amount"),
        ({"prices": [{"usd_per_second": "-1"}]}, "prices[0].usd_per_second", "must not be below 0"),
        ({"prices": [{"usd_per_second": "NaN"}]}, "prices[0].usd_per_second", "must not be below 0"),
        ({"prices": [{"audio": True}]}, "prices[0]", "must give usd_per_second or usd_per_clip"),
        ({"prices": [{"resolution": "4k", "usd_per_clip": "1"}]}, "prices[0]", "4k is not among the resolutions"),
        ({"prices": [{"resolution": "720p", "usd_per_clip": "1"}]}, "prices", "audio False, 1080p, 5 s"),
        ({"prices": [{"durations_seconds": [5], "usd_per_clip": "1"}]}, "prices", "audio False, 720p, 10 s"),
        ({"prices": [{"durations_seconds": [7], "usd_per_clip": "1"}]}, "prices[0]", "must be some of 5 or 10"),
        ({"prices": [{"usd_per_clip": "1"}, {"audio": True, "usd_per_clip": "2"}]}, "prices", "two rows for"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_file_model_and_key(changes: dict[str, Any], key: str, message: str) -> None:
    error = error_of(dolly(**changes))
    assert isinstance(error, FilmgateError)
    assert error.key == key
    assert error.message.startswith(f"file-1.toml: model 'dolly-2': {key}: ")
    assert message in error.message


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"when": {"mode": "text_to_video"}}, "narrows nothing"),
        ({"when": {}, "durations_seconds": [5]}, "must name a mode, audio or a resolution"),
        ({"when": {"mode": "first_last_frame"}, "durations_seconds": [5]}, "first_last_frame is not among the modes"),
        ({"when": {"resolution": "4k"}, "durations_seconds": [5]}, "4k is not among the resolutions"),
        ({"when": {"resolution": "720p"}, "durations_seconds": [7]}, "must be some of 5 or 10"),
        ({"when": {"resolution": "720p"}, "durations_seconds": {"min": 5, "max": 10}}, "must be some of 5 or 10"),
        ({"when": {"audio": True}, "resolutions": ["4k"]}, "must be some of 720p, 1080p"),
        ({"when": {"audio": True}, "audio": "none"}, "cannot narrow audio"),
        ({"when": {"resolution": "720p"}, "resolutions": ["720p"]}, "decided before it"),
        ({"when": {"resolution": "720p"}, "audio": "none"}, "decided before it"),
        ({"when": {"audio": True}, "prompt_max_characters": 9000}, "must not be above 5000"),
        ({"when": {"audio": True}, "without": ["seed"]}, "takes none anyway"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(rule: dict[str, Any], message: str) -> None:
    error = error_of(dolly(rules=[rule]))
    assert error.key == "rules[0]"
    assert message in error.message


def test_a_rule_on_sound_needs_a_model_with_a_choice() -> None:
    prices = [{"usd_per_second": "0.1"}]
    rule = {"when": {"audio": True}, "resolutions": ["720p"]}
    assert "never happens" in error_of(dolly(rules=[rule], audio="none", prices=prices)).message
    rule = {"when": {"mode": "text_to_video"}, "audio": "none"}
    assert "nothing to narrow" in error_of(dolly(rules=[rule], audio="always", prices=prices)).message


def test_a_rule_cannot_give_a_frame_rate_to_a_model_that_takes_one() -> None:
    rule = {"when": {"audio": True}, "native_fps": 24}
    assert "for models that take no fps" in error_of(dolly(rules=[rule], fps=[24])).message


def test_all_that_is_wrong_with_an_entry_can_be_listed_at_once() -> None:
    wrong = {"resolutions": ["4k"], "default_duration_seconds": 7, "default_audio": True, "audio": "none", "prices": []}
    entry = ModelEntry.model_validate({"provider": "acme", **dolly(**wrong)["model"][0]})
    assert [key for key, _ in problems(entry)] == ["resolutions", "default_duration_seconds", "default_audio", "prices"]
    unpriced = dolly(prices=[{"resolution": "720p", "usd_per_clip": "1"}])["model"][0]
    entry = ModelEntry.model_validate({"provider": "acme", **unpriced})
    assert [key for key, _ in problems(entry)] == ["prices"]


def test_two_rules_may_not_both_say_one_thing() -> None:
    rules = [
        {"when": {"audio": True}, "durations_seconds": [5]},
        {"when": {"resolution": "720p"}, "durations_seconds": [10]},
    ]
    assert "two rules say durations_seconds for text_to_video, audio True, 720p" in error_of(dolly(rules=rules)).message


def test_a_price_is_not_needed_for_what_a_rule_takes_away() -> None:
    prices = [{"audio": False, "usd_per_second": "0.1"}, {"audio": True, "resolution": "1080p", "usd_per_second": "1"}]
    assert "no row" in error_of(dolly(prices=prices)).message
    narrowed = dolly(prices=prices, rules=[{"when": {"audio": True}, "resolutions": ["1080p"]}])
    refused = dolly(
        prices=prices, rules=[{"when": {"audio": True, "resolution": "720p"}, "refused": "sound needs 1080p"}]
    )
    assert build_catalogue([("a", narrowed)]).get("dolly-2").rules
    assert build_catalogue([("a", refused)]).get("dolly-2").rules


def test_a_price_row_that_never_applies_is_refused() -> None:
    prices = [{"usd_per_second": "0.1"}, {"audio": True, "resolution": "720p", "usd_per_second": "1"}]
    prices[0]["audio"] = False  # pyright: ignore[reportArgumentType]
    prices.append({"audio": True, "resolution": "1080p", "usd_per_second": "1"})
    rules = [{"when": {"audio": True}, "resolutions": ["1080p"]}]
    error = error_of(dolly(prices=prices, rules=rules))
    assert (error.key, "never applies" in error.message) == ("prices[1]", True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"min_px": 65}, "65 is no multiple of 2"),
        ({"default": "8000x720"}, "8000 is no multiple of 2 from min_px to max_px"),
        ({"short_side_px": {"hd": 720}}, "'hd' is no resolution"),
    ],
)
def test_a_free_size_is_checked(changes: dict[str, Any], message: str) -> None:
    free = {"min_px": 64, "max_px": 4096, "multiple_of_px": 2, "default": "1280x720", "short_side_px": {"720p": 720}}
    table = dolly(sizes=None, prices=[{"usd_per_second": "0.1"}], free_size={**free, **changes})
    assert message in error_of(table).message


def test_a_free_size_excludes_resolutions() -> None:
    free = {"min_px": 64, "max_px": 4096, "multiple_of_px": 2, "default": "1280x720", "short_side_px": {"720p": 720}}
    table = dolly(sizes=None, prices=[{"usd_per_second": "0.1"}], free_size=free, resolutions=["720p"])
    assert "excludes resolutions" in error_of(table).message


def test_a_file_is_checked_as_a_whole() -> None:
    assert (error := error_of({**dolly(), "models": []})).key == "models"
    assert error.model is None
    assert "unknown key" in error.message
    table = dolly()
    del table["provider"]
    assert error_of(table).key == "provider"


def test_ids_and_aliases_name_one_model_only() -> None:
    other = dolly(id="dolly-3")
    assert "is in file-1.toml already" in error_of(dolly(), dolly()).message
    assert "'DOLLY-2' already names 'dolly-2'" in error_of(dolly(), dolly(id="DOLLY-2")).message
    clash = error_of(dolly(aliases=["dolly"]), dolly(id="dolly-3", aliases=["Dolly"]))
    assert (clash.file, clash.model, clash.key) == ("file-2.toml", "dolly-3", "aliases")
    assert "'Dolly' already names 'dolly-2'" in clash.message
    assert "already names" in error_of(other, dolly(aliases=["dolly-3"])).message
    assert "already names" in error_of(dolly(aliases=["Dolly-2"])).message


def test_a_successor_must_be_alive() -> None:
    dead = dolly(id="dolly-3", state="retired")
    error = error_of(dolly(state="retired", successor="dolly-3"), dead)
    assert "'dolly-3' is itself retired" in error.message


def test_defaults_fill_in_and_images_are_laid_over_them() -> None:
    table = dolly(title=None, images={"min_side_px": 100})
    table["defaults"] = {"title": "Any dolly", "images": {"max_bytes": 1000, "min_side_px": 50}, "n_max": 2}
    entry = build_catalogue([("acme.toml", table)]).get("dolly-2")
    assert (entry.title, entry.n_max) == ("Any dolly", 2)
    assert (entry.images.max_bytes, entry.images.min_side_px) == (1000, 100)


def test_names_are_matched_without_regard_to_case_and_aliases_resolve() -> None:
    catalogue = load_catalogue()
    assert catalogue.get("KLING-V2-6").id == "kling-2.6"
    assert catalogue.get("Kling-2.6") is catalogue.get("kling-2.6")


def test_an_unknown_model_lists_near_names() -> None:
    with pytest.raises(NotFound) as caught:
        load_catalogue().get("klng-v1")
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
    assert "'klng-v1'" in caught.value.message
    assert "kling-v1" in caught.value.message
    with pytest.raises(NotFound, match="GET /v1/models"):
        load_catalogue().get("zzzzzzzz")


def test_the_owner_adds_models_and_amends_aliases_and_prices() -> None:
    amendment = {
        "amend": [
            {"id": "kling-v1", "aliases": ["old-faithful"], "price": "untracked"},
            {"id": "kling-2.6", "aliases": ["favourite"]},
        ]
    }
    catalogue = load_catalogue([dolly(), amendment])
    assert catalogue.get("dolly-2").provider == "acme"
    assert catalogue.get("old-faithful").price == "untracked"
    favourite = catalogue.get("favourite")
    assert favourite.id == "kling-2.6"
    assert favourite.aliases == ("kling-v2-6", "favourite")
    assert len(favourite.prices) == 3


def test_an_amended_price_replaces_the_old_one_whole() -> None:
    rows = [{"usd_per_second": "0.01"}]
    amendment = {
        "id": "kling-2.5-turbo",
        "prices": rows,
        "price_source": "our contract",
        "checked_on": dolly()["model"][0]["checked_on"],
    }
    entry = load_catalogue([{"amend": [amendment]}]).get("kling-2.5-turbo")
    assert len(entry.prices) == 1
    assert entry.price_source == "our contract"
    with pytest.raises(CatalogueError, match="needs its source"):
        load_catalogue([{"amend": [{"id": "kling-2.5-turbo", "prices": rows}]}])


def test_an_amendment_changes_no_limits_and_no_stranger() -> None:
    with pytest.raises(CatalogueError, match=r"extra catalogue 1: model 'kling-v1': amend\.durations_seconds"):
        load_catalogue([{"amend": [{"id": "kling-v1", "durations_seconds": [5, 10]}]}])
    with pytest.raises(CatalogueError, match="not in the catalogue"):
        load_catalogue([{"amend": [{"id": "kling-v9", "price": "untracked"}]}])
