"""What stands in gardens and fields: a snowman, a scarecrow, pumpkins, mushrooms."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, smoothstep
from filmgate.animatic.figures.cutout import Card, Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, outline, point
from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.things.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.things.outdoors import COAL, WOOD
from filmgate.animatic.figures.things.turnery import Material, Surface, profile
from filmgate.animatic.figures.things.vapour import build_sparkles
from filmgate.animatic.figures.things.workshop import IN_PLACE, Lamplight, drawn, pool_of_light, seen, shifted, solid
from filmgate.animatic.raster import Floats


def _snowman(bench: Bench) -> Thing:
    snow = Material(from_hex("eef3f8"), gloss=0.06, blur=0.4)

    def ball(radius: float) -> Card:
        turn_at = np.linspace(-math.pi / 2 + 0.12, math.pi / 2 - 0.12, 15)
        return solid(
            bench, profile(*((radius * math.cos(at), radius * (1 + math.sin(at))) for at in turn_at.tolist())), snow
        ), IN_PLACE

    low, middle, head = ball(0.34), ball(0.255), ball(0.185)
    hat = profile(
        (0.20, 0.0), (0.205, 0.02), (0.205, 0.02), (0.125, 0.025), (0.125, 0.025), (0.120, 0.20), (0.12, 0.205)
    )
    scarf = from_hex(bench.member.role.subject.colour or "c8303a")
    buttons = [Piece(ellipse(point(0.0, y), 0.022, 0.024), COAL, (), 0.008) for y in (0.62, 0.73, 0.84)]
    arms: list[Piece] = []
    for side in (-1, 1):
        branch = smooth((side * 0.20, 0.78), (side * 0.38, 0.90), (side * 0.56, 1.02), closed=False)
        twig = np.array([(side * 0.45, 0.955), (side * 0.56, 0.93)])
        for line, width in ((branch, 0.014), (twig, 0.009)):
            up = np.array([0.0, width])
            arms.append(Piece(np.concatenate([line + up, (line - up)[::-1]]), from_hex("5a3e2a"), (), 0.006))
    face = [Piece(ellipse(point(x, 1.20), 0.020, 0.023), COAL, (), 0.008) for x in (-0.060, 0.060)]
    smile = [
        Piece(ellipse(point(0.08 * math.sin(at), 1.13 - 0.055 * math.cos(at)), 0.011, 0.011, 12), COAL, (), 0.004)
        for at in (-0.9, -0.45, 0.0, 0.45, 0.9)
    ]
    carrot = Piece(trace("0,1.175 0.2,1.135 0,1.125 -0.02,1.15"), from_hex("f08a2a"), (), 0.02)
    wrap = Piece(
        trace("-0.165,1 0,0.955 0.165,1 0.17,1.055 0,1.015 -0.17,1.055"),
        scarf,
        tuple(
            Patch(np.array([(x, 0.94), (x + 0.02, 1.07)]), np.clip(scarf * 1.5, 0, 1), 0.003, 0.5, 0.012)
            for x in (-0.12, -0.05, 0.02, 0.09)
        ),
        0.02,
    )
    tail = Piece(trace("0.09,1 0.16,1 0.19,0.78 0.11,0.77"), scarf * 0.92, (), 0.016)
    cards = [
        (low[0], IN_PLACE),
        (middle[0], shifted(0.0, seen(0.50))),
        drawn(bench, *arms),
        (head[0], shifted(0.0, seen(0.95))),
        drawn(bench, tail, wrap, *buttons, *face, *smile, carrot),
        (solid(bench, hat, Material(from_hex("26262e"), gloss=0.25, blur=0.25)), shifted(0.0, seen(1.27))),
    ]
    return Thing(cards, 0.34)


def _ribbed(colour: Floats, ribs: int) -> Material:
    """Skin of a pumpkin, in furrows from stalk to foot."""

    def furrows(surface: Surface) -> tuple[Floats, Floats]:
        deep = np.abs(np.sin(surface.around * ribs / 2 + 0.4))
        return np.ones((*deep.shape, 3), np.float32) * colour * 0.45, 0.85 * (1 - smoothstep(0.0, 0.55, deep))

    return Material(colour, gloss=0.30, blur=0.15, pattern=furrows)


def _pumpkin(bench: Bench) -> Thing:
    skin = _ribbed(bench.colour("e8791e", "f08a2a", "d96a1a"), 9)
    body = profile((0.12, 0.0), (0.26, 0.03), (0.40, 0.16), (0.42, 0.28), (0.36, 0.43), (0.20, 0.505), (0.06, 0.49))
    stalk = Piece(
        trace("-0.045,0.46 0.045,0.46 0.03,0.56 0.075,0.64 0.02,0.66 -0.03,0.58"),
        from_hex("5f6a34"),
        (),
        0.018,
    )
    pieces = [stalk]
    glow: tuple[Lamplight, ...] = ()
    if bench.member.role.setting.dark:
        lit = from_hex("ffd060")
        face = [
            outline((-0.22, 0.27), (-0.06, 0.27), (-0.13, 0.39)),
            outline((0.22, 0.27), (0.06, 0.27), (0.13, 0.39)),
            outline((-0.035, 0.20), (0.035, 0.20), (0.0, 0.26)),
        ]
        mouth = outline(
            (-0.24, 0.18),
            (-0.14, 0.145),
            (-0.10, 0.175),
            (-0.05, 0.135),
            (0.05, 0.135),
            (0.10, 0.175),
            (0.14, 0.145),
            (0.24, 0.18),
            (0.13, 0.075),
            (0.04, 0.05),
            (0.0, 0.085),
            (-0.04, 0.05),
            (-0.13, 0.075),
        )
        pieces += [Piece(shape, np.clip(lit * 2.2, 0, 3), (), 0.0) for shape in (*face, mouth)]
        glow = (Lamplight(pool_of_light(), (0.0, 0.22)),)
    return Thing([(solid(bench, body, skin), IN_PLACE), drawn(bench, *pieces)], 0.36, 0.9, before=glow)


def _mushroom(bench: Bench) -> Thing:
    red = bench.colour("d8342a", "c8842e", "b83a5a")
    cards: list[Card] = []
    stem = profile((0.10, 0.0), (0.085, 0.08), (0.075, 0.22), (0.085, 0.36))
    cap = profile((0.32, 0.30), (0.325, 0.315), (0.30, 0.40), (0.22, 0.50), (0.10, 0.565), (0.0, 0.58))

    def spots(surface: Surface) -> tuple[Floats, Floats]:
        total = np.zeros(surface.up.shape, np.float32)
        for index in range(13):
            around, up = math.sin(index * 2.4) * 1.35, 0.10 + 0.85 * ((index * 0.618) % 1)
            size = 0.10 + 0.05 * math.sin(index * 3.7)
            total = np.maximum(
                total,
                smoothstep(
                    size, size * 0.8, np.hypot((surface.around - around) * (1.05 - up), (surface.up - up) * 0.75)
                ),
            )
        return np.ones((*total.shape, 3), np.float32) * from_hex("f6efe0"), total

    pale = solid(bench, stem, Material(from_hex("efe6d2"), gloss=0.1, blur=0.3))
    top = solid(bench, cap, Material(red, gloss=0.45, blur=0.12, pattern=spots))
    gills = drawn(bench, Piece(ellipse(point(0.0, seen(0.305)), 0.315, 0.075, 48), from_hex("d8c8a8"), (), 0.0))
    for x, y, size in ((-0.30, 0.03, 0.62), (0.34, 0.02, 0.48), (0.0, -0.01, 1.0)):
        place = shifted(x, y, size)
        cards += [(gills[0], place), (pale, place), (top, place)]
    return Thing(cards, 0.36, 0.95, before=(build_sparkles(bench.rng, [(-0.3, 0.7), (0.3, 0.5), (0.1, 0.85)], 0.10),))


def _scarecrow(bench: Bench) -> Thing:
    straw, shirt = from_hex("e0b95a"), bench.colour("b8483a", "4a6a9a")
    pieces = [
        Piece(outline((-0.022, 0.0), (0.022, 0.0), (0.022, 1.0), (-0.022, 1.0)), WOOD, (), 0.012),
        Piece(outline((-0.60, 0.87), (0.60, 0.87), (0.60, 0.91), (-0.60, 0.91)), WOOD, (), 0.012),
    ]
    rng = bench.rng
    for side in (-1, 1):
        for _ in range(9):
            angle, reach = float(rng.uniform(-0.6, 0.6)), float(rng.uniform(0.08, 0.15))
            end = point(side * (0.52 + reach * math.cos(angle)), 0.88 + reach * math.sin(angle) - 0.02)
            pieces.append(Piece(np.stack([point(side * 0.50, 0.90), end, point(side * 0.50, 0.87)]), straw, (), 0.0))
    stripes = tuple(
        Patch(np.array([(x, 0.3), (x, 1.0)]), shirt * 0.6, 0.002, 0.6, 0.012)
        for x in np.linspace(-0.5, 0.5, 17).tolist()
    )
    pieces.append(
        Piece(
            outline(
                (-0.53, 0.81),
                (-0.53, 0.95),
                (-0.14, 1.0),
                (0.14, 1.0),
                (0.53, 0.95),
                (0.53, 0.81),
                (0.20, 0.79),
                (0.23, 0.42),
                (0.12, 0.46),
                (0.0, 0.40),
                (-0.11, 0.46),
                (-0.23, 0.42),
                (-0.20, 0.79),
            ),
            shirt,
            (
                *stripes,
                Patch(outline((0.03, 0.58), (0.14, 0.58), (0.14, 0.68), (0.03, 0.68)), from_hex("6a8a4a"), 0.002),
            ),
            0.05,
        )
    )
    return Thing([drawn(bench, *pieces, *_straw_head(straw))], 0.16)


def _straw_head(straw: Floats) -> list[Piece]:
    """A sack with a face, under a hat of straw."""
    head = Piece(
        ellipse(point(0.0, 1.13), 0.155, 0.165, 36),
        from_hex("e6cfa0"),
        (
            *(Patch(ellipse(point(x, 1.16), 0.022, 0.026), COAL) for x in (-0.055, 0.055)),
            Patch(smooth((-0.07, 1.075), (0.0, 1.045), (0.07, 1.075), closed=False), COAL, 0.0, 0.9, 0.010),
            Patch(outline((-0.018, 1.10), (0.018, 1.10), (0.0, 1.13)), from_hex("d87a3a")),
        ),
        0.07,
    )
    hat = [
        Piece(trace("-0.27,1.22 0,1.19 0.27,1.22 0.16,1.27 -0.16,1.27"), straw * 0.85, (), 0.02),
        Piece(
            trace("-0.15,1.25 -0.1,1.4 0.02,1.46 0.12,1.39 0.15,1.25"),
            straw,
            (Patch(outline((-0.16, 1.25), (0.16, 1.25), (0.15, 1.295), (-0.15, 1.295)), from_hex("8a2f2a"), 0.002),),
            0.04,
        ),
    ]
    return [head, *hat]


CASTINGS: Castings = MappingProxyType(
    {
        "snowman": exhibited(_snowman, 1.25),
        "pumpkin": exhibited(_pumpkin, 1.1),
        "mushroom": exhibited(_mushroom, 1.15),
        "scarecrow": exhibited(_scarecrow, 1.35),
    }
)
