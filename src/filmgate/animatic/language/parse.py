"""Prompts to readings, in English, Chinese, or both at once. No prompt is an error."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from filmgate.animatic.language.colouring import Colours, find_colours
from filmgate.animatic.language.imagination import imagined_palette, imagined_scene
from filmgate.animatic.language.prompt import Found, ShotText, clause_between, find_terms, normalise, split_shots
from filmgate.animatic.language.reading import Reading, Shot, Subject
from filmgate.animatic.language.vocabulary import CJK, HEX_COLOUR, PEOPLE, Match, Meaning, Vocabulary, vocabulary

MAX_SUBJECTS = 4
MAX_COUNT = 12
NUMBER_REACH = 5  # words: "three very cute little kittens"
SEVERAL = 3  # of a plural without a number
MAX_CAMERA_VERBS = 3
MAX_ACTIONS = 4
MAX_IGNORED = 20
MAX_SHOTS = 6
SHORTEST_SHOT_SECONDS = 0.75
MAX_TEMPO, MIN_TEMPO = 3.0, 0.35
WIND_OF = {"storm": 2.6, "fog": 0.4}
THINGS_DO = frozenset({"float", "fly", "launch", "jump", "swim"})
AIRLESS = ("space", "moon")
FURNISHED = ("interior", "studio")
GROUNDLESS, GROUNDED = ("clouds", "space"), ("ground", "shore")  # places without ground, habitats that need it
OPPOSITES = (
    ("push", "pull"),
    ("zoom_in", "zoom_out"),
    ("pan_left", "pan_right"),
    ("tilt_up", "tilt_down"),
    ("truck_left", "truck_right"),
    ("crane_up", "crane_down"),
)
# Not the age of someone, the length of a lens or the time of day.
_NUMBER = re.compile(r"[a-z]+|(?<![\d.])\d{1,2}(?![\d.:%])(?!\s*-?\s*(?:years?|yo|k|mm|fps|x|s|st|nd|rd|th|am|pm)\b)")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked beside the prompt: each overrides it, takes something away, or makes chance another."""

    negative_prompt: str | None = None
    style: str | None = None
    camera: str | None = None
    seed: int = 0


def parse(prompt: str | None, wishes: Wishes | None = None) -> Reading:
    """Read a prompt as one shot."""
    found = find_terms(vocabulary(), normalise(prompt or ""))
    return _read(vocabulary(), found, wishes or Wishes())


def parse_shots(prompt: str | None, duration_seconds: float, wishes: Wishes | None = None) -> tuple[Shot, ...]:
    """Read a prompt of one or more shots. What no shot has room for is told in the last one's `ignored`."""
    words = vocabulary()
    introduction, texts = split_shots(normalise(prompt or ""))
    common = find_terms(words, introduction)
    fit = max(1, min(MAX_SHOTS, int(duration_seconds / SHORTEST_SHOT_SECONDS)))
    kept, left_out = texts[:fit], texts[fit:]
    readings: list[Reading] = []
    for text in kept:
        before = readings[-1] if readings else None
        readings.append(_read(words, find_terms(words, text.text), wishes or Wishes(), common, before))
    if left_out:
        told = f"{len(left_out)} more shots: {fit} fit into {duration_seconds:g} s"
        readings[-1] = replace(readings[-1], ignored=(*readings[-1].ignored, told))
    style = next((reading.style for reading in readings if reading.style), None)  # one film, one look
    shares = _shares(kept)
    return tuple(Shot(replace(reading, style=style), share) for reading, share in zip(readings, shares, strict=True))


def _shares(texts: Sequence[ShotText]) -> list[float]:
    """How much of the clip each shot takes: as long as the prompt says, else all the same."""
    stated = [text.seconds for text in texts if text.seconds]
    usual = sum(stated) / len(stated) if stated else 1.0
    lengths = [text.seconds or usual for text in texts]
    return [length / sum(lengths) for length in lengths]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one text asks for, without what was asked away."""

    matches: list[Match]
    meanings: list[Meaning]
    subjects: tuple[Subject, ...]
    colours: Colours


def _wanted(words: Vocabulary, found: Found, banned: list[Meaning], before: tuple[Subject, ...] = ()) -> _Wanted:
    kept = [match for match in found.wanted if match.meaning is None or not _is_banned(match.meaning, banned)]
    colours = find_colours(words, found.text, kept)
    subjects = _subjects(words, found.text, kept, colours.of_subjects, before)
    return _Wanted(kept, [match.meaning for match in kept if match.meaning is not None], subjects, colours)


def _read(
    words: Vocabulary, found: Found, wishes: Wishes, common: Found | None = None, before: Reading | None = None
) -> Reading:
    """One shot. `common` is said of every shot; this one is where the shot `before` was, unless it says otherwise."""
    removed = [*found.unwanted, *find_terms(words, normalise(wishes.negative_prompt or "")).wanted]
    banned = [match.meaning for match in removed if match.meaning is not None]
    shared = _wanted(words, common, banned) if common is not None else None
    own = _wanted(words, found, banned, (before.subjects if before else ()) or (shared.subjects if shared else ()))
    subjects = own.subjects or (shared.subjects if shared else ())
    named = _scene(words, own.meanings, subjects, elsewhere=before is not None or shared is not None)
    if named is None and shared is not None and before is None:
        named = _scene(words, shared.meanings, subjects, elsewhere=False)
    before = before if named is None else None  # elsewhere, nothing is as it was
    meanings = own.meanings + (shared.meanings if shared else [])
    scene = before.scene if before else named or imagined_scene(found.text, wishes.seed)
    ignored = [*found.unknown, *(common.unknown if common is not None else ())]
    weather = _weather(meanings) or (before.weather if before else None)
    if before is not None and not any(meaning.palette or meaning.palette_hint for meaning in own.meanings):
        palette = before.palette
    elif not meanings:
        palette = imagined_palette(found.text, wishes.seed)
    else:
        palette = _palette(words, scene, meanings, banned)
    reading = Reading(
        scene=scene,
        palette=palette,
        camera=_camera(words, scene, meanings, wishes.camera, ignored),
        season=_first("season", meanings) or (before.season if before else None),
        weather=weather,
        wind=_wind(meanings, weather),
        subjects=_drawable(words, scene, subjects),
        actions=() if subjects else _actions(meanings),
        features=_features(meanings) | (before.features if before else frozenset[str]()),
        framing=_first("framing", meanings) or "wide",
        tempo=_tempo(meanings),
        style=_style(words, meanings, wishes.style, ignored),
        cloud_cover=_cover(meanings, banned, before),
        sky_colour=own.colours.sky
        or (shared.colours.sky if shared else None)
        or (before.sky_colour if before else None),
        water_colour=own.colours.water or (before.water_colour if before else None),
        accent=own.colours.accent or (shared.colours.accent if shared else None),
        matched=tuple(dict.fromkeys(match.term for match in [*own.matches, *(shared.matches if shared else [])])),
    )
    return replace(reading, ignored=tuple(dict.fromkeys(ignored))[:MAX_IGNORED])


def _is_banned(meaning: Meaning, banned: list[Meaning]) -> bool:
    """Whether the thing that `meaning` would draw is one of those that were asked away."""
    for other in banned:
        if meaning.subject and (meaning.subject == other.subject or {meaning.subject, other.subject} <= PEOPLE):
            return True
        if meaning.weather and other.weather in (meaning.weather, _covers(meaning.weather)):
            return True
        for name in ("scene", "feature", "camera", "style", "palette", "season", "framing", "action"):
            if getattr(meaning, name) is not None and getattr(meaning, name) == getattr(other, name):
                return True
    return False


def _covers(weather: str) -> str:
    """A storm rains: who wants no rain wants no storm."""
    return "rain" if weather == "storm" else weather


def _subjects(
    words: Vocabulary, text: str, kept: list[Match], colours: dict[int, str], before: tuple[Subject, ...]
) -> tuple[Subject, ...]:
    """What is to be drawn, in order, each with its number, its colour and what it does.

    An action belongs to the subject before it, or to the first if none stands before it. A pronoun means whoever was
    named last, in this shot or in the one `before`.
    """
    earlier = {subject.kind: subject for subject in before}
    subjects: dict[str, Subject] = {}
    actions: defaultdict[str, list[str]] = defaultdict(list)
    current, waiting, since = None, list[str](), 0
    for match in kept:
        meaning = match.meaning
        if meaning is None:
            continue
        if meaning.subject:
            current = (current or next(iter(earlier), None) if meaning.pronoun else None) or meaning.subject
            actions[current] += waiting
            waiting.clear()
            known = subjects.get(current) or (earlier.get(current) if meaning.pronoun else None)
            count, exact = _count(words, text[since : match.start], text, match)
            since = match.end
            colour = colours.get(match.start)
            subjects[current] = (
                replace(known, colour=known.colour or colour) if known else Subject(current, count, exact, colour)
            )
        if meaning.action:
            actor = _actor(words, meaning.action, current, list(subjects))
            (actions[actor] if actor else waiting).append(meaning.action)
    return tuple(
        replace(subject, actions=_distinct(actions[kind])) for kind, subject in list(subjects.items())[:MAX_SUBJECTS]
    )


def _actor(words: Vocabulary, action: str, current: str | None, named: list[str]) -> str | None:
    """Who does it: the one named last, or whoever can: of "a girl with a lantern walks", the girl."""
    if current not in words.inanimate or action in THINGS_DO:
        return current
    return next((kind for kind in reversed(named) if kind not in words.inanimate), current)


def _count(words: Vocabulary, before: str, text: str, match: Match) -> tuple[int, bool]:
    """How many there are of what `match` names, and whether that is a number. `before`: since the last subject."""
    before = HEX_COLOUR.sub("", before[-40:])
    if CJK.search(match.term):
        number = _number_zh(words, before)
        is_plural = match.term in words.plurals or text[match.end : match.end + 1] in ("们", "群")
    else:
        number = next(
            (word for word in reversed(_NUMBER.findall(before)[-NUMBER_REACH:]) if _is_number(words, word)), None
        )
        is_plural = match.term in words.plurals or (text[match.end - 1] == "s" and not match.term.endswith("s"))
    if number is None:
        return (SEVERAL if is_plural else 1), False
    count = int(number) if number.isdigit() else words.counts[number]
    return max(1, min(count, MAX_COUNT)), number not in words.vague_counts


def _is_number(words: Vocabulary, word: str) -> bool:
    return word.isdigit() or word in words.counts


def _number_zh(words: Vocabulary, before: str) -> str | None:
    """The number at the end of a text, with at most attributes after its measure word: "三只可爱的" is three."""
    for counted in reversed(list(words.counted.finditer(before))):
        number, measure, after = counted[1], counted[2], before[counted.end() :]
        is_measured = bool(measure) or len(number) > 1
        is_near = len(after) <= 2 or (after.endswith("的") and not clause_between(after, 0, len(after)))
        if not after or (is_measured and is_near):
            return number
    return None


def _scene(words: Vocabulary, meanings: list[Meaning], subjects: tuple[Subject, ...], *, elsewhere: bool) -> str | None:
    """The place with the most votes; None if nothing names one. `elsewhere`: a shot before this one was somewhere."""
    scores: defaultdict[str, float] = defaultdict(float)
    for meaning in meanings:
        if meaning.scene:
            scores[meaning.scene] += meaning.weight
    named = bool(scores)
    if not named and elsewhere:
        return None
    if "lake" in scores and "mountains" in scores:
        scores["lake"] += scores.pop("mountains")  # a lake is drawn among mountains anyway
    for subject in subjects:
        home = words.subjects[subject.kind]
        if home.habitat == "table" and _is_somebody_there(words, subjects):
            continue  # a girl with headphones is not in a studio for it
        scores[home.home] += home.weight if named else home.weight + 1
    if subjects and not named and any(meaning.weather == "snow" for meaning in meanings):
        scores["snowfield"] += 3 * len(subjects)
    floats = any(subject.kind == "astronaut" and "float" in subject.actions for subject in subjects)
    if floats:
        scores["space"] += 3
    stands = any(words.subjects[subject.kind].habitat in GROUNDED for subject in subjects)
    if stands and not named and len(scores) > 1:
        for name in GROUNDLESS:
            scores.pop(name, None)
    return max(scores, key=lambda name: scores[name]) if scores else None  # the first named wins a tie


def _is_somebody_there(words: Vocabulary, subjects: Sequence[Subject]) -> bool:
    return any(subject.kind not in words.inanimate for subject in subjects)


def _drawable(words: Vocabulary, scene: str, subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """Without small things that somebody has where there is no table: they would stand about as large as people."""
    if scene in FURNISHED or not _is_somebody_there(words, subjects):
        return subjects
    return tuple(subject for subject in subjects if words.subjects[subject.kind].habitat != "table")


def _palette(words: Vocabulary, scene: str, meanings: list[Meaning], banned: list[Meaning]) -> str:
    """The time of day or mood that is stated, else hinted at, else usual in the place."""
    usual = words.scenes[scene].palette
    if scene in AIRLESS:
        return usual  # no air, no time of day
    stated = [meaning.palette for meaning in meanings if meaning.palette]
    if "neon" in stated:
        return "neon"
    hints = [meaning.palette_hint for meaning in meanings if meaning.palette_hint]
    if scene == "underwater":
        hints = [hint for hint in hints if hint != "golden"]  # rays of light come from above there
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
        stated = find_terms(words, normalise(override.replace("_", " "))).wanted
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
        if not any({verb, other} in ({*pair} for pair in OPPOSITES) for other in kept):
            kept.append(verb)
    return tuple(kept[:MAX_CAMERA_VERBS])


def _weather(meanings: list[Meaning]) -> str | None:
    stated = [meaning.weather for meaning in meanings if meaning.weather]
    return "storm" if "storm" in stated else next(iter(stated), None)


def _wind(meanings: list[Meaning], weather: str | None) -> float:
    stated = [meaning.wind for meaning in meanings if meaning.wind is not None]
    return max(stated) if stated else WIND_OF.get(weather or "", 1.0)


def _features(meanings: list[Meaning]) -> frozenset[str]:
    return frozenset(meaning.feature for meaning in meanings if meaning.feature)


def _first(name: str, meanings: list[Meaning]) -> str | None:
    return next((getattr(meaning, name) for meaning in meanings if getattr(meaning, name)), None)


def _actions(meanings: list[Meaning]) -> tuple[str, ...]:
    return _distinct([meaning.action for meaning in meanings if meaning.action])


def _distinct(actions: list[str]) -> tuple[str, ...]:
    """Without repetition of what is being done already."""
    kept = [action for index, action in enumerate(actions) if index == 0 or actions[index - 1] != action]
    return tuple(kept[:MAX_ACTIONS])


def _tempo(meanings: list[Meaning]) -> float:
    tempo = 1.0
    for value in dict.fromkeys(meaning.tempo for meaning in meanings if meaning.tempo):
        tempo *= value
    return min(MAX_TEMPO, max(MIN_TEMPO, tempo))


def _style(words: Vocabulary, meanings: list[Meaning], override: str | None, ignored: list[str]) -> str | None:
    stated = _first("style", meanings)
    if not override or not override.strip():
        return stated
    for match in find_terms(words, normalise(override.replace("_", " "))).wanted:
        if match.meaning is not None and match.meaning.style:
            return match.meaning.style
        if match.meaning is not None and match.meaning.palette == "neon":
            return "neon"
    ignored.append(f"style: {override.strip()[:60]}")
    return stated


def _cover(meanings: list[Meaning], banned: list[Meaning], before: Reading | None) -> float | None:
    if any((meaning.cover or 0.0) > 0.5 for meaning in banned):
        return 0.1
    stated = next((meaning.cover for meaning in meanings if meaning.cover is not None), None)
    return before.cloud_cover if stated is None and before is not None else stated
