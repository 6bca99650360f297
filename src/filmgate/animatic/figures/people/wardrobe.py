"""Who people are: the build, the clothes and the hair of everyone, drawn by chance or as their kind demands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.people.acting import ELDER_GAIT, HUMAN_GAIT, MOON_GAIT, Habit
from filmgate.animatic.figures.people.clothes import Cut, belt, body_pieces, cape, emblem, lapels, scarf, skirt
from filmgate.animatic.figures.people.figure import Drape, Figure
from filmgate.animatic.figures.people.heads import flowing_hair, head_pieces
from filmgate.animatic.figures.people.props import prop_pieces, rod, staff, umbrella
from filmgate.animatic.figures.people.riders import (
    bicycle,
    bubbles,
    cycling,
    diver_pieces,
    helmet_pieces,
    surfboard,
    surfing,
)
from filmgate.animatic.figures.people.rig import Piece, build_rig
from filmgate.animatic.figures.people.skeleton import ADULT, CHILD, WOMAN, Build, Pose
from filmgate.animatic.figures.people.warriors import knight_pieces, samurai_pieces
from filmgate.animatic.figures.performance import Gait, State
from filmgate.animatic.raster import Floats

SKINS = ("f2cba8", "e8b890", "d29c70", "a8744c", "7c5236")
TOPS = ("a8322c", "2f5d8a", "c98f27", "3f7a52", "e0d8c8", "5a3f74", "b8603a", "2e6e78", "34405e")
LEGS = ("2a2f3a", "4a4036", "1d2430", "6a6458", "3a4a6a")
HAIRS = ("1a1412", "3a261a", "6a4526", "2a2622", "8a5a2c", "a87838")
ACCENTS = ("c9a227", "b3352c", "3a7a8a", "e0d8c8", "7a4a8a")
GREYS = ("c8c8c8", "e2e0da", "9a9a98")
SHOES = ("2a1e18", "4a3222", "1c1c20", "dcd6ca")
UMBRELLA = "b3352c"
GOLD = from_hex("e8b83a")
STAFF_LIGHT = from_hex("9fe8ff")


@dataclass(frozen=True, slots=True, eq=False)
class Occasion:
    """For what one dresses: chance, the colour that the prompt gave, the weather and the ground."""

    rng: np.random.Generator
    colour: Floats | None
    wet: bool = False
    cold: bool = False
    wind: float = 1.0
    low_gravity: bool = False

    def pick(self, options: Sequence[str]) -> Floats:
        return from_hex(options[int(self.rng.integers(len(options)))])

    def happens(self, chance: float) -> bool:
        return bool(self.rng.uniform() < chance)


@dataclass(frozen=True, slots=True, eq=False)
class Costume:
    """A cut and what goes with it."""

    cut: Cut
    build: Build = ADULT
    gait: Gait = HUMAN_GAIT
    habit: Habit = Habit.NONE
    extra: tuple[Piece, ...] = ()
    held: Drape | None = None
    mount: Drape | None = None
    over: Drape | None = None
    pose: Callable[[State], Pose] | None = None


def dressed(costume: Costume, occasion: Occasion) -> Figure:
    """Someone in these clothes, under an umbrella if it rains."""
    cut, build, habit = costume.cut, costume.build, costume.habit
    pieces = [*body_pieces(cut, build), *head_pieces(cut), *prop_pieces(cut), *costume.extra]
    drapes: dict[str, Drape] = {"rod": rod, **flowing_hair(cut)}
    if cut.hem > 0:
        drapes["skirt"] = skirt(cut.top if cut.skirt is None else cut.skirt, cut.hem, cut.flare)
    if cut.scarf:
        drapes["behind"], ring = scarf(cut.accent)
        pieces.append(ring)
    if cut.cape is not None:
        drapes["behind"] = cape(cut.cape)
    if costume.mount is not None:
        drapes["mount"] = costume.mount
    if costume.over is not None:
        drapes["over"] = costume.over
    if costume.held is not None:
        drapes["held_R"] = costume.held
    elif occasion.wet and not occasion.low_gravity and costume.pose is None:
        drapes["held_R"] = umbrella(from_hex(UMBRELLA) if occasion.colour is None else occasion.colour)
        habit = Habit.UMBRELLA
    return Figure(
        build,
        MOON_GAIT if occasion.low_gravity else costume.gait,
        build_rig(pieces),
        MappingProxyType(drapes),
        phase=float(occasion.rng.uniform(0, 3)),
        wind=occasion.wind,
        habit=habit,
        pose=costume.pose,
    )


def _anyone(occasion: Occasion) -> Cut:
    """Plain clothes of chance colours."""
    top = occasion.pick(TOPS)
    covered = occasion.wet and not occasion.low_gravity  # the colour is the umbrella's
    return Cut(
        skin=occasion.pick(SKINS),
        top=top if occasion.colour is None or covered else occasion.colour,
        legs=occasion.pick(LEGS),
        shoes=occasion.pick(SHOES),
        hair=occasion.pick(HAIRS),
        accent=occasion.pick(ACCENTS),
        scarf=occasion.happens(0.8 if occasion.cold else 0.15),
    )


def _hat(occasion: Occasion, *hats: str, chance: float = 0.35) -> str | None:
    if occasion.cold:
        return "beanie" if occasion.happens(0.7) else None
    return hats[int(occasion.rng.integers(len(hats)))] if occasion.happens(chance) else None


def _person(occasion: Occasion) -> Costume:
    cut = _anyone(occasion)
    coat = occasion.happens(0.75 if occasion.cold or occasion.wet else 0.35)
    pack = occasion.pick(("7a4a2c", "4a5a3a", "8a3a2c")) if occasion.happens(0.3) else None
    hair = ("short", "short", "curly")[int(occasion.rng.integers(3))]
    cut = replace(
        cut, hem=0.17 if coat else 0.0, flare=0.014, hat=_hat(occasion, "cap", "brim"), backpack=pack, hair_style=hair
    )
    return Costume(cut, extra=tuple(lapels(cut.accent)) if coat else ())


def _woman(occasion: Occasion) -> Costume:
    cut = _anyone(occasion)
    hair = ("long", "ponytail", "bun", "bob", "long")[int(occasion.rng.integers(5))]
    dress = occasion.happens(0.35 if occasion.cold else 0.7)
    cut = replace(
        cut, slender=True, hair_style=hair, hat=_hat(occasion, "straw_brim", chance=0.2), hem=0.24 if dress else 0.15,
        flare=0.055 if dress else 0.024, bare_legs=dress and not occasion.cold,
        short_sleeves=dress and not occasion.cold,
    )  # fmt: skip
    return Costume(cut, WOMAN)


def _child(occasion: Occasion) -> Costume:
    cut = _anyone(occasion)
    girl = occasion.happens(0.5)
    cut = replace(
        cut, hat=_hat(occasion, "cap", chance=0.3), hair_style=("ponytail" if girl else "short"), stout=1.08,
        hem=0.14 if girl else 0.0, flare=0.05, bare_legs=girl and not occasion.cold,
    )  # fmt: skip
    return Costume(cut, CHILD)


def _elder(occasion: Occasion) -> Costume:
    cut = _anyone(occasion)
    beard = occasion.pick(GREYS) if occasion.happens(0.6) else None
    cut = replace(
        cut,
        hair=occasion.pick(GREYS),
        beard=beard,
        hem=0.20,
        flare=0.03,
        hat=_hat(occasion, "brim", chance=0.4),
        scarf=True,
    )
    return Costume(cut, ADULT, ELDER_GAIT, Habit.STICK, held=staff(0.50, None))


def _monk(occasion: Occasion) -> Costume:
    robe = occasion.pick(("c8742a", "b85a24", "8a4a34", "a89070")) if occasion.colour is None else occasion.colour
    cut = replace(
        _anyone(occasion), top=robe, legs=robe * 0.8, hair_style="bald", hem=0.43, flare=0.035, wide_sleeves=0.045,
        accent=from_hex("6a3a22"), scarf=False, hat="straw" if occasion.happens(0.35) else None,
    )  # fmt: skip
    return Costume(cut, ADULT, held=staff(0.98, None))


def _wizard(occasion: Occasion) -> Costume:
    robe = occasion.pick(("34407c", "4a2f6e", "2a5a5e")) if occasion.colour is None else occasion.colour
    white = occasion.pick(GREYS)
    cut = replace(
        _anyone(occasion), top=robe, legs=robe * 0.8, hair=white, beard=white, hair_style="long", hem=0.44, flare=0.05,
        wide_sleeves=0.06, hat="wizard", scarf=False,
    )  # fmt: skip
    return Costume(cut, ADULT, held=staff(1.02, STAFF_LIGHT))


def _samurai(occasion: Occasion) -> Costume:
    armour = occasion.pick(("8a2a26", "2c3a5a", "3a3a40")) if occasion.colour is None else occasion.colour
    cut = replace(
        _anyone(occasion), accent=armour, top=from_hex("2a2c38"), legs=from_hex("34384a"), shoes=from_hex("3a2c20"),
        hair=from_hex("1a1412"), hair_style="short", scarf=False, wide_sleeves=0.02, hem=0.06, flare=0.018,
        skirt=armour * 0.85,
    )  # fmt: skip
    return Costume(cut, ADULT, extra=tuple(samurai_pieces(cut, ADULT)))


def _knight(occasion: Occasion) -> Costume:
    tabard = occasion.pick(("a8322c", "2f4f8a", "3f6a48")) if occasion.colour is None else occasion.colour
    steel = from_hex("b4bcc8")
    cut = replace(
        _anyone(occasion), skin=steel * 0.8, top=tabard, legs=steel, shoes=steel * 0.8, hair_style="bald",
        accent=tabard, hem=0.15, flare=0.02, scarf=False, stout=1.12,
        cape=tabard * 0.85 if occasion.happens(0.5) else None,
    )  # fmt: skip
    return Costume(cut, ADULT, extra=tuple(knight_pieces(cut, ADULT)))


def _dancer(occasion: Occasion) -> Costume:
    dress = occasion.pick(("c8324a", "e8e2da", "7a4ab0", "e07a3a")) if occasion.colour is None else occasion.colour
    cut = replace(
        _anyone(occasion), top=dress, slender=True, bare_legs=True, short_sleeves=True, hem=0.27, flare=0.10,
        hair_style="bun" if occasion.happens(0.6) else "ponytail", shoes=dress * 0.8, scarf=False,
    )  # fmt: skip
    return Costume(cut, WOMAN)


def _superhero(occasion: Occasion) -> Costume:
    suit = occasion.pick(("2a4aa8", "2a6a4a", "5a2a8a")) if occasion.colour is None else occasion.colour
    cut = replace(
        _anyone(occasion),
        top=suit,
        legs=suit * 0.9,
        cape=from_hex("c02a30"),
        shoes=from_hex("b02a2a"),
        scarf=False,
        stout=1.1,
    )
    return Costume(cut, ADULT, extra=(emblem(GOLD), belt(GOLD)))


def _cyclist(occasion: Occasion) -> Costume:
    plain = _anyone(replace(occasion, wet=False))
    cut = replace(plain, scarf=False, hair_style="short", legs=from_hex("22262e"))
    frame = occasion.pick(("c8322c", "2f7a8a", "e0a02a")) if occasion.colour is None else occasion.colour
    return Costume(cut, ADULT, extra=tuple(helmet_pieces(frame)), mount=bicycle(frame), pose=cycling)


def _surfer(occasion: Occasion) -> Costume:
    woman = occasion.happens(0.4)
    suit = occasion.pick(("1f2c3c", "2a5a6a", "3a3040"))
    cut = replace(
        _anyone(occasion), top=suit, legs=suit * 0.9, shoes=from_hex("c89a70"), scarf=False, short_sleeves=True,
        hair_style="ponytail" if woman else "short", slender=woman,
    )  # fmt: skip
    cut = replace(cut, shoes=cut.skin)
    board = occasion.pick(("f0c040", "e8604a", "3fa8b8")) if occasion.colour is None else occasion.colour
    return Costume(cut, ADULT, mount=surfboard(board), pose=surfing)


def _diver(occasion: Occasion) -> Costume:
    fins = occasion.pick(("f0b020", "e8502a", "3ad0c0")) if occasion.colour is None else occasion.colour
    suit = from_hex("262e3a")
    cut = replace(
        _anyone(occasion), top=suit, legs=suit, shoes=suit * 0.8, accent=fins, scarf=False, hair_style="short",
        hair=suit,
    )  # fmt: skip
    return Costume(cut, ADULT, extra=(belt(fins), *diver_pieces(cut)), over=bubbles)


WARDROBE: Mapping[str, Callable[[Occasion], Costume]] = MappingProxyType(
    {
        "person": _person,
        "woman": _woman,
        "child": _child,
        "elder": _elder,
        "monk": _monk,
        "wizard": _wizard,
        "samurai": _samurai,
        "knight": _knight,
        "dancer": _dancer,
        "superhero": _superhero,
        "cyclist": _cyclist,
        "surfer": _surfer,
        "diver": _diver,
    }
)
