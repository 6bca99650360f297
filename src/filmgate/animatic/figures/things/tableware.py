"""What a table is laid with: cups, a teapot, bowls and fruit."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, draw_cutout, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.things.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.things.turnery import WHITE, Material, Surface, profile
from filmgate.animatic.figures.things.vapour import build_steam
from filmgate.animatic.figures.things.workshop import FLATNESS, IN_PLACE, disc, handle, opening, seen, shifted, solid
from filmgate.animatic.raster import Floats

GLAZES = ("e8e2d6", "3f7f8c", "c8574a", "2f4a6a", "8fa68a")
STEAM = from_hex("f6f4f0")


def _cup(bench: Bench, drink: str) -> Thing:
    glaze = bench.colour(*GLAZES)
    saucer = profile((0.20, 0.0), (0.22, 0.012), (0.22, 0.012), (0.36, 0.030), (0.47, 0.062), (0.475, 0.070))
    dish = draw_cutout(
        [
            Piece(
                disc(0, seen(0.066), 0.435),
                glaze * 0.88,
                (Patch(disc(0, seen(0.05), 0.26), glaze * 0.55, soft=0.05, strength=0.6),),
                roundness=0.0,
            )
        ],
        bench.light,
        bench.unit_px,
    )
    body = profile(
        (0.15, 0.045), (0.17, 0.07), (0.17, 0.07), (0.235, 0.11), (0.285, 0.22), (0.300, 0.36), (0.305, 0.46)
    )
    ear = handle(bench, trace("0.27,0.36 0.4,0.4 0.455,0.29 0.39,0.18 0.25,0.16", closed=False), 0.048, glaze)
    material = Material(glaze, gloss=0.55)
    cards = [
        (solid(bench, saucer, material), IN_PLACE),
        (dish, IN_PLACE),
        ear,
        (solid(bench, body, material), IN_PLACE),
        opening(bench, 0.46, 0.288, mix(glaze, WHITE, 0.5), from_hex(drink)),
    ]
    steam = build_steam(bench.rng, STEAM, (0.0, 0.42), (0.62, 0.78))
    return Thing(cards, 0.40, before=(steam,))


def _coffee(bench: Bench) -> Thing:
    return _cup(bench, "3a2012")


def _tea(bench: Bench) -> Thing:
    return _cup(bench, "9a5a1c")


def _teapot(bench: Bench) -> Thing:
    clay = bench.colour("8a4a34", "5a6a5a", "e6dfd2", "37526a")
    material = Material(clay, gloss=0.45, blur=0.14)
    body = profile(
        (0.19, 0.0), (0.21, 0.02), (0.21, 0.02), (0.33, 0.09), (0.40, 0.22), (0.37, 0.36), (0.26, 0.45), (0.17, 0.475)
    )
    lid = profile(
        (0.185, 0.468),
        (0.185, 0.482),
        (0.185, 0.482),
        (0.12, 0.515),
        (0.045, 0.532),
        (0.03, 0.55),
        (0.05, 0.585),
        (0.035, 0.615),
        (0.0, 0.625),
    )
    ear = handle(
        bench,
        trace("-0.3,0.38 -0.46,0.43 -0.56,0.31 -0.5,0.17 -0.35,0.13", closed=False),
        0.052,
        clay,
    )
    spout = trace("0.3,0.1 0.42,0.16 0.49,0.3 0.57,0.4 0.62,0.425 0.56,0.445 0.47,0.41 0.41,0.32 0.3,0.27")
    beak = draw_cutout(
        [
            Piece(
                spout,
                clay,
                (Patch(smooth((0.36, 0.25), (0.44, 0.33), (0.50, 0.40), closed=False), WHITE, 0.01, 0.35, 0.018),),
                0.045,
            )
        ],
        bench.light,
        bench.unit_px,
    )
    cards = [ear, (beak, IN_PLACE), (solid(bench, body, material), IN_PLACE), (solid(bench, lid, material), IN_PLACE)]
    return Thing(cards, 0.30, before=(build_steam(bench.rng, STEAM, (0.62, 0.42), (0.30, 0.45)),))


def _noodles(bench: Bench) -> Thing:
    glaze = bench.colour("2f4a6a", "b8322a", "e8e2d6")
    bowl = profile((0.17, 0.0), (0.18, 0.045), (0.18, 0.045), (0.30, 0.10), (0.41, 0.22), (0.46, 0.345))

    def band(surface: Surface) -> tuple[Floats, Floats]:
        ring = np.exp(-(((surface.up - 0.86) / 0.030) ** 2)) + np.exp(-(((surface.up - 0.76) / 0.012) ** 2))
        return np.ones((*ring.shape, 3), np.float32) * mix(WHITE, glaze, 0.1), np.clip(ring, 0, 1)

    y = seen(0.315)
    soup = Piece(
        disc(0, seen(0.345), 0.442), mix(glaze, WHITE, 0.6), (Patch(disc(0, y, 0.425), from_hex("b86a24")),), 0.0
    )
    pieces = [soup, *_ramen(y)]
    cards = [
        (solid(bench, bowl, Material(glaze, gloss=0.5, pattern=band)), IN_PLACE),
        (draw_cutout(pieces, bench.light, bench.unit_px), IN_PLACE),
    ]
    return Thing(cards, 0.30, before=(build_steam(bench.rng, STEAM, (0.0, 0.34), (0.9, 0.85)),))


def _ramen(y: float) -> list[Piece]:
    """Noodles and what lies on them, on a level at `y` on screen."""
    pieces: list[Piece] = []
    for index in range(34):
        angle, reach = 2.4 * index, 0.04 + 0.29 * math.sqrt((index + 0.5) / 34)
        centre = (reach * math.cos(angle), y + 0.015 + reach * math.sin(angle) * FLATNESS + 0.03 * (1 - reach / 0.34))
        strand = smooth(
            (centre[0] - 0.11, centre[1] - 0.012),
            (centre[0] - 0.03, centre[1] + 0.026),
            (centre[0] + 0.06, centre[1] + 0.014),
            (centre[0] + 0.12, centre[1] - 0.018),
            closed=False,
        )
        across = np.array([0.0, 0.0085])
        pieces.append(
            Piece(
                np.concatenate([strand + across, (strand - across)[::-1]]),
                from_hex("f2d890" if index % 3 else "e6c670"),
                (),
                0.006,
            )
        )
    egg = point(-0.13, y + 0.045)
    yolk = Patch(ellipse(egg, 0.052, 0.030), from_hex("f4a428"))
    pieces.append(Piece(ellipse(egg, 0.105, 0.058), from_hex("fbf6ea"), (yolk,), 0.012))
    pieces.append(
        Piece(
            smooth((0.10, y + 0.01), (0.16, y + 0.09), (0.30, y + 0.07), (0.27, y - 0.01)),
            from_hex("b86a50"),
            (
                Patch(
                    smooth((0.14, y + 0.02), (0.20, y + 0.065), (0.27, y + 0.05), closed=False),
                    from_hex("f0c8b0"),
                    0.004,
                    0.9,
                    0.012,
                ),
            ),
            0.014,
        )
    )
    for index in range(9):
        angle = 2.4 * index + 0.5
        spot = point(0.05 + 0.15 * math.cos(angle) * (index % 3) / 2, y + 0.03 + 0.16 * math.sin(angle) * FLATNESS)
        pieces.append(Piece(ellipse(spot, 0.016, 0.011, 12), from_hex("5faa3c"), (), 0.004))
    return pieces


def _apple(bench: Bench) -> Thing:
    red = bench.colour("c4262a", "8cb43a", "d8442a")
    body = profile(
        (0.06, 0.02), (0.10, 0.0), (0.20, 0.06), (0.285, 0.22), (0.30, 0.36), (0.24, 0.48), (0.14, 0.525), (0.075, 0.52)
    )

    def skin(surface: Surface) -> tuple[Floats, Floats]:
        streak = 0.5 + 0.5 * np.sin(surface.around * 17 + 3 * np.sin(surface.around * 5)) * np.sin(
            surface.around * 29 + 1
        )
        return np.ones((*streak.shape, 3), np.float32) * mix(red, from_hex("f4cf5a"), 0.75), 0.35 * streak * smoothstep(
            0.5, 1.0, surface.up
        )

    hollow = Piece(
        disc(0, seen(0.515), 0.075), red * 0.45, (Patch(disc(0, seen(0.50), 0.05), from_hex("3a2010"), 0.02, 0.8),), 0.0
    )
    stem = Piece(
        trace("-0.012,0.49 0.012,0.49 0.035,0.62 0.05,0.66 0.025,0.665 0,0.6"),
        from_hex("5a3a20"),
        (),
        0.008,
    )
    leaf = Piece(
        trace("0.03,0.585 0.11,0.68 0.24,0.69 0.17,0.6"),
        from_hex("5f9a38"),
        (
            Patch(
                smooth((0.05, 0.60), (0.13, 0.645), (0.21, 0.675), closed=False), from_hex("b4d880"), 0.003, 0.7, 0.008
            ),
        ),
        0.02,
    )
    cards = [
        (solid(bench, body, Material(red, gloss=0.6, blur=0.08, pattern=skin)), IN_PLACE),
        (draw_cutout([hollow, stem, leaf], bench.light, bench.unit_px), IN_PLACE),
    ]
    return Thing(cards, 0.24, 0.9)


def _fruit_bowl(bench: Bench) -> Thing:
    bowl = profile((0.16, 0.0), (0.17, 0.03), (0.17, 0.03), (0.34, 0.10), (0.46, 0.20), (0.52, 0.30))
    wood = Material(bench.colour("8a5a34", "d8d0c2", "4a6a7a"), gloss=0.3, blur=0.2)
    turn_at = np.linspace(-math.pi / 2 + 0.1, math.pi / 2 - 0.1, 15).tolist()
    ball = profile(*((0.19 * math.cos(at), 0.185 * (1 + math.sin(at))) for at in turn_at))

    def fruit(colour: str, gloss: float = 0.35) -> Cutout:
        return solid(bench, ball, Material(from_hex(colour), gloss=gloss, blur=0.10))

    apple, orange, green, plum = fruit("c4262a", 0.6), fruit("f08a1e", 0.25), fruit("9cc03c", 0.5), fruit("5a2a5a", 0.4)
    banana = Piece(
        trace("-0.02,0.5 0.1,0.6 0.28,0.62 0.44,0.52 0.47,0.54 0.33,0.7 0.12,0.71 -0.05,0.56"),
        from_hex("f4d03c"),
        (
            Patch(
                trace("0.02,0.56 0.16,0.655 0.3,0.65 0.42,0.56", closed=False),
                from_hex("fbe88a"),
                0.01,
                0.7,
                0.02,
            ),
        ),
        0.035,
    )
    back = draw_cutout([Piece(disc(0, seen(0.30), 0.50), wood.colour * 0.6, (), 0.0)], bench.light, bench.unit_px)
    cards = [
        (solid(bench, bowl, wood), IN_PLACE),
        (back, IN_PLACE),
        (draw_cutout([banana], bench.light, bench.unit_px), shifted(-0.04, -0.05)),
        (green, shifted(-0.26, 0.26)),
        (plum, shifted(0.28, 0.24, 0.85)),
        (orange, shifted(0.02, 0.28, 1.05)),
        (apple, shifted(-0.16, 0.19)),
        (orange, shifted(0.20, 0.18, 0.95)),
    ]
    front = profile((0.34, 0.10), (0.46, 0.20), (0.52, 0.30))
    cards.append((_near_half(solid(bench, front, wood), seen(0.30)), IN_PLACE))
    return Thing(cards, 0.34, 0.95)


def _near_half(cutout: Cutout, level: float) -> Cutout:
    """A bowl without its opening, to be laid over what is in it: all that is below the near edge of its rim."""
    pixels = cutout.pixels.copy()
    columns = cutout.columns
    half = 0.52
    edge = level - half * FLATNESS * np.sqrt(np.clip(1 - (columns / half) ** 2, 0, 1))
    keep = np.clip((edge[None, :] - cutout.rows[:, None]) / abs(float(cutout.to_units[1, 1])) + 0.5, 0, 1)
    pixels[:] = (pixels * keep[..., None]).astype(np.uint8)
    return Cutout(pixels, cutout.to_units)


CASTINGS: Castings = MappingProxyType(
    {
        "coffee": exhibited(_coffee, 1.0),
        "tea": exhibited(_tea, 1.0),
        "teapot": exhibited(_teapot, 1.0),
        "noodles": exhibited(_noodles, 1.0),
        "apple": exhibited(_apple, 1.0),
        "fruit": exhibited(_fruit_bowl, 0.95),
    }
)
