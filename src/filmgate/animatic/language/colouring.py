"""What each colour of a prompt belongs to: the sky, the water, someone's clothes, a thing, or the whole picture."""

from __future__ import annotations

import re
from dataclasses import dataclass

from filmgate.animatic.language.prompt import clause_between
from filmgate.animatic.language.vocabulary import PEOPLE, Match, Vocabulary

MAX_COLOURS = 24
COLOUR_REACH = 14  # characters between a colour and the thing that has it
WEARING_REACH = 60  # "a woman with short hair, wearing a long red dress"
DRESSED = PEOPLE | {"dancer", "monk", "wizard", "samurai", "knight", "superhero", "cyclist", "astronaut", "robot"}
# What stands between a colour and a noun that has another: "a red house by the lake", "红墙下的女孩".
_ELSEWHERE = re.compile(r"\b(?:a|an|the|and|of|on|in|at|by|with|near|over|under|to|her|his)\b|[上下里中旁边前后在和与]")
_SKY_BEFORE = re.compile(r"(?:\bsky|\bskies|天空|天色)[^,.;，。；]{0,12}$")


@dataclass(frozen=True, slots=True)
class Colours:
    """What each colour of a text belongs to. Subjects are named by where they start."""

    sky: str | None
    water: str | None
    accent: str | None
    of_subjects: dict[int, str]


def find_colours(words: Vocabulary, text: str, kept: list[Match]) -> Colours:
    """Sort out the colours among the matches of a text. The accent is the one that nothing nearer claims."""
    sky = water = accent = None
    subjects = [match for match in kept if match.meaning is not None and match.meaning.subject]
    of_subjects: dict[int, str] = {}
    coloured = [(match, match.colour) for match in kept if match.colour is not None]
    for match, colour in coloured[:MAX_COLOURS]:
        following = text[match.end : match.end + 12].lstrip(" -色的")
        owner = _owner(words, text, match, subjects) or _wearer(words, text, match, kept)
        if following.startswith(words.body_words):
            continue
        if following.startswith(words.sky_words) or (owner is None and _SKY_BEFORE.search(text[: match.start][-24:])):
            sky = sky or colour
        elif following.startswith(words.water_words):
            water = water or colour
        elif owner is not None:
            of_subjects.setdefault(owner.start, colour)
        elif not subjects or _stands_alone(text, match):
            accent = accent or colour
    return Colours(sky, water, accent, of_subjects)


def _owner(words: Vocabulary, text: str, colour: Match, subjects: list[Match]) -> Match | None:
    """The subject that a colour describes: "a red sports car", "红色的汽车", "穿红衣的女孩"."""
    following = next((subject for subject in subjects if subject.start >= colour.end), None)
    if following is None:
        return None
    between = text[colour.end : following.start]
    is_far = len(between) > COLOUR_REACH or clause_between(between, 0, len(between)) or _ELSEWHERE.search(between)
    return None if is_far or any(word in between for word in words.body_words) else following


def _wearer(words: Vocabulary, text: str, colour: Match, kept: list[Match]) -> Match | None:
    """Who wears a colour: "a woman in a long red dress", "女孩穿着红裙"; not "a woman in a green meadow"."""
    if any(0 <= match.start - colour.end <= 1 and match.meaning and match.meaning.scene for match in kept):
        return None
    named = [
        match for match in kept if match.meaning and match.meaning.subject in DRESSED and match.end <= colour.start
    ]
    if not named:
        return None
    between = text[named[-1].end : colour.start]
    if any(word in between for word in words.clothing_words):
        return named[-1] if len(between) <= WEARING_REACH else None
    is_near = len(between) <= COLOUR_REACH and not clause_between(between, 0, len(between))
    return named[-1] if is_near and any(word in between for word in words.wearing_words) else None


def _stands_alone(text: str, match: Match) -> bool:
    """Whether a clause says nothing but a colour."""
    before, after = text[: match.start].rstrip()[-1:], text[match.end :].lstrip(" 色")[:1]
    return all(not beside or clause_between(beside, 0, 1) for beside in (before, after))
