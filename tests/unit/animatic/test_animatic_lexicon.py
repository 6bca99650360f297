"""Every word of the lexicon does what it says, and everything that it names exists."""

from __future__ import annotations

import pytest

from filmgate.animatic.camera import VERBS
from filmgate.animatic.figures.animals import species
from filmgate.animatic.figures.cast import PEOPLE
from filmgate.animatic.figures.vehicles import VEHICLES
from filmgate.animatic.lexicon import CJK, lexicon
from filmgate.animatic.palettes import palette_names
from filmgate.animatic.parse import normalise, parse
from filmgate.animatic.post import STYLES
from filmgate.animatic.scenes import BUILDERS

TERMS = sorted(lexicon().terms)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_term_is_found_alone(language: str) -> None:
    missed: list[str] = []
    for term in TERMS:
        if bool(CJK.search(term)) == (language == "zh"):
            matches = [match.term for match in lexicon().find(normalise(term))]
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
    words = lexicon()
    meanings = list(words.terms.values())
    assert set(words.scenes) == set(BUILDERS)
    assert {meaning.scene for meaning in meanings if meaning.scene} <= set(BUILDERS)
    assert {meaning.palette for meaning in meanings if meaning.palette} <= palette_names()
    assert {meaning.palette_hint for meaning in meanings if meaning.palette_hint} <= palette_names()
    assert {defaults.palette for defaults in words.scenes.values()} <= palette_names()
    assert {meaning.camera for meaning in meanings if meaning.camera} <= VERBS
    assert {verb for defaults in words.scenes.values() for verb in defaults.camera} <= VERBS
    assert {meaning.style for meaning in meanings if meaning.style} <= STYLES
    drawable = PEOPLE | VEHICLES | set(species()) | {"birds"}
    assert {meaning.subject for meaning in meanings if meaning.subject} == set(words.subjects) == drawable
    assert {home.home for home in words.subjects.values()} <= set(BUILDERS)


def test_both_languages_know_every_kind_of_thing() -> None:
    known: dict[bool, set[str]] = {True: set(), False: set()}
    for term, meaning in lexicon().terms.items():
        for name in ("scene", "palette", "weather", "subject", "action", "camera", "style", "feature"):
            value = getattr(meaning, name)
            if value:
                known[bool(CJK.search(term))].add(f"{name}: {value}")
    assert known[True] == known[False]


def test_blocked_compounds_mean_nothing() -> None:
    for term in ("马上", "印象", "云南", "网站", "风格"):
        assert parse(term).matched == ()
