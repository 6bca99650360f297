"""Bottles and glasses, and what is in them; a candle."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.figures.cutout import Patch, Piece, draw_cutout
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.things.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.things.turnery import WHITE, Material, Surface, profile
from filmgate.animatic.figures.things.vapour import build_candle_flame
from filmgate.animatic.figures.things.workshop import IN_PLACE, disc, seen, solid
from filmgate.animatic.raster import Floats


def _perfume(bench: Bench) -> Thing:
    scent = bench.colour("e8a0a8", "e6b45a", "9ac0d8", "b89ad8")
    glass = profile(
        (0.22, 0.0),
        (0.245, 0.02),
        (0.25, 0.06),
        (0.25, 0.06),
        (0.25, 0.42),
        (0.25, 0.42),
        (0.235, 0.47),
        (0.17, 0.51),
        (0.09, 0.525),
    )
    inner = profile((0.20, 0.035), (0.215, 0.06), (0.215, 0.06), (0.215, 0.36))
    neck = profile((0.075, 0.52), (0.075, 0.60))
    cap = profile((0.115, 0.575), (0.115, 0.575), (0.12, 0.58), (0.12, 0.58), (0.12, 0.80), (0.12, 0.80), (0.11, 0.812))
    gold = Material(from_hex("e0b264"), gloss=0.9, blur=0.02, metal=0.9)
    label = Piece(
        outline((-0.105, 0.15), (0.105, 0.15), (0.105, 0.30), (-0.105, 0.30)),
        from_hex("f6f0e6"),
        tuple(
            Patch(
                np.array([(-0.06 + 0.02 * row, 0.255 - 0.03 * row), (0.06 - 0.02 * row, 0.255 - 0.03 * row)]),
                from_hex("6a5a4a"),
                0.0,
                0.8,
                0.008,
            )
            for row in range(2)
        ),
        roundness=0.0,
        opacity=0.92,
    )
    cards = [
        (solid(bench, inner, Material(scent, gloss=0.1, clear=0.30)), IN_PLACE),
        (solid(bench, neck, gold), IN_PLACE),
        (solid(bench, glass, Material(mix(scent, WHITE, 0.55), gloss=0.95, blur=0.01, clear=0.80)), IN_PLACE),
        (draw_cutout([label], bench.light, bench.unit_px), IN_PLACE),
        (solid(bench, cap, gold), IN_PLACE),
    ]
    return Thing(cards, 0.24)


def _wine(bench: Bench) -> Thing:
    colour = bench.colour("243a20", "3a1a22", "1c2a2c")
    body = profile(
        (0.115, 0.0),
        (0.13, 0.015),
        (0.13, 0.05),
        (0.13, 0.05),
        (0.13, 0.56),
        (0.128, 0.60),
        (0.085, 0.70),
        (0.05, 0.76),
        (0.046, 0.80),
        (0.046, 0.80),
        (0.044, 0.93),
    )
    foil = profile((0.050, 0.80), (0.050, 0.80), (0.050, 0.94), (0.054, 0.945), (0.054, 0.975), (0.05, 0.98))

    def label(surface: Surface) -> tuple[Floats, Floats]:
        paper = (
            smoothstep(0.20, 0.205, surface.up)
            * smoothstep(0.52, 0.515, surface.up)
            * smoothstep(1.02, 1.0, np.abs(surface.around))
        )
        line = np.exp(-(((surface.up - 0.43) / 0.012) ** 2)) + np.exp(-(((surface.up - 0.27) / 0.006) ** 2))
        crest = smoothstep(0.16, 0.14, np.hypot(surface.around, (surface.up - 0.355) * 5))
        ink = np.clip((line + crest) * (np.abs(surface.around) < 0.7), 0, 1)
        return mix(from_hex("efe6d2"), from_hex("8a2f2a"), ink[..., None]), paper

    cards = [
        (solid(bench, body, Material(colour, gloss=0.9, blur=0.01, clear=0.12, pattern=label)), IN_PLACE),
        (solid(bench, foil, Material(from_hex("8a1f2a"), gloss=0.5)), IN_PLACE),
    ]
    return Thing(cards, 0.13, 1.15)


def _wine_glass(bench: Bench) -> Thing:
    drink = bench.colour("7a1428")
    foot = profile(
        (0.16, 0.0),
        (0.162, 0.008),
        (0.12, 0.018),
        (0.035, 0.035),
        (0.016, 0.07),
        (0.014, 0.28),
        (0.018, 0.36),
        (0.05, 0.40),
    )
    bowl = profile((0.02, 0.36), (0.09, 0.40), (0.165, 0.50), (0.185, 0.62), (0.165, 0.78), (0.145, 0.86))
    wine = profile((0.02, 0.375), (0.085, 0.41), (0.158, 0.50), (0.176, 0.60))
    clear = Material(from_hex("dce8ec"), gloss=0.9, blur=0.01, clear=0.92)
    surface = draw_cutout(
        [
            Piece(
                disc(0, seen(0.60), 0.174),
                np.clip(drink * 1.2, 0, 1),
                (Patch(disc(-0.03, seen(0.60) + 0.008, 0.12), WHITE, 0.03, 0.22),),
                0.0,
                0.95,
            )
        ],
        bench.light,
        bench.unit_px,
    )
    cards = [
        (solid(bench, foot, clear), IN_PLACE),
        (solid(bench, wine, Material(drink, gloss=0.2, clear=0.12)), IN_PLACE),
        (surface, IN_PLACE),
        (solid(bench, bowl, clear), IN_PLACE),
    ]
    return Thing(cards, 0.17, 1.05)


def _juice(bench: Bench) -> Thing:
    drink = bench.colour("f49a24")
    walls = profile((0.135, 0.0), (0.15, 0.012), (0.15, 0.012), (0.19, 0.56))
    inside = profile((0.13, 0.04), (0.14, 0.05), (0.14, 0.05), (0.172, 0.46))
    top = draw_cutout(
        [
            Piece(
                disc(0, seen(0.46), 0.171),
                np.clip(drink * 1.15, 0, 1),
                (Patch(disc(-0.03, seen(0.46) + 0.006, 0.11), WHITE, 0.03, 0.25),),
                0.0,
            )
        ],
        bench.light,
        bench.unit_px,
    )
    straw = draw_cutout(
        [
            Piece(
                outline((0.02, 0.30), (0.045, 0.30), (0.205, 0.80), (0.18, 0.80)),
                from_hex("f4f0ea"),
                tuple(
                    Patch(
                        outline(
                            (0.0 + 0.032 * row, 0.30 + 0.10 * row),
                            (0.08 + 0.032 * row, 0.325 + 0.10 * row),
                            (0.08 + 0.032 * row, 0.365 + 0.10 * row),
                            (0.0 + 0.032 * row, 0.34 + 0.10 * row),
                        ),
                        from_hex("e0484a"),
                    )
                    for row in range(6)
                ),
                0.008,
            )
        ],
        bench.light,
        bench.unit_px,
    )
    clear = Material(from_hex("e6eef0"), gloss=0.85, blur=0.01, clear=0.93)
    cards = [
        (solid(bench, inside, Material(drink, gloss=0.1, clear=0.06)), IN_PLACE),
        (top, IN_PLACE),
        (straw, IN_PLACE),
        (solid(bench, walls, clear), IN_PLACE),
    ]
    return Thing(cards, 0.16, 1.1)


def _candle(bench: Bench) -> Thing:
    wax = bench.colour("f4ead4", "e8dcc8", "c84a3c")
    body = profile((0.135, 0.03), (0.135, 0.03), (0.135, 0.46), (0.135, 0.46), (0.128, 0.475), (0.105, 0.470))
    dish = profile((0.17, 0.0), (0.24, 0.018), (0.255, 0.045))

    def lit_from_within(surface: Surface) -> tuple[Floats, Floats]:
        warm = np.ones((*surface.up.shape, 3), np.float32) * from_hex("ffc06a")
        return warm, 0.85 * smoothstep(0.25, 1.0, surface.up) ** 1.5

    pool = draw_cutout(
        [
            Piece(
                disc(0, seen(0.470), 0.112),
                from_hex("ffdf9a"),
                (Patch(disc(0, seen(0.47), 0.07), from_hex("fff2c8"), 0.02, 0.8),),
                0.0,
            )
        ],
        bench.light,
        bench.unit_px,
    )
    wick = draw_cutout(
        [Piece(outline((-0.007, 0.45), (0.007, 0.45), (0.005, 0.53), (-0.003, 0.53)), from_hex("2a2018"), (), 0.0)],
        bench.light,
        bench.unit_px,
    )
    cards = [
        (solid(bench, dish, Material(from_hex("b08a4a"), gloss=0.7, blur=0.04, metal=0.8)), IN_PLACE),
        (solid(bench, body, Material(wax, gloss=0.2, blur=0.25, pattern=lit_from_within)), IN_PLACE),
        (pool, IN_PLACE),
        (wick, IN_PLACE),
    ]
    return Thing(cards, 0.22, 1.1, before=(build_candle_flame(bench.rng, (0.0, 0.50), 0.34),))


CASTINGS: Castings = MappingProxyType(
    {
        "perfume": exhibited(_perfume, 1.15),
        "wine": exhibited(_wine, 1.15),
        "wine_glass": exhibited(_wine_glass, 1.15),
        "juice": exhibited(_juice, 1.15),
        "candle": exhibited(_candle, 1.0),
    }
)
