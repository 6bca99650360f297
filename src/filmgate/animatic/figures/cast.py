"""Casting: chooses an actor for every subject of a prompt and a place for it on the scene's stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.actors import Actor, Floater, Flock, Setting, Stage, Walker, halo_light, soft_disc
from filmgate.animatic.figures.animals import ANIMAL_GAIT, quadruped_shapes, species
from filmgate.animatic.figures.human import HUMAN_GAIT, MOON_GAIT, Look, human_shapes
from filmgate.animatic.figures.performance import TURN_HEIGHTS, Performance, plan
from filmgate.animatic.figures.puppet import Shape, light_for
from filmgate.animatic.figures.vehicles import build_vehicle
from filmgate.animatic.raster import Pixels
from filmgate.animatic.reading import Subject
from filmgate.animatic.scene import Brief, Moment

WALK_SHARE = 0.30  # of the frame's width, to either side of the spot
PEOPLE = frozenset({"person", "woman", "child", "couple", "astronaut"})
# Whoever is not in here needs ground under the feet.
HABITATS = {
    **dict.fromkeys(("sailboat", "ship", "whale", "dolphin"), "water"),
    **dict.fromkeys(("birds", "balloon", "plane", "rocket"), "air"),
    "lighthouse": "shore",
}
# Where a figure goes when the scene has no such place: a whale over a city is a dream, not an error.
ELSEWHERE = {
    "ground": ("shore", "water", "air"),
    "water": ("ground", "air"),
    "shore": ("ground", "water", "air"),
    "air": (),
}
MIN_FLOCK = 7
ROOM_EACH = 0.45  # bases that one of several kinds needs to be drawn at full size
BESIDE = 0.32  # of the frame's width
SIZES = {"child": 0.64, "woman": 0.95}
COATS = {"woman": 0.22, "person": 0.10}
SKINS, TOPS = ("e0b08c", "c68a5e", "8a5a3a", "f0c8a4"), ("a8322c", "2f5d8a", "c9a227", "3f7a52", "e4e0d8", "5a3f74")
LEGS, HAIR = ("2a2f3a", "4a4036", "1d2430", "6a6458"), ("1a1412", "3a261a", "6a4526", "2a2622")
UMBRELLA = "b3352c"


def build_cast(brief: Brief, stage: Stage) -> tuple[Actor, ...]:
    """The actors of a prompt. A habitat that the scene lacks is replaced by the nearest that it has."""
    light = light_for(brief.palette, stage.light_from)
    if stage.low_gravity:  # no air scatters light into the shade, and suits are made to be seen
        light = replace(light, backlight=0.0, ambient=light.ambient * 1.6)
    placed = [
        (subject, where) for subject in brief.reading.subjects if (where := _place(subject.kind, stage)) is not None
    ]
    sharing = Counter(where for _, where in placed)
    seen: Counter[str] = Counter()
    # All walk the same way, or they would walk through each other.
    heading = 1.0 if brief.rng.uniform() < 0.5 or stage.low_gravity else -1.0
    actors: list[Actor] = []
    for subject, where in placed:
        spot = stage.spots[where]
        aside = (seen[where] - (sharing[where] - 1) / 2) * min(
            BESIDE, 0.6 / sharing[where]
        )  # kinds that share a spot stand side by side
        seen[where] += 1
        smaller = (
            1.0
            if sharing[where] == 1
            else min(1.0, stage.canvas.width / (ROOM_EACH * stage.canvas.base * sharing[where]))
        )
        own = replace(spot, x=spot.x + aside, height_px=spot.height_px * smaller)
        setting = Setting(stage, own, light, brief.palette.dark, heading)
        actors.extend(_actors(brief, setting, subject, where))
    return tuple(actors)


def paint_cast(actors: tuple[Actor, ...], where: str, target: Pixels, moment: Moment) -> None:
    """Paint the actors of one habitat, in the order of the prompt."""
    for actor in actors:
        if actor.where == where:
            actor.paint(target, moment)


def stands_on_ground(brief: Brief) -> bool:
    """Whether anyone in the prompt needs ground under the feet."""
    return any(HABITATS.get(subject.kind, "ground") == "ground" for subject in brief.reading.subjects)


def _place(kind: str, stage: Stage) -> str | None:
    wanted = HABITATS.get(kind, "ground")
    return next((name for name in (wanted, *ELSEWHERE[wanted]) if name in stage.spots), None)


def _actors(brief: Brief, setting: Setting, subject: Subject, where: str) -> list[Actor]:
    kind = subject.kind
    if kind == "birds":
        return [_flock(brief, setting, max(subject.count, MIN_FLOCK), where)]
    if kind not in PEOPLE and kind not in species():
        return [build_vehicle(brief, setting, kind, where, index, subject.count) for index in range(subject.count)]
    members = ("person", "woman") * subject.count if kind == "couple" else (kind,) * subject.count
    if setting.stage.weightless:
        return [_floater(brief, setting, member, where, index) for index, member in enumerate(members)]
    canvas, gap = setting.stage.canvas, min(0.13, 0.55 / len(members))
    if kind == "couple":
        gap = 0.42 * setting.spot.height_px / canvas.width
    actors: list[Actor] = []
    for index, member in enumerate(members):
        size = species()[member].size if member in species() else SIZES.get(member, 1.0)
        height = setting.spot.height_px * size * (1.0 if len(members) == 1 else 0.92)
        x = (setting.spot.x + (index - (len(members) - 1) / 2) * gap) * canvas.width
        actors.append(_walker(brief, setting, member, where, x, height))
    return actors


def _walker(brief: Brief, setting: Setting, kind: str, where: str, x: float, height_px: float) -> Walker:
    stage, animal = setting.stage, kind in species()
    gait = ANIMAL_GAIT if animal else MOON_GAIT if stage.low_gravity else HUMAN_GAIT
    performance = plan(brief.reading.actions, brief.duration_seconds, gait, usual="walk")
    total = performance.at(brief.duration_seconds).distance
    room = 0.45 - abs(x / stage.canvas.width - 0.5)  # to the nearer edge
    longest = max(0.06, min(WALK_SHARE, room)) * stage.canvas.width / height_px
    fits = total / 2 <= longest  # else one turns round at either end
    reach = total / 2 + TURN_HEIGHTS if fits else longest
    return Walker(
        where=where,
        setting=setting,
        shapes=_animal(kind, performance) if animal else _human(brief, stage, kind, performance),
        performance=performance,
        height_px=height_px,
        x=x,
        reach=reach,
        start=TURN_HEIGHTS if fits else 0.0,
        heading=setting.heading,
        shadow=soft_disc(stage.shadow),
        halo=halo_light(brief.palette.glow) if setting.dark and not stage.low_gravity else None,
    )


def _floater(brief: Brief, setting: Setting, kind: str, where: str, index: int) -> Floater:
    spot, canvas = setting.spot, setting.stage.canvas
    performance = plan(("float",), brief.duration_seconds, MOON_GAIT, usual="float")
    side = 1 if index % 2 else -1
    return Floater(
        where=where,
        setting=setting,
        shapes=_animal(kind, performance) if kind in species() else _human(brief, setting.stage, kind, performance),
        height_px=spot.height_px * (1.0, 0.62, 0.45, 0.36)[min(index, 3)],
        x=spot.x * canvas.width + ((index + 1) // 2) * side * 0.62 * spot.height_px,
        y=spot.y + side * 0.18 * spot.height_px * index,
        heading=1.0 if spot.x < 0.5 else -1.0,
        phase=float(brief.rng.uniform(0, 6.28)),
    )


def _human(brief: Brief, stage: Stage, kind: str, performance: Performance) -> Callable[[float], list[Shape]]:
    rng, reading = brief.rng, brief.reading
    skin, top, legs, hair = (
        from_hex(options[int(rng.integers(len(options)))]) for options in (SKINS, TOPS, LEGS, HAIR)
    )
    accent = from_hex(reading.accent) if reading.accent else None
    wet = reading.weather in ("rain", "storm") or "umbrella" in reading.features
    covered = wet and kind != "astronaut" and not stage.low_gravity
    look = Look(
        skin=skin,
        top=top if accent is None or covered else accent,
        legs=legs,
        hair=hair,
        bulk=1.7 if kind == "astronaut" else 1.0,
        coat=COATS.get(kind, 0.0),
        long_hair=kind == "woman",
        suit=kind == "astronaut",
        umbrella=(from_hex(UMBRELLA) if accent is None else accent) if covered else None,
    )

    def draw(seconds: float) -> list[Shape]:
        return human_shapes(performance.at(seconds), look, low_gravity=stage.low_gravity)

    return draw


def _animal(kind: str, performance: Performance) -> Callable[[float], list[Shape]]:
    def draw(seconds: float) -> list[Shape]:
        return quadruped_shapes(kind, performance.at(seconds))

    return draw


def _flock(brief: Brief, setting: Setting, count: int, where: str) -> Flock:
    rng, canvas, spot = brief.rng, setting.stage.canvas, setting.spot
    columns = rng.normal(0.30, 0.10, count) * canvas.width
    rows = spot.y + rng.normal(0, 0.045, count) * canvas.base
    span = rng.uniform(8, 15, count) * canvas.unit
    birds = np.stack([columns, rows, rng.uniform(0, 6.28, count), rng.uniform(1.0, 1.6, count), span], 1)
    return Flock(where, setting, birds, 46 * canvas.unit, setting.light.silhouette)
