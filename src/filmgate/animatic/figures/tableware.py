"""What stands on tables and is turned: cups, pots, bottles, glasses, bowls, vases, candles, fruit."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.figures.cutout import Card, Cutout, Patch, Piece, draw_cutout, smooth
from filmgate.animatic.figures.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.puppet import ellipse, outline, point
from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.turnery import TILT, WHITE, Material, Surface, finish, profile, turn
from filmgate.animatic.figures.vapour import build_candle_flame, build_steam
from filmgate.animatic.raster import Floats, Matrix, Points

FLATNESS = math.sin(TILT)
IN_PLACE: Matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
GLAZES = ("e8e2d6", "3f7f8c", "c8574a", "2f4a6a", "8fa68a")
STEAM = from_hex("f6f4f0")


def shifted(x: float, y: float = 0.0, size: float = 1.0) -> Matrix:
    return np.array([[size, 0.0, x], [0.0, size, y]])


def solid(bench: Bench, line: Points, material: Material) -> Cutout:
    return finish(turn(line, bench.unit_px), material, bench.light)


def disc(x: float, y: float, radius: float) -> Points:
    """A level circle, as seen from a little above; `y` is its height on screen."""
    return ellipse(point(x, y), radius, radius * FLATNESS, 64)


def seen(height: float) -> float:
    """How high on screen something is that is so high."""
    return height * math.cos(TILT)


def opening(bench: Bench, height: float, radius: float, wall: Floats, drink: Floats | None, depth: float = 0.05) -> Card:
    """The inside of a vessel: its far wall, and what it is filled with."""
    y = seen(height)
    inside = disc(0, y, radius)
    level = disc(0, y - depth, radius * 0.97)
    shade = Patch(disc(0, y - 0.5 * radius * FLATNESS, radius * 0.9), wall * 0.45, soft=0.03, strength=0.7)
    patches = [shade]
    if drink is not None:
        sheen = smooth((-0.62 * radius, y - depth + 0.02), (-0.1 * radius, y - depth + 0.75 * radius * FLATNESS), (0.1 * radius, y - depth + 0.3 * radius * FLATNESS), (-0.3 * radius, y - depth - 0.1 * radius * FLATNESS))
        patches += [
            Patch(level, drink),
            Patch(disc(0, y - depth, radius * 0.80), np.clip(drink * 1.35 + 0.03, 0, 1), soft=0.03, strength=0.6),
            Patch(sheen, WHITE, soft=0.02, strength=0.28),
        ]
    return draw_cutout([Piece(inside, wall * 0.8, tuple(patches), roundness=0.0)], bench.light, bench.unit_px), IN_PLACE


def handle(bench: Bench, line: Points, width: float, colour: Floats) -> Card:
    """A tube along a line."""
    along = np.gradient(line, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], 1) / (np.hypot(along[:, 0], along[:, 1])[:, None] + 1e-9) * width / 2
    tube = np.concatenate([line + across, (line - across)[::-1]])
    lit = Patch(line + across * 0.35, np.clip(colour * 1.5 + 0.2, 0, 1), soft=width * 0.12, strength=0.6, line=width * 0.25)
    return draw_cutout([Piece(tube, colour, (lit,), roundness=width * 0.32)], bench.light, bench.unit_px), IN_PLACE


def _cup(bench: Bench, drink: str) -> Thing:
    glaze = bench.colour(*GLAZES)
    saucer = profile((0.20, 0.0), (0.22, 0.012), (0.22, 0.012), (0.36, 0.030), (0.47, 0.062), (0.475, 0.070))
    dish = draw_cutout([Piece(disc(0, seen(0.066), 0.435), glaze * 0.88, (Patch(disc(0, seen(0.05), 0.26), glaze * 0.55, soft=0.05, strength=0.6),), roundness=0.0)], bench.light, bench.unit_px)
    body = profile((0.15, 0.045), (0.17, 0.07), (0.17, 0.07), (0.235, 0.11), (0.285, 0.22), (0.300, 0.36), (0.305, 0.46))
    ear = handle(bench, smooth((0.27, 0.36), (0.40, 0.40), (0.455, 0.29), (0.39, 0.18), (0.25, 0.16), closed=False), 0.048, glaze)
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
    body = profile((0.19, 0.0), (0.21, 0.02), (0.21, 0.02), (0.33, 0.09), (0.40, 0.22), (0.37, 0.36), (0.26, 0.45), (0.17, 0.475))
    lid = profile((0.185, 0.468), (0.185, 0.482), (0.185, 0.482), (0.12, 0.515), (0.045, 0.532), (0.03, 0.55), (0.05, 0.585), (0.035, 0.615), (0.0, 0.625))
    ear = handle(bench, smooth((-0.30, 0.38), (-0.46, 0.43), (-0.56, 0.31), (-0.50, 0.17), (-0.35, 0.13), closed=False), 0.052, clay)
    spout = smooth((0.30, 0.10), (0.42, 0.16), (0.49, 0.30), (0.57, 0.40), (0.62, 0.425), (0.56, 0.445), (0.47, 0.41), (0.41, 0.32), (0.30, 0.27))
    beak = draw_cutout([Piece(spout, clay, (Patch(smooth((0.36, 0.25), (0.44, 0.33), (0.50, 0.40), closed=False), WHITE, 0.01, 0.35, 0.018),), 0.045)], bench.light, bench.unit_px)
    cards = [ear, (beak, IN_PLACE), (solid(bench, body, material), IN_PLACE), (solid(bench, lid, material), IN_PLACE)]
    return Thing(cards, 0.30, before=(build_steam(bench.rng, STEAM, (0.62, 0.42), (0.30, 0.45)),))


def _perfume(bench: Bench) -> Thing:
    scent = bench.colour("e8a0a8", "e6b45a", "9ac0d8", "b89ad8")
    glass = profile((0.22, 0.0), (0.245, 0.02), (0.25, 0.06), (0.25, 0.06), (0.25, 0.42), (0.25, 0.42), (0.235, 0.47), (0.17, 0.51), (0.09, 0.525))
    inner = profile((0.20, 0.035), (0.215, 0.06), (0.215, 0.06), (0.215, 0.36))
    neck = profile((0.075, 0.52), (0.075, 0.60))
    cap = profile((0.115, 0.575), (0.115, 0.575), (0.12, 0.58), (0.12, 0.58), (0.12, 0.80), (0.12, 0.80), (0.11, 0.812))
    gold = Material(from_hex("e0b264"), gloss=0.9, blur=0.02, metal=0.9)
    label = Piece(outline((-0.105, 0.15), (0.105, 0.15), (0.105, 0.30), (-0.105, 0.30)), from_hex("f6f0e6"), tuple(Patch(np.array([(-0.06 + 0.02 * row, 0.255 - 0.03 * row), (0.06 - 0.02 * row, 0.255 - 0.03 * row)]), from_hex("6a5a4a"), 0.0, 0.8, 0.008) for row in range(2)), roundness=0.0, opacity=0.92)
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
    body = profile((0.115, 0.0), (0.13, 0.015), (0.13, 0.05), (0.13, 0.05), (0.13, 0.56), (0.128, 0.60), (0.085, 0.70), (0.05, 0.76), (0.046, 0.80), (0.046, 0.80), (0.044, 0.93))
    foil = profile((0.050, 0.80), (0.050, 0.80), (0.050, 0.94), (0.054, 0.945), (0.054, 0.975), (0.05, 0.98))

    def label(surface: Surface) -> tuple[Floats, Floats]:
        paper = smoothstep(0.20, 0.205, surface.up) * smoothstep(0.52, 0.515, surface.up) * smoothstep(1.02, 1.0, np.abs(surface.around))
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
    drink = bench.colour("7a1428", "e8b84a", "c8402a")
    foot = profile((0.16, 0.0), (0.162, 0.008), (0.12, 0.018), (0.035, 0.035), (0.016, 0.07), (0.014, 0.28), (0.018, 0.36), (0.05, 0.40))
    bowl = profile((0.02, 0.36), (0.09, 0.40), (0.165, 0.50), (0.185, 0.62), (0.165, 0.78), (0.145, 0.86))
    wine = profile((0.02, 0.375), (0.085, 0.41), (0.158, 0.50), (0.176, 0.60))
    clear = Material(from_hex("dce8ec"), gloss=0.9, blur=0.01, clear=0.92)
    surface = draw_cutout([Piece(disc(0, seen(0.60), 0.174), np.clip(drink * 1.2, 0, 1), (Patch(disc(-0.03, seen(0.60) + 0.008, 0.12), WHITE, 0.03, 0.22),), 0.0, 0.95)], bench.light, bench.unit_px)
    cards = [
        (solid(bench, foot, clear), IN_PLACE),
        (solid(bench, wine, Material(drink, gloss=0.2, clear=0.12)), IN_PLACE),
        (surface, IN_PLACE),
        (solid(bench, bowl, clear), IN_PLACE),
    ]
    return Thing(cards, 0.17, 1.05)


def _juice(bench: Bench) -> Thing:
    drink = bench.colour("f49a24", "e2604a", "8cc050", "f6d04a")
    walls = profile((0.135, 0.0), (0.15, 0.012), (0.15, 0.012), (0.19, 0.56))
    inside = profile((0.13, 0.04), (0.14, 0.05), (0.14, 0.05), (0.172, 0.46))
    top = draw_cutout([Piece(disc(0, seen(0.46), 0.171), np.clip(drink * 1.15, 0, 1), (Patch(disc(-0.03, seen(0.46) + 0.006, 0.11), WHITE, 0.03, 0.25),), 0.0)], bench.light, bench.unit_px)
    straw = draw_cutout([Piece(outline((0.02, 0.30), (0.045, 0.30), (0.205, 0.80), (0.18, 0.80)), from_hex("f4f0ea"), tuple(Patch(outline((0.0 + 0.032 * row, 0.30 + 0.10 * row), (0.08 + 0.032 * row, 0.325 + 0.10 * row), (0.08 + 0.032 * row, 0.365 + 0.10 * row), (0.0 + 0.032 * row, 0.34 + 0.10 * row)), from_hex("e0484a")) for row in range(6)), 0.008)], bench.light, bench.unit_px)
    clear = Material(from_hex("e6eef0"), gloss=0.85, blur=0.01, clear=0.93)
    cards = [
        (solid(bench, inside, Material(drink, gloss=0.1, clear=0.06)), IN_PLACE),
        (top, IN_PLACE),
        (straw, IN_PLACE),
        (solid(bench, walls, clear), IN_PLACE),
    ]
    return Thing(cards, 0.16, 1.1)


def _noodles(bench: Bench) -> Thing:
    glaze = bench.colour("2f4a6a", "b8322a", "e8e2d6")
    bowl = profile((0.17, 0.0), (0.18, 0.045), (0.18, 0.045), (0.30, 0.10), (0.41, 0.22), (0.46, 0.345))

    def band(surface: Surface) -> tuple[Floats, Floats]:
        ring = np.exp(-(((surface.up - 0.86) / 0.030) ** 2)) + np.exp(-(((surface.up - 0.76) / 0.012) ** 2))
        return np.ones((*ring.shape, 3), np.float32) * mix(WHITE, glaze, 0.1), np.clip(ring, 0, 1)

    y = seen(0.315)
    soup = Piece(disc(0, seen(0.345), 0.442), mix(glaze, WHITE, 0.6), (Patch(disc(0, y, 0.425), from_hex("b86a24")),), 0.0)
    pieces = [soup]
    for index in range(34):
        angle, reach = 2.4 * index, 0.04 + 0.29 * math.sqrt((index + 0.5) / 34)
        centre = (reach * math.cos(angle), y + 0.015 + reach * math.sin(angle) * FLATNESS + 0.03 * (1 - reach / 0.34))
        strand = smooth((centre[0] - 0.11, centre[1] - 0.012), (centre[0] - 0.03, centre[1] + 0.026), (centre[0] + 0.06, centre[1] + 0.014), (centre[0] + 0.12, centre[1] - 0.018), closed=False)
        across = np.array([0.0, 0.0085])
        pieces.append(Piece(np.concatenate([strand + across, (strand - across)[::-1]]), from_hex("f2d890" if index % 3 else "e6c670"), (), 0.006))
    for x, level, white in ((-0.19, 0.03, False), (-0.13, 0.045, True)):
        if white:
            yolk = Patch(ellipse(point(x, y + level), 0.052, 0.030), from_hex("f4a428"))
            pieces.append(Piece(ellipse(point(x, y + level), 0.105, 0.058), from_hex("fbf6ea"), (yolk,), 0.012))
    pieces.append(Piece(smooth((0.10, y + 0.01), (0.16, y + 0.09), (0.30, y + 0.07), (0.27, y - 0.01)), from_hex("b86a50"), (Patch(smooth((0.14, y + 0.02), (0.20, y + 0.065), (0.27, y + 0.05), closed=False), from_hex("f0c8b0"), 0.004, 0.9, 0.012),), 0.014))
    for index in range(9):
        angle = 2.4 * index + 0.5
        spot = point(0.05 + 0.15 * math.cos(angle) * (index % 3) / 2, y + 0.03 + 0.16 * math.sin(angle) * FLATNESS)
        pieces.append(Piece(ellipse(spot, 0.016, 0.011, 12), from_hex("5faa3c"), (), 0.004))
    cards = [(solid(bench, bowl, Material(glaze, gloss=0.5, pattern=band)), IN_PLACE), (draw_cutout(pieces, bench.light, bench.unit_px), IN_PLACE)]
    return Thing(cards, 0.30, before=(build_steam(bench.rng, STEAM, (0.0, 0.34), (0.9, 0.85)),))


def _candle(bench: Bench) -> Thing:
    wax = bench.colour("f4ead4", "e8dcc8", "c84a3c")
    body = profile((0.135, 0.03), (0.135, 0.03), (0.135, 0.46), (0.135, 0.46), (0.128, 0.475), (0.105, 0.470))
    dish = profile((0.17, 0.0), (0.24, 0.018), (0.255, 0.045))

    def lit_from_within(surface: Surface) -> tuple[Floats, Floats]:
        warm = np.ones((*surface.up.shape, 3), np.float32) * from_hex("ffc06a")
        return warm, 0.85 * smoothstep(0.25, 1.0, surface.up) ** 1.5

    pool = draw_cutout([Piece(disc(0, seen(0.470), 0.112), from_hex("ffdf9a"), (Patch(disc(0, seen(0.47), 0.07), from_hex("fff2c8"), 0.02, 0.8),), 0.0)], bench.light, bench.unit_px)
    wick = draw_cutout([Piece(outline((-0.007, 0.45), (0.007, 0.45), (0.005, 0.53), (-0.003, 0.53)), from_hex("2a2018"), (), 0.0)], bench.light, bench.unit_px)
    cards = [
        (solid(bench, dish, Material(from_hex("b08a4a"), gloss=0.7, blur=0.04, metal=0.8)), IN_PLACE),
        (solid(bench, body, Material(wax, gloss=0.2, blur=0.25, pattern=lit_from_within)), IN_PLACE),
        (pool, IN_PLACE),
        (wick, IN_PLACE),
    ]
    return Thing(cards, 0.22, 1.1, before=(build_candle_flame(bench.rng, (0.0, 0.50), 0.34),))


def _apple(bench: Bench) -> Thing:
    red = bench.colour("c4262a", "8cb43a", "d8442a")
    body = profile((0.06, 0.02), (0.10, 0.0), (0.20, 0.06), (0.285, 0.22), (0.30, 0.36), (0.24, 0.48), (0.14, 0.525), (0.075, 0.52))

    def skin(surface: Surface) -> tuple[Floats, Floats]:
        streak = 0.5 + 0.5 * np.sin(surface.around * 17 + 3 * np.sin(surface.around * 5)) * np.sin(surface.around * 29 + 1)
        return np.ones((*streak.shape, 3), np.float32) * mix(red, from_hex("f4cf5a"), 0.75), 0.35 * streak * smoothstep(0.5, 1.0, surface.up)

    hollow = Piece(disc(0, seen(0.515), 0.075), red * 0.45, (Patch(disc(0, seen(0.50), 0.05), from_hex("3a2010"), 0.02, 0.8),), 0.0)
    stem = Piece(smooth((-0.012, 0.49), (0.012, 0.49), (0.035, 0.62), (0.05, 0.66), (0.025, 0.665), (0.0, 0.60)), from_hex("5a3a20"), (), 0.008)
    leaf = Piece(smooth((0.03, 0.585), (0.11, 0.68), (0.24, 0.69), (0.17, 0.60)), from_hex("5f9a38"), (Patch(smooth((0.05, 0.60), (0.13, 0.645), (0.21, 0.675), closed=False), from_hex("b4d880"), 0.003, 0.7, 0.008),), 0.02)
    cards = [(solid(bench, body, Material(red, gloss=0.6, blur=0.08, pattern=skin)), IN_PLACE), (draw_cutout([hollow, stem, leaf], bench.light, bench.unit_px), IN_PLACE)]
    return Thing(cards, 0.24, 0.9)


def _fruit_bowl(bench: Bench) -> Thing:
    bowl = profile((0.16, 0.0), (0.17, 0.03), (0.17, 0.03), (0.34, 0.10), (0.46, 0.20), (0.52, 0.30))
    wood = Material(bench.colour("8a5a34", "d8d0c2", "4a6a7a"), gloss=0.3, blur=0.2)
    ball = profile((0.02, 0.0), (0.13, 0.02), (0.19, 0.14), (0.185, 0.24), (0.12, 0.34), (0.02, 0.37))

    def fruit(colour: str, gloss: float = 0.35) -> Cutout:
        return solid(bench, ball, Material(from_hex(colour), gloss=gloss, blur=0.10))

    apple, orange, green, plum = fruit("c4262a", 0.6), fruit("f08a1e", 0.25), fruit("9cc03c", 0.5), fruit("5a2a5a", 0.4)
    banana = Piece(smooth((-0.02, 0.50), (0.10, 0.60), (0.28, 0.62), (0.44, 0.52), (0.47, 0.54), (0.33, 0.70), (0.12, 0.71), (-0.05, 0.56)), from_hex("f4d03c"), (Patch(smooth((0.02, 0.56), (0.16, 0.655), (0.30, 0.65), (0.42, 0.56), closed=False), from_hex("fbe88a"), 0.01, 0.7, 0.02),), 0.035)
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
        "perfume": exhibited(_perfume, 1.15),
        "wine": exhibited(_wine, 1.15),
        "wine_glass": exhibited(_wine_glass, 1.15),
        "juice": exhibited(_juice, 1.15),
        "noodles": exhibited(_noodles, 1.0),
        "candle": exhibited(_candle, 1.0),
        "apple": exhibited(_apple, 1.0),
        "fruit": exhibited(_fruit_bowl, 0.95),
    }
)
