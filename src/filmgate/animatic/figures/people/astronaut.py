"""The astronaut: a white suit with folds, a gold visor that mirrors the horizon, and a pack with life support."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.people.clothes import HAND, Profile, shoe_outline, trunk_outline
from filmgate.animatic.figures.people.figure import Figure
from filmgate.animatic.figures.people.rig import (
    Piece,
    box,
    build_rig,
    in_space,
    limb,
    on_bone,
    on_front,
    on_head,
    oval,
    smooth,
    two_views,
)
from filmgate.animatic.figures.people.skeleton import Build, Frame
from filmgate.animatic.figures.performance import Gait
from filmgate.animatic.raster import Floats, Points

BUILD = Build(
    thigh=0.212, shin=0.202, foot=0.125, sole=0.048, torso=0.282, neck=0.116, head=0.104, upper_arm=0.150,
    forearm=0.132, shoulders=0.094, hips=0.050, seat=0.100,
)  # fmt: skip
SUIT, SHADE, FOLD = from_hex("d4d8e0"), from_hex("a2a9b6"), from_hex("858d9e")
RUBBER, PACK, UNIT = from_hex("4a4f5a"), from_hex("c2c7d2"), from_hex("989fae")
STRIPE = "c8402e"
GOLD, GOLD_DARK, GOLD_LIGHT = from_hex("d29a3a"), from_hex("4a2c14"), from_hex("ffe6a8")

TRUNK = ((-0.30, 0.080, 0.088, 0.092), (-0.10, 0.092, 0.100, 0.106), (0.10, 0.094, 0.094, 0.104),
         (0.24, 0.090, 0.086, 0.098), (0.50, 0.104, 0.090, 0.110), (0.78, 0.104, 0.092, 0.118),
         (0.95, 0.080, 0.080, 0.108), (1.04, 0.050, 0.055, 0.070))  # fmt: skip
# Limbs swell between the folds of the suit.
THIGH: Profile = (
    (0.0, 0.080, 0.086),
    (0.30, 0.080, 0.082),
    (0.55, 0.071, 0.072),
    (0.72, 0.074, 0.073),
    (1.0, 0.060, 0.060),
)
SHIN: Profile = ((0.0, 0.062, 0.060), (0.20, 0.066, 0.066), (0.38, 0.060, 0.061), (0.58, 0.065, 0.067),
    (0.74, 0.057, 0.060),
                 (0.84, 0.062, 0.064))  # fmt: skip
UPPER_ARM: Profile = (
    (0.0, 0.058, 0.058),
    (0.32, 0.058, 0.060),
    (0.55, 0.050, 0.051),
    (0.75, 0.052, 0.053),
    (1.0, 0.046, 0.046),
)
FOREARM: Profile = (
    (0.0, 0.048, 0.047),
    (0.28, 0.050, 0.050),
    (0.50, 0.045, 0.045),
    (0.72, 0.047, 0.047),
    (1.0, 0.042, 0.042),
)
BOOT: Profile = ((0.70, 0.054, 0.058), (1.0, 0.050, 0.054), (1.12, 0.050, 0.056))


def astronaut(stripe: Floats, gait: Gait, phase: float) -> Figure:
    pieces = [*_pack(), *_trunk(stripe), *_helmet()]
    for side in "RL":
        pieces += _leg(side, stripe) + _arm(side, stripe)
    return Figure(BUILD, gait, build_rig(pieces), phase=phase)


def _trunk(stripe: Floats) -> list[Piece]:
    torso = BUILD.torso
    belt = box(-0.095, 0.10 * torso, 0.096, 0.19 * torso), box(-0.105, 0.10 * torso, 0.105, 0.19 * torso)
    ring = oval(0.076, 0.026, 0.004, torso * 1.03, 20), oval(0.084, 0.026, 0.0, torso * 1.03, 20)
    unit = (
        smooth(box(0.070, 0.46 * torso, 0.150, 0.74 * torso, 0.012), 36),
        smooth(box(-0.058, 0.46 * torso, 0.058, 0.74 * torso, 0.012), 36),
    )
    hose = smooth(
        (
            (0.13, 0.52),
            (0.07, 0.40),
            (-0.03, 0.46),
            (-0.10, 0.60),
            (-0.09, 0.65),
            (-0.02, 0.53),
            (0.06, 0.47),
            (0.11, 0.57),
        ),
        32,
    )
    pieces = [
        Piece("trunk", Frame.TRUNK, trunk_outline(TRUNK, Build()), SUIT),
        Piece("trunk", Frame.TRUNK, two_views(*belt), SHADE, rounded=False),
        Piece("trunk", Frame.TRUNK, two_views(*ring), SHADE),
        Piece(
            "collar",
            Frame.TRUNK,
            two_views(hose * np.array([1, torso]), hose * np.array([1, torso])),
            RUBBER,
            azimuth=1.2,
        ),
        Piece("collar", Frame.TRUNK, two_views(*unit), UNIT),
    ]
    for right, up, width, height, colour in (
        (-0.030, 0.66, 0.020, 0.016, from_hex("26303c")), (0.020, 0.66, 0.008, 0.008, stripe),
        (0.040, 0.66, 0.008, 0.008, from_hex("2f6fd0")), (0.0, 0.54, 0.040, 0.006, FOLD),
    ):  # fmt: skip
        patch = oval(width, height, -right, up * torso, 10)
        pieces.append(Piece("collar", Frame.TRUNK, on_front(patch, 0.149), colour, rounded=False, azimuth=0.0))
    return pieces


def _pack() -> list[Piece]:
    torso = BUILD.torso
    side = smooth(
        ((-0.075, -0.02), (-0.205, -0.01), (-0.222, 0.12), (-0.215, 0.28), (-0.190, 0.335), (-0.080, 0.335)), 36
    )
    front = smooth(
        ((0.112, -0.02), (-0.112, -0.02), (-0.122, 0.12), (-0.118, 0.28), (-0.100, 0.335), (0.100, 0.335)), 36
    )
    back = in_space(-0.2, *smooth(box(-0.080, 0.06, 0.080, 0.15, 0.012), 24).T)
    seam = two_views(box(-0.216, torso * 0.62, -0.080, torso * 0.65), box(-0.117, torso * 0.62, 0.117, torso * 0.65))
    return [
        Piece("behind", Frame.TRUNK, two_views(side, front), PACK),
        Piece("behind", Frame.TRUNK, seam, FOLD, rounded=False),
        Piece("behind", Frame.CHEST, back, SHADE, azimuth=math.pi),
    ]


def _helmet() -> list[Piece]:
    shell = oval(1.04, 1.04, -0.04, 0.04, 30), oval(1.02, 1.04, 0.0, 0.04, 30)
    frame = _visor(0.84, 0.80)
    pieces = [
        Piece("head", Frame.SKULL, two_views(*shell), SUIT),
        Piece("head", Frame.SKULL, two_views(*frame), SHADE, azimuth=0.35),
        Piece("head", Frame.SKULL, two_views(*_visor(0.76, 0.72)), GOLD_DARK, rounded=False, azimuth=0.35),
    ]
    # What the visor mirrors: the bright sky above a horizon, darker towards the zenith, and the sun.
    side, front = _visor(0.70, 0.66)
    for low, high, colour in ((-0.12, 0.16, GOLD_LIGHT), (-0.06, 0.40, GOLD), (0.10, 0.72, GOLD * 0.62)):
        band = _between_rows(side, low, high), _between_rows(front, low, high)
        pieces.append(Piece("head", Frame.SKULL, two_views(*band), colour, rounded=False, azimuth=0.35))
    glint = on_head(smooth(((-0.20, 0.30), (-0.05, 0.50), (0.16, 0.56), (0.0, 0.42)), 16), 0.35, 0.95)
    pieces += [
        Piece("head", Frame.FACE, glint, from_hex("ffffff"), rounded=False, azimuth=0.35),
        Piece("head", Frame.FACE, on_head(oval(0.17, 0.17, 0.0, 0.0, 14), 1.62, 0.98), SHADE, azimuth=1.62),
        Piece("head", Frame.FACE, on_head(oval(0.17, 0.17, 0.0, 0.0, 14), -1.62, 0.98), SHADE, azimuth=-1.62),
    ]
    return pieces


def _visor(width: float, height: float) -> tuple[Points, Points]:
    """The visor's outline from the side and from the front; it wraps round the front of the helmet."""
    side = oval(width * 0.70, height, 0.40, 0.06, 28)
    side[:, 0] = np.minimum(side[:, 0], 0.97 * np.sqrt(np.maximum(0.0, 1.02 - (side[:, 1] - 0.04) ** 2)))
    return side, oval(width, height, 0.0, 0.06, 28)


def _between_rows(outline: Points, low: float, high: float) -> Points:
    return np.column_stack([outline[:, 0], np.clip(outline[:, 1], low, high)])


def _folds(group: str, frame: Frame, shares: tuple[float, ...], width: float) -> list[Piece]:
    """Creases across a limb: thin crescents of shade."""
    crescent = np.array([(1.0, 0.0), (0.5, 0.10), (-0.2, 0.13), (-0.9, 0.05), (-0.2, 0.06), (0.5, 0.02)]) * np.array(
        [width, width]
    )
    return [
        Piece(group, frame, on_bone(crescent * np.array([1 if index % 2 else -1, 1.0]), share), FOLD, rounded=False)
        for index, share in enumerate(shares)
    ]


def _band(group: str, frame: Frame, share: float, width: float, height: float, colour: Floats) -> Piece:
    return Piece(group, frame, on_bone(box(-width, -height, width, height), share), colour, rounded=False)


def _leg(side: str, stripe: Floats) -> list[Piece]:
    group = f"leg_{side}"
    thigh, shin, foot = Frame[f"THIGH_{side}"], Frame[f"SHIN_{side}"], Frame[f"FOOT_{side}"]
    sole = smooth(((-0.058, -0.050), (0.110, -0.050), (0.118, -0.036), (-0.062, -0.034)), 16)
    return [
        Piece(group, foot, shoe_outline(1.42), SHADE),
        Piece(group, foot, in_space(sole[:, 0], 0.046 * np.sign(sole[:, 0]), sole[:, 1]), RUBBER, rounded=False),
        Piece(group, shin, limb(BOOT, cap=False), SHADE),
        Piece(group, shin, limb(SHIN, cap=False), SUIT),
        Piece(group, thigh, limb(THIGH), SUIT),
        *_folds(group, shin, (0.06, 0.30), 0.052),
        *_folds(group, thigh, (0.62, 0.84), 0.058),
        _band(group, thigh, 0.40, 0.076, 0.011, stripe),
    ]


def _arm(side: str, stripe: Floats) -> list[Piece]:
    group = f"arm_{side}"
    upper, lower, hand = Frame[f"UPPER_ARM_{side}"], Frame[f"FOREARM_{side}"], Frame[f"HAND_{side}"]
    return [
        Piece(group, hand, on_bone(smooth(HAND, 30) * 1.62), SHADE),
        Piece(group, lower, limb(FOREARM), SUIT),
        Piece(group, upper, limb(UPPER_ARM), SUIT),
        *_folds(group, upper, (0.62, 0.86), 0.042),
        *_folds(group, lower, (0.12, 0.42), 0.038),
        _band(group, lower, 0.86, 0.045, 0.010, FOLD),
        _band(group, upper, 0.36, 0.056, 0.010, stripe),
    ]
