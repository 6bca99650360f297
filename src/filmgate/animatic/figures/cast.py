"""Casting: every subject of a prompt gets a spot on the scene's stage, and the actors that play it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from filmgate.animatic.figures.animals import animals
from filmgate.animatic.figures.craft import landmarks, vehicles
from filmgate.animatic.figures.people import people
from filmgate.animatic.figures.puppet import light_for
from filmgate.animatic.figures.role import Casting, Role
from filmgate.animatic.figures.stage import HABITATS, Actor, Setting, Spot, Stage
from filmgate.animatic.figures.things import (
    aloft,
    fireworks,
    flowers,
    gadgets,
    garden,
    glassware,
    keepsakes,
    lanterns,
    outdoors,
    tableware,
    trees,
    wearables,
)
from filmgate.animatic.figures.wildlife import flyers, swimmers
from filmgate.animatic.language.reading import Subject
from filmgate.animatic.language.vocabulary import vocabulary
from filmgate.animatic.raster import Canvas, Pixels
from filmgate.animatic.scene import Brief, Moment

# Everything that can be a subject. A new one is a drawing in one of these modules, a line in its CASTINGS, and words
# for it in language/lexicon.
CASTINGS: Mapping[str, Casting] = MappingProxyType(
    {
        **people.CASTINGS,
        **animals.CASTINGS,
        **swimmers.CASTINGS,
        **flyers.CASTINGS,
        **vehicles.CASTINGS,
        **landmarks.CASTINGS,
        **trees.CASTINGS,
        **outdoors.CASTINGS,
        **flowers.CASTINGS,
        **tableware.CASTINGS,
        **glassware.CASTINGS,
        **gadgets.CASTINGS,
        **wearables.CASTINGS,
        **keepsakes.CASTINGS,
        **garden.CASTINGS,
        **lanterns.CASTINGS,
        **aloft.CASTINGS,
        **fireworks.CASTINGS,
    }
)
ROOM_EACH = 0.45  # bases that one of several kinds needs to be drawn at full size
BESIDE = 0.32  # of the frame's width, between kinds that share a spot
# How much larger whoever stands on the ground is drawn, and at which share of the height the head then is.
FRAMINGS: Mapping[str, tuple[float, float]] = MappingProxyType({"medium": (2.7, 0.17), "close": (5.4, 0.12)})
THINGS_LARGER: Mapping[str, float] = MappingProxyType({"medium": 1.25, "close": 1.6})


def build_cast(brief: Brief, stage: Stage) -> tuple[Actor, ...]:
    """The actors of a prompt. A habitat that the scene lacks is replaced by the nearest that it has."""
    light = light_for(brief.palette, stage.light_from)
    if stage.low_gravity:  # no air scatters light into the shade, and suits are made to be seen
        light = replace(light, backlight=0.0, ambient=light.ambient * 1.6)
    subjects = brief.reading.subjects
    placed = [(subject, where) for subject in subjects if (where := _place(subject, stage)) is not None]
    sharing = Counter(where for _, where in placed)
    seen: Counter[str] = Counter()
    heading = _heading(brief, stage)
    actors: list[Actor] = []
    for subject, where in placed:
        spot = _beside(stage.spots[where], stage.canvas, seen[where], sharing[where])
        seen[where] += 1
        setting = Setting(stage, _framed(spot, where, subject.kind, brief), light, brief.palette.dark, heading)
        actors.extend(CASTINGS[subject.kind](Role(brief, setting, where, subject)))
    return tuple(actors)


def paint_cast(actors: tuple[Actor, ...], where: str, target: Pixels, moment: Moment) -> None:
    """Paint the actors of one habitat, in the order of the prompt."""
    for actor in actors:
        if actor.where == where:
            actor.paint(target, moment)


def stands_on_ground(brief: Brief) -> bool:
    """Whether anyone in the prompt needs ground under the feet."""
    return any(habitat_of(subject.kind) == "ground" for subject in brief.reading.subjects)


def habitat_of(kind: str) -> str:
    """Where a kind of subject belongs."""
    return vocabulary().subjects[kind].habitat


def _heading(brief: Brief, stage: Stage) -> float:
    """1 to the right, -1 to the left. All walk the same way, or they would walk through each other."""
    by_chance = 1.0 if brief.rng.uniform() < 0.5 or stage.low_gravity else -1.0
    verbs = set(brief.reading.camera)
    if verbs & {"tracking", "truck_right", "pan_right"}:
        return 1.0
    return -1.0 if verbs & {"truck_left", "pan_left"} else by_chance


def _place(subject: Subject, stage: Stage) -> str | None:
    wanted = "deep" if "swim" in subject.actions else habitat_of(subject.kind)
    return next((name for name in (wanted, *HABITATS[wanted]) if name in stage.spots), None)


def _beside(spot: Spot, canvas: Canvas, index: int, sharing: int) -> Spot:
    """The place of the `index`-th of several kinds that share a spot, side by side."""
    if sharing == 1:
        return spot
    aside = (index - (sharing - 1) / 2) * min(BESIDE, 0.6 / sharing)
    smaller = min(1.0, canvas.width / (ROOM_EACH * canvas.base * sharing))
    return replace(spot, x=spot.x + aside, height_px=spot.height_px * smaller)


def _framed(spot: Spot, where: str, kind: str, brief: Brief) -> Spot:
    """Nearer, if the prompt asks for it: the feet leave the frame and the head stays in it; a thing stays whole."""
    if brief.reading.framing not in FRAMINGS or where not in ("ground", "shore"):
        return spot
    if kind in vocabulary().inanimate:
        return replace(spot, height_px=spot.height_px * THINGS_LARGER[brief.reading.framing])
    larger, head_at = FRAMINGS[brief.reading.framing]
    height = max(spot.height_px, brief.canvas.base * 0.30) * larger
    return replace(spot, y=max(spot.y, brief.canvas.height * head_at + height), height_px=height, level=True)
