"""Every word of the lexicon does what it says, and everything that it names exists."""

from __future__ import annotations

import pytest

from filmgate.animatic.camera import VERBS
from filmgate.animatic.figures.cast import CASTINGS
from filmgate.animatic.figures.stage import HABITATS
from filmgate.animatic.palettes import palette_names
from filmgate.animatic.parse import normalise, parse
from filmgate.animatic.post import STYLES
from filmgate.animatic.scenes import BUILDERS
from filmgate.animatic.vocabulary import CJK, vocabulary

TERMS = sorted(vocabulary().terms)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_term_is_found_alone(language: str) -> None:
    missed: list[str] = []
    for term in TERMS:
        if bool(CJK.search(term)) == (language == "zh"):
            matches = [match.term for match in vocabulary().find(normalise(term))]
            if matches != [term]:
                missed.append(f"{term}: {matches}")
    assert missed == []


def test_every_term_changes_the_reading() -> None:
    plain = parse("")
    for term in TERMS:
        reading = parse(term)
        assert reading.matched == (normalise(term),), term
        assert reading != plain, term


def test_everything_named_exists() -> None:
    words = vocabulary()
    meanings = list(words.terms.values())
    assert set(words.scenes) == set(BUILDERS)
    assert {meaning.scene for meaning in meanings if meaning.scene} <= set(BUILDERS)
    assert {meaning.palette for meaning in meanings if meaning.palette} <= palette_names()
    assert {meaning.palette_hint for meaning in meanings if meaning.palette_hint} <= palette_names()
    assert {defaults.palette for defaults in words.scenes.values()} <= palette_names()
    assert {meaning.camera for meaning in meanings if meaning.camera} <= VERBS
    assert {verb for defaults in words.scenes.values() for verb in defaults.camera} <= VERBS
    assert {meaning.style for meaning in meanings if meaning.style} <= STYLES
    drawable = set(CASTINGS)
    assert {meaning.subject for meaning in meanings if meaning.subject} == set(words.subjects) == drawable
    assert {home.home for home in words.subjects.values()} <= set(BUILDERS)
    assert {home.habitat for home in words.subjects.values()} <= set(HABITATS)
    assert {meaning.season for meaning in meanings if meaning.season} == {"spring", "summer", "autumn", "winter"}
    assert {meaning.framing for meaning in meanings if meaning.framing} == {"wide", "medium", "close"}


def test_both_languages_know_every_kind_of_thing() -> None:
    known: dict[bool, set[str]] = {True: set(), False: set()}
    for term, meaning in vocabulary().terms.items():
        for name in ("scene", "palette", "weather", "subject", "action", "camera", "style", "feature"):
            value = getattr(meaning, name)
            if value:
                known[bool(CJK.search(term))].add(f"{name}: {value}")
    assert known[True] == known[False]


def test_blocked_compounds_mean_nothing() -> None:
    for term in ("马上", "印象", "云南", "网站", "风格"):
        assert parse(term).matched == ()
