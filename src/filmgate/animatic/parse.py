"""Prompts to readings, in English, Chinese, or both at once. No prompt is an error."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

from opencc import OpenCC

from filmgate.animatic.reading import Reading, Subject
from filmgate.animatic.vocabulary import CJK, Match, Meaning, Vocabulary, vocabulary

MAX_SUBJECTS = 3
MAX_COUNT = 7
MAX_CAMERA_VERBS = 3
MAX_ACTIONS = 4
MAX_IGNORED = 20
MAX_TEMPO, MIN_TEMPO = 3.0, 0.35
FALLBACK_SCENE = "abstract"
WIND_OF = {"storm": 2.6, "fog": 0.4}

OPPOSITES = {
    "push": "pull",
    "zoom_in": "zoom_out",
    "pan_left": "pan_right",
    "tilt_up": "tilt_down",
    "truck_left": "truck_right",
}
_CLAUSE_END = re.compile(r"[,.;:!?，。；：！？、\n]|\bbut\b")
_WORD = re.compile(r"[a-z][a-z'-]{3,}|[\u3400-\u9fff]{2,}")
_NEGATED_WORDS = 2  # "no more rain": the negation may stand this many words before the term
_NEGATED_CHARACTERS = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """The terms of one prompt: those that are wanted, and those that are wanted away."""

    text: str
    wanted: list[Match]
    unwanted: list[Match]
    ignored: list[str]


def parse(
    prompt: str | None,
    *,
    negative_prompt: str | None = None,
    style: str | None = None,
    camera: str | None = None,
) -> Reading:
    """Read a prompt. The three options override or take away; what is not known of them lands in `ignored`."""
    words = vocabulary()
    found = _find(words, prompt or "")
    removed = found.unwanted + _find(words, negative_prompt or "").wanted
    banned = [match.meaning for match in removed if match.meaning is not None]
    kept = [match for match in found.wanted if match.meaning is None or not _is_banned(match.meaning, banned)]
    meanings = [match.meaning for match in kept if match.meaning is not None]

    subjects = _subjects(words, found.text, kept)
    scene = _scene(words, meanings, subjects)
    ignored = list(found.ignored)
    sky, water, accent = _colours(words, found.text, kept)
    return Reading(
        scene=scene,
        palette=_palette(words, scene, meanings, banned),
        camera=_camera(words, scene, meanings, camera, ignored),
        season=next((meaning.season for meaning in meanings if meaning.season), None),
        weather=_weather(meanings),
        wind=_wind(meanings),
        subjects=subjects,
        actions=_actions(meanings),
        framing=next((meaning.framing for meaning in meanings if meaning.framing), "wide"),
        features=frozenset(meaning.feature for meaning in meanings if meaning.feature),
        tempo=_tempo(meanings),
        style=_style(words, meanings, style, ignored),
        cloud_cover=_cover(meanings, banned),
        sky_colour=sky,
        water_colour=water,
        accent=accent,
        matched=tuple(dict.fromkeys(match.term for match in kept)),
        ignored=tuple(dict.fromkeys(ignored))[:MAX_IGNORED],
    )


def normalise(text: str) -> str:
    """Compatibility forms folded (full width, ligatures), traditional characters simplified, controls removed."""
    folded = unicodedata.normalize("NFKC", _encodable(text)).lower().replace("’", "'")
    simplified = _simplifier()(folded)
    return "".join(" " if unicodedata.category(character) == "Cc" else character for character in simplified)


def _encodable(text: str) -> str:
    """Without lone surrogates, which no library takes."""
    return "".join(" " if unicodedata.category(character) == "Cs" else character for character in text)


@cache
def _simplifier() -> Callable[[str], str]:
    """Traditional characters to simplified."""
    return cast("Callable[[str], str]", OpenCC("t2s").convert)


def _find(words: Vocabulary, prompt: str) -> _Found:
    text = normalise(prompt)
    wanted: list[Match] = []
    unwanted: list[Match] = []
    remaining = list(text)
    for match in words.find(text):
        (unwanted if _is_negated(words, text, match) else wanted).append(match)
        remaining[match.start : match.end] = " " * (match.end - match.start)
    rest = _WORD.findall("".join(remaining))
    ignored = [word for word in rest if word not in words.stop_words and word not in words.counts]
    return _Found(text, wanted, unwanted, ignored)


def _is_negated(words: Vocabulary, text: str, match: Match) -> bool:
    clause = _CLAUSE_END.split(text[max(0, match.start - 24) : match.start])[-1]
    if CJK.search(match.term):
        near = clause[-_NEGATED_CHARACTERS:]
        return any(near.endswith(word) or near[:-1].endswith(word) for word in words.negations_zh if word != "不") or (
            near.endswith("不")
        )
    return any(word in words.negations_en for word in clause.split()[-_NEGATED_WORDS:])


def _is_banned(meaning: Meaning, banned: list[Meaning]) -> bool:
    """Whether the thing that `meaning` would draw is one of those that were asked away."""
    people = {"person", "woman", "child", "couple"}
    for other in banned:
        if meaning.subject and (meaning.subject == other.subject or {meaning.subject, other.subject} <= people):
            return True
        if meaning.weather and other.weather in (meaning.weather, _covers(meaning.weather)):
            return True
        for name in ("scene", "feature", "camera", "style", "palette"):
            if getattr(meaning, name) is not None and getattr(meaning, name) == getattr(other, name):
                return True
    return False


def _covers(weather: str) -> str:
    """A storm rains: who wants no rain wants no storm."""
    return "rain" if weather == "storm" else weather


def _subjects(words: Vocabulary, text: str, kept: list[Match]) -> tuple[Subject, ...]:
    counts: dict[str, int] = {}
    for match in kept:
        if match.meaning is not None and match.meaning.subject:
            counts.setdefault(match.meaning.subject, _count(words, text, match))
    return tuple(Subject(kind, min(count, MAX_COUNT)) for kind, count in list(counts.items())[:MAX_SUBJECTS])


def _count(words: Vocabulary, text: str, match: Match) -> int:
    before = text[max(0, match.start - 24) : match.start]
    if CJK.search(match.term):
        numeral = re.search(
            rf"([\u3400-\u9fff]{{1,2}}?)[{words.measure_words}]?[\u3400-\u9fff]{{0,2}}的?$", before[-6:]
        )
        if numeral is None:
            return 1
        tail = before[-6:]
        for word in sorted((word for word in words.counts if CJK.search(word)), key=len, reverse=True):
            if re.search(rf"{word}[{words.measure_words}]?(?:[\u3400-\u9fff]{{1,2}}的|[\u3400-\u9fff])?$", tail):
                return words.counts[word]
        return 1
    for word in reversed(re.findall(r"[a-z]+|\d+", before)[-3:]):
        if word.isdigit():
            return max(1, int(word[:3]))
        if words.counts.get(word, 1) > 1:
            return words.counts[word]
    return 3 if text[match.end - 1] == "s" and not match.term.endswith("s") else 1


def _scene(words: Vocabulary, meanings: list[Meaning], subjects: tuple[Subject, ...]) -> str:
    scores: defaultdict[str, float] = defaultdict(float)
    for meaning in meanings:
        if meaning.scene:
            scores[meaning.scene] += meaning.weight
    named = bool(scores)
    if "lake" in scores and "mountains" in scores:
        scores["lake"] += scores.pop("mountains")  # a lake is drawn among mountains anyway
    for subject in subjects:
        home = words.subjects[subject.kind]
        scores[home.home] += home.weight if named else home.weight + 1
    if subjects and not named and any(meaning.weather == "snow" for meaning in meanings):
        scores["snowfield"] += 3 * len(subjects)
    actions = {meaning.action for meaning in meanings}
    if any(subject.kind == "astronaut" for subject in subjects) and "float" in actions:
        scores["space"] += 3
    if not scores:
        return FALLBACK_SCENE
    return max(scores, key=lambda name: scores[name])  # the first named wins a tie


def _palette(words: Vocabulary, scene: str, meanings: list[Meaning], banned: list[Meaning]) -> str:
    if scene in ("space", "moon"):
        return words.scenes[scene].palette  # no air, no time of day
    stated = [meaning.palette for meaning in meanings if meaning.palette]
    if "neon" in stated:
        return "neon"
    hints = [meaning.palette_hint for meaning in meanings if meaning.palette_hint]
    usual = words.scenes[scene].palette
    if stated:
        return "storm" if "storm" in hints and stated[0] in ("day", "overcast") else stated[0]
    for name in [*hints, usual, "day", "golden", "dusk"]:
        if all(name != meaning.palette for meaning in banned):
            return name
    return usual


def _camera(
    words: Vocabulary, scene: str, meanings: list[Meaning], override: str | None, ignored: list[str]
) -> tuple[str, ...]:
    chosen = [meaning.camera for meaning in meanings if meaning.camera]
    if override and override.strip():
        stated = _find(words, override.replace("_", " ")).wanted
        verbs = [match.meaning.camera for match in stated if match.meaning is not None and match.meaning.camera]
        if verbs:
            chosen = verbs
        else:
            ignored.append(f"camera: {override.strip()[:60]}")
    distinct = list(dict.fromkeys(chosen))
    if not distinct:
        return words.scenes[scene].camera
    if "static" in distinct:
        return ("static",)
    kept: list[str] = []
    for verb in distinct:
        opposite = OPPOSITES.get(verb) or next((key for key, value in OPPOSITES.items() if value == verb), None)
        if opposite not in kept:
            kept.append(verb)
    return tuple(kept[:MAX_CAMERA_VERBS])


def _weather(meanings: list[Meaning]) -> str | None:
    stated = [meaning.weather for meaning in meanings if meaning.weather]
    return "storm" if "storm" in stated else next(iter(stated), None)


def _wind(meanings: list[Meaning]) -> float:
    stated = [meaning.wind for meaning in meanings if meaning.wind is not None]
    return max(stated) if stated else WIND_OF.get(_weather(meanings) or "", 1.0)


def _actions(meanings: list[Meaning]) -> tuple[str, ...]:
    actions: list[str] = []
    for meaning in meanings:
        if meaning.action and (not actions or actions[-1] != meaning.action):
            actions.append(meaning.action)
    return tuple(actions[:MAX_ACTIONS])


def _tempo(meanings: list[Meaning]) -> float:
    tempo = 1.0
    for value in {meaning.tempo for meaning in meanings if meaning.tempo}:
        tempo *= value
    return min(MAX_TEMPO, max(MIN_TEMPO, tempo))


def _style(words: Vocabulary, meanings: list[Meaning], override: str | None, ignored: list[str]) -> str | None:
    stated = next((meaning.style for meaning in meanings if meaning.style), None)
    if not override or not override.strip():
        return stated
    for match in _find(words, override.replace("_", " ")).wanted:
        if match.meaning is not None and match.meaning.style:
            return match.meaning.style
        if match.meaning is not None and match.meaning.palette == "neon":
            return "neon"
    ignored.append(f"style: {override.strip()[:60]}")
    return stated


def _cover(meanings: list[Meaning], banned: list[Meaning]) -> float | None:
    if any((meaning.cover or 0.0) > 0.5 for meaning in banned):
        return 0.1
    return next((meaning.cover for meaning in meanings if meaning.cover is not None), None)


def _colours(words: Vocabulary, text: str, kept: list[Match]) -> tuple[str | None, str | None, str | None]:
    """The colour said of the sky, of the water, and of anything else."""
    sky = water = accent = None
    for match in kept:
        if match.colour is None:
            continue
        following = text[match.end : match.end + 12].lstrip(" 色的")
        if following.startswith(words.sky_words):
            sky = sky or match.colour
        elif following.startswith(words.water_words):
            water = water or match.colour
        else:
            accent = accent or match.colour
    return sky, water, accent
