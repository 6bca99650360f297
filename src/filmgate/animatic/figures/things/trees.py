"""Single trees: boughs that divide, crowns of leaves in front of and behind them, in every season."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.figures.things.sway import Plant, Pliancy, Shed, build_plant
from filmgate.animatic.figures.things.treeart import (
    Bough,
    blank_sheet,
    centre_line,
    conifer,
    crown,
    fronds,
    strands,
    wood,
)
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.growths import AUTUMN, BLOSSOM, SNOWY, SPRING, SPRUCE, SUMMER, Colours, lit
from filmgate.animatic.plants.leaves import BROAD, LANCES, NEEDLES, LeafShape
from filmgate.animatic.raster import Floats

TALLEST = 0.90  # of what is above its feet in the frame
MAPLE: tuple[Colours, Colours] = (("5c120c", "b4281a", "ec5a28", "ffb060"), ("6a200a", "c8481a", "f48a2c", "ffd070"))
GINKGO: tuple[Colours, Colours] = (("6a4808", "c8921a", "f6cc3a", "fff0a0"), ("7a5a0c", "d8aa28", "fadc5a", "fff6b8"))
WILLOW: tuple[Colours, Colours] = (("2c4a1c", "5a8a34", "a4c85a", "e2f2a0"), ("3a5620", "76a040", "bcd86c", "f0f8b8"))
PETALS = ("ffd0de", "ffb4ca", "fff0f4")


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind of tree grows. Lengths in heights of the tree."""

    leaves: tuple[Colours, Colours]
    bark: tuple[str, str] = ("2a2018", "8a6a4a")
    shape: LeafShape = BROAD
    leaf: float = 0.022
    trunk: float = 0.25  # of its height, before it divides
    girth: float = 0.074
    spread: float = 0.95  # radians between the outermost boughs and straight up
    tuft: float = 0.40  # width of one crown
    size: float = 2.5  # heights of a person
    evergreen: bool = False
    sheds: tuple[str, ...] = ()


HABITS: Mapping[str, Habit] = MappingProxyType(
    {
        "tree": Habit(SUMMER),
        "cherry_tree": Habit(
            BLOSSOM, ("241a1c", "7c5c56"), leaf=0.018, trunk=0.22, spread=1.15, girth=0.062, size=2.2, sheds=PETALS
        ),
        "maple": Habit(MAPLE, ("2c2220", "84685a"), leaf=0.024, size=2.4, sheds=("e8602c", "c83a1e", "f09038")),
        "ginkgo": Habit(GINKGO, leaf=0.020, trunk=0.22, spread=0.75, size=2.6, sheds=("f6cc3a", "fae07a", "d8a824")),
    }
)


def _broadleaf(member: Member, kind: str) -> Plant:
    role, palette, rng = member.role, member.role.brief.palette, member.role.rng
    habit = HABITS[kind]
    season = role.brief.reading.season
    if season is None and role.brief.reading.weather == "snow":
        season = "winter"
    leaves = _in_season(habit, kind, season)
    height = tree_height(member, habit.size)
    art = blank_sheet(palette, height, habit.shape, rng)
    boughs, tips = _boughs(rng, habit, bare=season == "winter")
    if season == "winter":
        wood(art, boughs, habit.bark)
    else:
        ordered = [(x, y, habit.tuft * float(rng.uniform(0.8, 1.15))) for x, y in tips]
        back = [(0.6 * x, 0.90 * y + 0.03, size * 1.15) for x, y, size in ordered[::2]]
        crown(art, rng, back, leaves, habit.leaf, shade=0.55)
        wood(art, boughs, habit.bark)
        crown(art, rng, ordered, leaves, habit.leaf)
    tones = habit.sheds or (("e8a23a", "c8642a", "d98a30") if season == "autumn" else ())
    shed = _shed(rng, tips, tones, palette) if tones and season != "winter" else None
    return build_plant(member, art.cutout(), height, Pliancy(0.014, 0.0035, 0.12), shadow_reach=0.42, shed=shed)


def _in_season(habit: Habit, kind: str, season: str | None) -> tuple[Colours, Colours]:
    if kind != "tree":
        return habit.leaves
    return {"autumn": AUTUMN, "spring": SPRING}.get(season or "", habit.leaves)


def _pine(member: Member) -> Plant:
    role, rng = member.role, member.role.rng
    snowy = role.brief.reading.weather == "snow" or role.brief.reading.season == "winter"
    height = tree_height(member, 2.7)
    art = blank_sheet(role.brief.palette, height, NEEDLES, rng)
    wood(art, [(np.array([(0.0, 0.0), (0.004, 0.3), (0.0, 0.9)]), 0.045, 0.012)], ("2c1c16", "96684a"))
    conifer(art, rng, SNOWY if snowy else SPRUCE)
    return build_plant(member, art.cutout(), height, Pliancy(0.014, 0.0025, 0.10), shadow_reach=0.26)


def _willow(member: Member) -> Plant:
    """A crown from which long strands hang, each with its leaves."""
    role, rng = member.role, member.role.rng
    autumn = role.brief.reading.season == "autumn"
    leaves = GINKGO if autumn else WILLOW
    height = tree_height(member, 2.3)
    art = blank_sheet(role.brief.palette, height, LANCES, rng)
    boughs, tips = _boughs(rng, Habit(leaves, trunk=0.36, spread=1.0, girth=0.06), bare=False)
    crown(art, rng, [(0.8 * x, y, 0.34) for x, y in tips[::2]], leaves, 0.020, shade=0.6)
    wood(art, boughs, ("2a2018", "82684c"))
    crown(art, rng, [(0.9 * x, 0.96 * y, 0.32) for x, y in tips], leaves, 0.020)
    strands(art, rng, leaves)
    return build_plant(member, art.cutout(), height, Pliancy(0.030, 0.010, 0.10, pace=0.85), shadow_reach=0.45)


def _palm(member: Member) -> Plant:
    role, rng = member.role, member.role.rng
    height = tree_height(member, 2.4)
    art = blank_sheet(role.brief.palette, height, LANCES, rng)
    lean = member.facing * float(rng.uniform(0.08, 0.20))
    trunk = np.array([(0.0, 0.0), (0.25 * lean, 0.22), (0.65 * lean, 0.50), (lean, 0.74)])
    wood(art, [(centre_line(trunk), 0.046, 0.024)], ("3a2c20", "a88a64"), rings=34)
    fronds(art, rng, (lean, 0.74))
    return build_plant(member, art.cutout(), height, Pliancy(0.030, 0.008, 0.20), shadow_reach=0.30)


def tree_height(member: Member, people: float) -> float:
    """Of a tree that is so many people tall, but stays in the frame."""
    role = member.role
    ground = role.y if role.where in ("water", "air") else role.setting.foot(member.x)
    smaller = 1 - 0.12 * (member.index % 3)
    return max(8.0, min(role.size * people, TALLEST * ground)) * smaller


def _boughs(rng: np.random.Generator, habit: Habit, *, bare: bool) -> tuple[list[Bough], list[tuple[float, float]]]:
    """Branches that fork from the top of the trunk outwards, and the places where crowns sit."""
    lean = float(rng.normal(0, 0.035))
    top = np.array([lean, habit.trunk])
    base = np.array([(0.0, -0.01), (0.016 - 0.2 * lean, 0.40 * habit.trunk), (lean, habit.trunk)])
    boughs: list[Bough] = [(centre_line(base), habit.girth * 1.25, habit.girth * 0.78)]
    tips: list[tuple[float, float]] = []
    count = 6
    for index in range(count):
        share = index / (count - 1) * 2 - 1
        _fork(
            rng,
            top,
            share * habit.spread,
            0.30 * (1 - 0.12 * abs(share)),
            habit.girth * 0.55,
            4 if bare else 2,
            boughs,
            tips,
        )
    tips.sort(key=lambda tip: -tip[1] + 0.3 * float(rng.normal(0, 0.2)))
    if not bare:
        tips += [(x * 0.6, habit.trunk + (y - habit.trunk) * 0.66) for x, y in tips[::3]]
    return boughs, tips


def _fork(
    rng: np.random.Generator,
    root: Floats,
    angle: float,
    length: float,
    girth: float,
    generations: int,
    boughs: list[Bough],
    tips: list[tuple[float, float]],
) -> None:
    bent = angle * 0.8 + float(rng.normal(0, 0.10))
    middle = root + 0.5 * length * np.array([math.sin(angle), math.cos(angle)])
    end = root + length * np.array([math.sin(bent) * 1.02, math.cos(bent) * 0.92])
    boughs.append((centre_line(np.stack([root, middle, end])), girth, girth * 0.55))
    if generations == 0:
        tips.append((float(end[0]), float(end[1])))
        return
    for turn in (-0.42, 0.40):
        further = bent + turn * float(rng.uniform(0.7, 1.3))
        _fork(rng, end, further, length * float(rng.uniform(0.52, 0.66)), girth * 0.55, generations - 1, boughs, tips)


def _shed(
    rng: np.random.Generator, tips: Sequence[tuple[float, float]], tones: tuple[str, ...], palette: Palette
) -> Shed:
    count = 30
    chosen = rng.integers(0, len(tips), count)
    starts = np.array(tips)[chosen] + rng.normal(0, 0.06, (count, 2))
    return Shed(starts, rng.uniform(0, 6, count), tuple(lit(tone, palette, 0.8) for tone in tones), 0.009)


CASTINGS: Castings = MappingProxyType(
    {
        **{kind: one_by_one(partial(_broadleaf, kind=kind)) for kind in HABITS},
        "pine": one_by_one(_pine),
        "willow": one_by_one(_willow),
        "palm": one_by_one(_palm),
    }
)
