"""Prompts as text: folded to one form, cut into shots, and searched for terms that are wanted or wanted away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

from opencc import OpenCC
from rapidfuzz import fuzz, process

from filmgate.animatic.language.vocabulary import CJK, Match, Vocabulary

NEGATED_WORDS = 2  # "no more rain": the negation may stand this many words before the term
SHORTEST_MISSPELT = 7  # shorter words have too many neighbours
SHORTEST_UNKNOWN, SHORTEST_UNKNOWN_ZH, LONGEST_UNKNOWN = 3, 2, 40
LIKENESS = 87.0  # of 100: one wrong letter in eight
_CLAUSE_END = re.compile(r"[,.;:!?，。；：！？、\n]|\bbut\b")
_WORD = re.compile(r"[a-z][a-z'-]{2,}|[\u3400-\u9fff]{2,}")
_JOINED = re.compile(r"\s*(?:or|nor|/|或者?|和|与|以及|、)\s*(?:any\s*)?")  # "no cars or people"
_ARTICLE = re.compile(r"\b(?:a|an|the|any|single|other|visible)\b")
_NEGATED_RUN = re.compile(r"(?:没有|不要|不带|不含|避免|排除|禁止).*")
_APPEARING = re.compile(r"(?:任何|出现|看到|看见|多余的?|其他的?|一个|一只|一丝|半点|有)+$")  # "不要出现任何行人"
_NUMERAL = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|一|二|两|三|四|五|六|七|八)"
_UNIT = r"(?:s|sec|seconds|秒)"
_TIMES = rf"(\d{{1,2}}(?:\.\d+)?)\s*{_UNIT}?\s*(?:-|–|—|~|to|到|至)\s*(\d{{1,2}}(?:\.\d+)?)\s*{_UNIT}"
# What begins a new shot. A heading ("Shot 2:", "镜头二：", "[0-3s]") and a cut ("cut to", "切换到") do the same.
_SHOT = re.compile(
    rf"""
      [\[(【]?\s*{_TIMES}\s*(?:[\])】]\s*[:,]?|:)
    | [\[(【]?\b(?:shot|scene|clip)\s*\#?{_NUMERAL}\b\s*[\])】]?\s*[:.\-–—,]?
    | [\[(【]?第?{_NUMERAL}?个?(?:分?镜头?|场景|幕)\s*{_NUMERAL}\s*[\])】]?\s*[:.\-–—,、]?
    | [\[(【]?第{_NUMERAL}(?:个镜头|个场景|幕|镜)\s*[\])】]?\s*[:.\-–—,、]?
    | \b(?:then\s+|and\s+)?(?:(?:hard|smash|jump|match)\s+)?
      (?:cuts?|switch(?:es)?|dissolves?|transitions?|crossfades?)\s+to\b\s*:?
    | \bnext\s+(?:shot|scene)\b\s*[:,]?
    | (?:然后|接着|随后)?(?:镜头|画面|场景)?(?:切换到|切换至|切到|切至|转场到|转场至|转到|叠化到|跳切到):?
    | 下一个?(?:镜头|场景|画面)[:,]?
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ShotText:
    """The words of one shot. `seconds` is its length if the prompt gave times."""

    text: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The terms of a text: those that are wanted, those that are wanted away, and words that nobody knows."""

    text: str
    wanted: tuple[Match, ...]
    unwanted: tuple[Match, ...]
    unknown: tuple[str, ...]


def normalise(text: str) -> str:
    """Lower case; full width and other compatibility forms folded, traditional characters simplified, controls out."""
    folded = unicodedata.normalize("NFKC", _encodable(text)).lower().replace("’", "'")
    simplified = _simplifier()(folded)
    return "".join(" " if unicodedata.category(character) == "Cc" else character for character in simplified)


def split_shots(text: str) -> tuple[str, tuple[ShotText, ...]]:
    """What a text (in compatibility form, NFKC) says of every shot, and the shots: of one shot, all is said of that."""
    marks = list(_SHOT.finditer(text))
    if not marks:
        return "", (ShotText(text),)
    before = text[: marks[0].start()]
    headed = _is_heading(marks[0].group())
    shots: list[ShotText] = [] if headed else [ShotText(before)]
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        words = text[mark.end() : after.start() if after else len(text)]
        if words.strip(" .,;:!?，。；：！？、-–—\n\t"):
            shots.append(ShotText(words, _length(mark)))
    if not shots:
        return "", (ShotText(text),)
    return (before if headed else ""), tuple(shots)


def shot_words(prompt: str) -> tuple[str, ...]:
    """What each shot of a prompt says, as it was written and without its heading."""
    folded = unicodedata.normalize("NFKC", _encodable(prompt))
    _, shots = split_shots(folded)
    return tuple(shot.text.strip(" .,;:\n\t-") for shot in shots)


def find_terms(words: Vocabulary, text: str) -> Found:
    """Search a normalised text. A word that is nearly a term ("mountian") is taken for it."""
    wanted: list[Match] = []
    unwanted: list[Match] = []
    remaining = list(text)
    negated_to: int | None = None  # the end of what was wanted away last
    for match in words.find(text):
        joined = negated_to is not None and _JOINED.fullmatch(text[negated_to : match.start]) is not None
        is_negated = joined or _is_negated(words, text, match)
        negated_to = match.end if is_negated else None
        (unwanted if is_negated else wanted).append(match)
        remaining[match.start : match.end] = " " * (match.end - match.start)
    unknown: list[str] = []
    for rest in _WORD.finditer("".join(remaining)):
        meant = _misspelt(words, rest.group())
        match = Match(rest.start(), rest.end(), meant or rest.group(), words.terms.get(meant or ""))
        is_negated = _is_negated(words, text, match)
        if match.meaning is not None:
            (unwanted if is_negated else wanted).append(match)
        elif not is_negated:  # what cannot be drawn is easily left out
            unknown += _unknown(words, meant or rest.group())
    return Found(text, tuple(sorted(wanted, key=lambda match: match.start)), tuple(unwanted), tuple(unknown))


def clause_between(text: str, start: int, end: int) -> bool:
    """Whether a comma or the like stands between two places of a text."""
    return _CLAUSE_END.search(text[start:end]) is not None


def _is_heading(mark: str) -> bool:
    """Whether what stands before the first mark introduces all shots, and is no shot of its own."""
    return not re.search(r"\bto\b|next|切|转|叠|下一", mark, re.IGNORECASE)


def _length(mark: re.Match[str]) -> float | None:
    if mark.group(1) is None:
        return None
    seconds = float(mark.group(2)) - float(mark.group(1))
    return seconds if seconds > 0 else None


def _is_negated(words: Vocabulary, text: str, match: Match) -> bool:
    clause = _CLAUSE_END.split(text[max(0, match.start - 24) : match.start])[-1]
    if CJK.search(match.term):
        near = _APPEARING.sub("", clause)
        further = near[:-1]  # "没有大雨"
        if near.endswith(words.not_negations_zh) or further.endswith(words.not_negations_zh):
            return False
        return near.endswith(words.negations_zh) or (further.endswith(words.negations_zh) and further[-1] != "不")
    return any(word in words.negations_en for word in _ARTICLE.sub("", clause).split()[-NEGATED_WORDS:])


def _unknown(words: Vocabulary, run: str) -> list[str]:
    """What of a run of letters or characters nobody knows: nouns and names, without the words that carry no picture."""
    if not CJK.search(run):
        word = run.strip("'-")
        plain = word.removesuffix("'s")
        known = plain in words.stop_words or plain in words.counts
        return [] if known or len(plain) < SHORTEST_UNKNOWN else [word[:LONGEST_UNKNOWN]]
    pieces = (piece.strip(words.function_characters) for piece in words.silent.split(_NEGATED_RUN.sub("", run)))
    return [
        piece[:LONGEST_UNKNOWN]
        for piece in pieces
        if len(piece) >= SHORTEST_UNKNOWN_ZH and not words.counted.fullmatch(piece)
    ]


def _misspelt(words: Vocabulary, word: str) -> str | None:
    if len(word) < SHORTEST_MISSPELT or word in words.stop_words or word in words.spelled or CJK.search(word):
        return None
    near = words.single_words.get(word[0], ())  # nobody gets the first letter wrong
    best = process.extractOne(word, near, scorer=fuzz.ratio, score_cutoff=LIKENESS)
    return best[0] if best is not None and len(best[0]) >= SHORTEST_MISSPELT - 1 else None


def _encodable(text: str) -> str:
    """Without lone surrogates, which no library takes."""
    return "".join(" " if unicodedata.category(character) == "Cs" else character for character in text)


@cache
def _simplifier() -> Callable[[str], str]:
    """Traditional characters to simplified."""
    return cast("Callable[[str], str]", OpenCC("t2s").convert)
