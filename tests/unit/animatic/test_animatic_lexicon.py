"""Every word of the lexicon does what it says, and everything that it names exists."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from filmgate.animatic.camera import VERBS
from filmgate.animatic.figures.cast import CASTINGS
from filmgate.animatic.figures.stage import HABITATS
from filmgate.animatic.language.parse import parse
from filmgate.animatic.language.prompt import normalise
from filmgate.animatic.language.vocabulary import CJK, vocabulary
from filmgate.animatic.looks import STYLES
from filmgate.animatic.palettes import palette_names
from filmgate.animatic.scenes import BUILDERS

TERMS = sorted(vocabulary().terms)
PACKAGE = Path(str(files("filmgate.animatic")))
LEXICON: list[dict[str, Any]] = [
    tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.joinpath("lexicon").glob("*.toml"))
]


def named(field: str) -> set[Any]:
    """Everything that the terms of the lexicon say of `field`."""
    return {value for meaning in vocabulary().terms.values() if (value := getattr(meaning, field)) is not None}


def quoted_in_code() -> set[str]:
    """Every string of letters that stands in quotes, or as a key of a table, in the sources and data of the package."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))
    return set(re.findall(r'"([a-z_]+)"', code))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_term_is_found_alone(language: str) -> None:
    missed: list[str] = []
    for term in TERMS:
        if bool(CJK.search(term)) == (language == "zh"):
            matches = [match.term for match in vocabulary().find(normalise(term))]
            if matches != [term]:
                missed.append(f"{term}: {matches}")
    assert missed == []


def test_every_term_is_written_as_prompts_are_read() -> None:
    assert [term for term in TERMS if normalise(term) != term] == []


def test_every_term_is_matched_by_the_reader() -> None:
    assert [term for term in TERMS if parse(term).matched != (term,)] == []


def test_no_word_is_defined_twice() -> None:
    terms = [row for table in LEXICON for row in table.get("term", [])]
    words = Counter(word for row in terms for word in (*row.get("en", ()), *row.get("zh", ())))
    colours = Counter(word for table in LEXICON for row in table.get("colours", {}).values() for word in row)
    blocked = Counter(word for table in LEXICON for word in table.get("blocked", ()))
    for counted in (words, colours, blocked):
        assert [word for word, number in counted.items() if number > 1] == []
    assert words.keys() & blocked.keys() == set()


def test_no_term_is_passed_over_in_silence() -> None:
    """A stop word is never drawn, so it can be no term."""
    assert vocabulary().stop_words & vocabulary().terms.keys() == set()
    assert vocabulary().spelled & vocabulary().terms.keys() == set()


def test_everything_named_exists() -> None:
    words = vocabulary()
    assert set(words.scenes) == set(BUILDERS)
    assert named("scene") <= set(BUILDERS)
    assert named("palette") | named("palette_hint") <= palette_names()
    assert {defaults.palette for defaults in words.scenes.values()} <= palette_names()
    assert named("camera") == VERBS
    assert {verb for defaults in words.scenes.values() for verb in defaults.camera} <= VERBS
    assert named("style") == STYLES - {"neon"}  # of which the words are those of the palette
    assert named("season") == {"spring", "summer", "autumn", "winter"}
    assert named("framing") == {"wide", "medium", "close"}
    assert named("weather") == {"rain", "snow", "fog", "storm"}


def test_every_subject_can_be_cast() -> None:
    words = vocabulary()
    assert named("subject") == set(words.subjects) == set(CASTINGS)
    assert {home.home for home in words.subjects.values()} <= set(BUILDERS)
    assert {home.habitat for home in words.subjects.values()} <= set(HABITATS)
    assert words.inanimate <= set(words.subjects)


@pytest.mark.parametrize("field", ["feature", "action"])
def test_every_detail_and_every_action_is_known_to_the_code(field: str) -> None:
    assert named(field) - quoted_in_code() == set()


def test_both_languages_know_every_kind_of_thing() -> None:
    known: dict[bool, set[str]] = {True: set(), False: set()}
    for term, meaning in vocabulary().terms.items():
        for name in (
            "scene",
            "palette",
            "weather",
            "season",
            "subject",
            "action",
            "camera",
            "framing",
            "style",
            "feature",
        ):
            value = getattr(meaning, name)
            if value:
                known[bool(CJK.search(term))].add(f"{name}: {value}")
    assert known[True] == known[False]


def test_blocked_compounds_mean_nothing() -> None:
    for term in ("马上", "印象", "云南", "网站", "风格", "depth of field"):
        assert parse(term).matched == ()
