"""What stands, of any style: its place, its shadow or mirror image, its lamps, its smoke; boards, windows, bushes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, to_pixels
from filmgate.animatic.figures.craft.craft import WHITE, Paintbox, box, lamp_glow, paintbox, soft_shadow
from filmgate.animatic.figures.craft.machine import Machine, mirrored_in_water, rippled, round_shine, upright
from filmgate.animatic.figures.craft.plume import Plume, build_puffs, steam_colours
from filmgate.animatic.figures.cutout import Card, Patch, Piece, draw_cutout, turned
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Member
from filmgate.animatic.raster import Floats, Matrix, place

Draw = Callable[[Paintbox, Floats], list[Piece]]


CROWDED = 0.62  # the size of each of several


@dataclass(frozen=True, slots=True)
class Turning:
    """A part that turns about (x, y): the sails of a mill."""

    draw: Callable[[Paintbox], list[Piece]]
    x: float
    y: float
    turns: float  # radians a second


@dataclass(frozen=True, slots=True)
class Building:
    """Something that stands, in metres; its height is `share` of a person's height on the screen."""

    draw: Draw
    colour: str
    width: float
    height: float
    share: float
    glows: tuple[tuple[float, float, float], ...] = ()  # after dark: x, y, radius
    chimney: tuple[float, float] | None = None
    turning: Turning | None = None


def standing_still(building: Building) -> Callable[[Member], Machine]:
    def build(member: Member) -> Machine:
        role = member.role
        count = role.subject.count
        share = building.share * (CROWDED if count > 1 else 1.0) * (1 - 0.10 * (member.index % 3))
        unit_px = min(role.size * share / building.height, 0.85 * role.canvas.width / building.width)
        paint = paintbox(role, 1.0)
        art = draw_cutout(building.draw(paint, role.colour(building.colour)), paint.light, unit_px)
        afloat = role.where == "water"
        x, y = member.x, role.y if role.where in ("water", "shore", "air") else role.setting.foot(member.x)
        ground = soft_shadow(building.width * 1.10, building.width * 0.12, 1.1 * role.setting.stage.shadow)
        mirror = mirrored_in_water(art) if afloat or role.where == "shore" else None
        part = building.turning
        sails = draw_cutout(part.draw(paint), paint.light, unit_px) if part else None

        def cards(seconds: float) -> list[Card]:
            under: Card = (
                (ground, place(0.0, 0.0))
                if mirror is None
                else (rippled(mirror, seconds, building.width), place(0.0, 0.0))
            )
            moving: list[Card] = [(sails, turned(part.x, part.y, -part.turns * seconds))] if part and sails else []
            return [under, (art, place(0.0, 0.0)), *moving]

        def matrix(_seconds: float) -> Matrix:
            return upright(x, y, unit_px)

        lamp = to_pixels(lamp_glow(32, from_hex("ffb860")))
        shines = (
            tuple(round_shine(lamp, *glow, _flicker(number)) for number, glow in enumerate(building.glows))
            if paint.dark
            else ()
        )
        smoke = (_chimney_smoke(member, building.chimney, (x, y), unit_px),) if building.chimney else ()
        return Machine(role.where, role.setting, cards, matrix, smoke, (), shines)

    return build


def _flicker(number: int) -> Callable[[float], float]:
    return lambda seconds: 0.62 + 0.05 * math.sin(seconds * 3.1 + number) + 0.03 * math.sin(seconds * 7.3 + 2 * number)


def _chimney_smoke(member: Member, top: tuple[float, float], at: tuple[float, float], unit_px: float) -> Plume:
    role = member.role
    lit, shade = steam_colours(role.brief.palette)
    puffs = build_puffs(role.rng, lit * 0.95, shade * 0.9, role.setting.light.towards)
    x, y = at[0] + top[0] * unit_px, at[1] - top[1] * unit_px
    wind = role.brief.reading.wind
    return Plume(
        puffs,
        lambda _seconds: (x, y),
        0.42,
        5.5,
        2.4 * unit_px,
        (0.42 * unit_px * wind, -0.42 * unit_px),
        (0.0, -1.0 * unit_px),
        0.9,
        0.42,
    )


def courses(
    left: float, right: float, bottom: float, top: float, step: float, colour: Floats, strength: float = 0.35
) -> tuple[Patch, ...]:
    """Horizontal joints: boards, bricks, thatch."""
    return tuple(
        Patch(outline((left, y), (right, y)), colour, 0.0, strength, step * 0.12)
        for y in np.arange(bottom + step, top, step)
    )


def window(paint: Paintbox, x: float, y: float, width: float, height: float, frame: Floats = WHITE) -> list[Piece]:
    pane = box(x - width / 2, y, x + width / 2, y + height)
    return [
        Piece(box(x - width / 2 - 0.09, y - 0.09, x + width / 2 + 0.09, y + height + 0.09), frame, (), 0.02),
        paint.glass(pane, lit=True),
        Piece(box(x - 0.035, y, x + 0.035, y + height), frame * 0.8, (), 0.0),
        Piece(box(x - width / 2, y + height * 0.48, x + width / 2, y + height * 0.48 + 0.07), frame * 0.8, (), 0.0),
    ]


def bushes(spots: Sequence[tuple[float, float]]) -> list[Piece]:
    """Low greenery that seats a building in its ground."""
    leaf = from_hex("40602e")
    made: list[Piece] = []
    for index, (x, size) in enumerate(spots):
        turn = np.linspace(0, 2 * math.pi, 30, endpoint=False)
        ragged = 1 + 0.10 * np.sin(turn * 7 + index) + 0.07 * np.sin(turn * 11 + 2 * index)
        ball = np.stack(
            [x + size * ragged * np.cos(turn), np.maximum(0.62 * size * ragged * (np.sin(turn) + 0.72), -0.04)], 1
        )
        made.append(Piece(ball, leaf * (0.85 + 0.1 * (index % 3)), (), 0.25 * size))
    return made
