"""The vocabulary: the files of lexicon/, loaded once and compiled to one matcher for each language."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

CJK = re.compile(r"[\u3400-\u9fff]")
PEOPLE = frozenset({"person", "woman", "child", "elder", "couple"})  # subjects that "no people" means
HEX_COLOUR = re.compile(r"#([0-9a-f]{6})(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one entry of the lexicon says; what it does not say is None."""

    scene: str | None = None
    weight: float = 0.0
    palette: str | None = None
    palette_hint: str | None = None
    season: str | None = None
    weather: str | None = None
    wind: float | None = None
    cover: float | None = None
    subject: str | None = None
    pronoun: bool = False  # a subject only if nobody is named whom it could mean
    action: str | None = None
    feature: str | None = None
    camera: str | None = None
    framing: str | None = None
    tempo: float | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class SceneDefaults:
    palette: str
    camera: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubjectHome:
    """Where a subject is drawn: its own place, the weight of that beside places that are named, and its habitat."""

    home: str
    weight: float
    habitat: str


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in a text, at [start, end). `meaning` is None for a colour."""

    start: int
    end: int
    term: str
    meaning: Meaning | None
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    terms: dict[str, Meaning]
    colours: dict[str, str]  # word to "rrggbb"
    scenes: dict[str, SceneDefaults]
    subjects: dict[str, SubjectHome]
    inanimate: frozenset[str]  # subjects that neither walk nor sit
    counts: dict[str, int]
    vague_counts: frozenset[str]  # number words that give no number
    plurals: frozenset[str]  # terms that are plural without an "s" at the end of their singular
    counted: re.Pattern[str]  # a Chinese number or quantity, and its measure word
    negations_en: frozenset[str]
    negations_zh: tuple[str, ...]
    not_negations_zh: tuple[str, ...]  # compounds that end like one
    stop_words: frozenset[str]  # English words that need no answer
    spelled: frozenset[str]  # English words that are no term, and no misspelling of one either
    silent: re.Pattern[str]  # Chinese words that need no answer, wherever they stand
    function_characters: str  # Chinese particles and numerals, which mean nothing at the ends of unknown words
    sky_words: tuple[str, ...]
    water_words: tuple[str, ...]
    clothing_words: tuple[str, ...]  # between someone and the colour of the clothes
    wearing_words: tuple[str, ...]  # the same, if they stand near
    body_words: tuple[str, ...]  # after a colour that is neither of clothes nor of fur
    single_words: dict[str, tuple[str, ...]] = field(repr=False)  # English words and stop words by first letter
    english: re.Pattern[str] = field(repr=False)
    chinese: re.Pattern[str] = field(repr=False)

    def find(self, text: str) -> list[Match]:
        """Every term of `text` (normalised, lower case) from left to right; matches never overlap."""
        found = [self._match(match, match.group(1)) for match in self.english.finditer(text)]
        found += [self._match(match, match.group()) for match in self.chinese.finditer(text)]
        found += [Match(at.start(), at.end(), at.group(), None, at.group(1)) for at in HEX_COLOUR.finditer(text)]
        return sorted((match for match in found if match is not None), key=lambda match: match.start)

    def _match(self, match: re.Match[str], term: str) -> Match | None:
        meaning, colour = self.terms.get(term), self.colours.get(term)
        if meaning is None and colour is None:
            return None  # a blocked compound: it is consumed and means nothing
        return Match(match.start(), match.end(), term, meaning, colour)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the package. Immutable; parsed on first use (about 0.1 s)."""
    tables = _tables()
    terms = _terms(tables["term"])
    colours = {word: value for value, words in tables["colours"].items() for word in words}
    every_word = [*terms, *colours, *tables["blocked"]]
    latin = (word for word in every_word if not CJK.search(word))
    counts = tables["counts"]
    return Vocabulary(
        terms=terms,
        colours=colours,
        scenes={name: SceneDefaults(row["palette"], tuple(row["camera"])) for name, row in tables["scenes"].items()},
        subjects={name: SubjectHome(**row) for name, row in tables["subjects"].items()},
        inanimate=frozenset(tables["inanimate"]),
        counts={**counts["en"], **counts["zh"]},
        vague_counts=frozenset(counts["vague"]),
        plurals=frozenset(counts["plurals"]),
        counted=re.compile(rf"(\d{{1,2}}|{_alternatives(counts['zh'])})([{counts['measure_words_zh']}]?)"),
        negations_en=frozenset(tables["negations_en"]),
        negations_zh=tuple(tables["negations_zh"]),
        not_negations_zh=tuple(tables["not_negations_zh"]),
        stop_words=frozenset(tables["stop_words"]),
        spelled=frozenset(tables["spelled"]),
        silent=re.compile(_alternatives(tables["stop_words_zh"])),
        function_characters=tables["function_characters_zh"],
        sky_words=tuple(tables["coloured"]["sky"]),
        water_words=tuple(tables["coloured"]["water"]),
        clothing_words=tuple(tables["coloured"]["clothing"]),
        wearing_words=tuple(tables["coloured"]["wearing"]),
        body_words=tuple(tables["coloured"]["body"]),
        single_words=_by_first_letter(
            word for word in [*terms, *tables["stop_words"]] if word.isascii() and word.isalpha()
        ),
        english=re.compile(rf"(?<![a-z0-9])({_alternatives(latin)})(?:'s|s'|es|s)?(?![a-z0-9])"),
        chinese=re.compile(_alternatives(word for word in every_word if CJK.search(word))),
    )


def _tables() -> dict[str, Any]:
    """All files as one: their terms in a row, tables of the same name joined."""
    joined: dict[str, Any] = {"term": [], "scenes": {}, "subjects": {}, "inanimate": []}
    folder = files("filmgate.animatic.language").joinpath("lexicon")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml"):
            continue
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        for name, value in table.items():
            if name == "term":
                joined["term"] += value
            elif name == "inanimate":
                joined["inanimate"] += table["subjects"]
            elif name in ("scenes", "subjects"):
                joined[name] |= value
            elif name in joined:
                raise ValueError(f"{file.name} defines {name!r}, which another file of the lexicon has")
            else:
                joined[name] = value
    return joined


def _terms(rows: list[dict[str, Any]]) -> dict[str, Meaning]:
    terms: dict[str, Meaning] = {}
    for row in rows:
        meaning = Meaning(**{key: value for key, value in row.items() if key not in ("en", "zh")})
        for word in (*row.get("en", ()), *row.get("zh", ())):
            if word in terms:
                raise ValueError(f"the lexicon defines {word!r} twice")
            terms[word] = meaning
    return terms


def _by_first_letter(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    letters: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        letters[word[0]].append(word)
    return {letter: tuple(row) for letter, row in letters.items()}


def _alternatives(words: Iterable[str]) -> str:
    """A pattern of the longest word that fits. Grouped by first letter, or a long list would be tried word by word."""
    groups = _by_first_letter(sorted(words, key=len, reverse=True))
    return "|".join(
        f"{re.escape(letter)}(?:{'|'.join(re.escape(word[1:]) for word in row)})" for letter, row in groups.items()
    )
