"""Samurai and knights: people in armour, with a blade."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.people.clothes import Cut, Profile, trunk_outline
from filmgate.animatic.figures.people.rig import Piece, in_space, limb, on_bone, on_front, oval, smooth, two_views
from filmgate.animatic.figures.people.skeleton import Build, Frame
from filmgate.animatic.raster import Floats

STEEL, DARK_STEEL = from_hex("c3cad4"), from_hex("5c6470")
GOLD, LACE = from_hex("d8ae4a"), from_hex("1c1f28")
HAKAMA: Profile = ((0.0, 0.066, 0.074), (0.6, 0.064, 0.072), (1.0, 0.068, 0.076))
HAKAMA_BELOW: Profile = ((0.0, 0.068, 0.074), (0.5, 0.074, 0.086), (0.92, 0.080, 0.104))
CUIRASS = ((-0.12, 0.076, 0.082, 0.088), (0.06, 0.072, 0.076, 0.082), (0.30, 0.070, 0.064, 0.074),
           (0.62, 0.080, 0.066, 0.086), (0.82, 0.070, 0.064, 0.086), (0.94, 0.044, 0.050, 0.070))  # fmt: skip


def samurai_pieces(cut: Cut, build: Build) -> list[Piece]:
    """Wide trousers, a laced cuirass, shoulder plates, a crested helmet, and a sword at the hip and in the hand."""
    plate, torso = cut.accent, build.torso
    pieces = [Piece("trunk", Frame.TRUNK, trunk_outline(CUIRASS, build), plate)]
    for height in (0.16, 0.34, 0.52, 0.68):
        row = oval(0.080, 0.007, 0.004, height * torso, 12), oval(0.084, 0.007, 0.0, height * torso, 12)
        pieces.append(Piece("trunk", Frame.TRUNK, two_views(*row), LACE, rounded=False))
    knot = oval(0.016, 0.012, 0.0, 0.02 * torso, 10)
    pieces.append(Piece("trunk", Frame.TRUNK, on_front(knot, 0.080), GOLD, rounded=False, azimuth=0.0))
    for side in "RL":
        thigh, shin, upper = Frame[f"THIGH_{side}"], Frame[f"SHIN_{side}"], Frame[f"UPPER_ARM_{side}"]
        pieces += [
            Piece(f"leg_{side}", thigh, limb(HAKAMA), cut.legs),
            Piece(f"leg_{side}", shin, limb(HAKAMA_BELOW, cap=False), cut.legs),
            Piece(f"leg_{side}", shin, on_bone(_fold(0.10), 0.25), cut.legs * 0.7, rounded=False),
            *_shoulder_plate(f"arm_{side}", upper, plate),
        ]
    return [*pieces, *_kabuto(plate), *_scabbard(), *_blade("sword", 0.62, GOLD)]


def _fold(length: float) -> Floats:
    return np.array([(-0.010, 0.0), (0.002, 0.0), (0.012, length), (0.004, length)])


def _shoulder_plate(group: str, frame: Frame, colour: Floats) -> list[Piece]:
    plate = smooth(((-0.046, -0.014), (0.046, -0.014), (0.054, 0.082), (-0.056, 0.082)), 24)
    rows = [
        np.array([(-0.052, along), (0.050, along), (0.050, along + 0.006), (-0.052, along + 0.006)])
        for along in (0.018, 0.048)
    ]
    return [
        Piece(group, frame, on_bone(plate), colour),
        *(Piece(group, frame, on_bone(row), LACE, rounded=False) for row in rows),
    ]


def _kabuto(colour: Floats) -> list[Piece]:
    bowl = (smooth(((0.92, 0.36), (0.80, 0.90), (0.25, 1.22), (-0.40, 1.18), (-0.90, 0.82), (-1.02, 0.30),
        (0.0, 0.24)), 35),
            smooth(((0.98, 0.36), (0.82, 0.92), (0.28, 1.22), (-0.28, 1.22), (-0.82, 0.92), (-0.98, 0.36),
                (0.0, 0.44)), 35))  # fmt: skip
    guard = (smooth(((0.10, 0.40), (-0.95, 0.40), (-1.42, -0.52), (-1.20, -0.66), (-0.40, -0.50), (-0.10, -0.10)), 30),
             smooth(((0.98, 0.40), (-0.98, 0.40), (-1.34, -0.56), (-0.80, -0.50), (0.80, -0.50),
                 (1.34, -0.56)), 30))  # fmt: skip
    peak = (
        smooth(((0.86, 0.44), (1.30, 0.30), (1.28, 0.22), (0.80, 0.30)), 16),
        smooth(((0.80, 0.46), (0.60, 0.24), (-0.60, 0.24), (-0.80, 0.46)), 16),
    )
    crest = np.array([(0.0, 0.52), (0.36, 0.82), (0.66, 1.42), (0.46, 1.50), (0.22, 1.06), (0.0, 0.88),
                      (-0.22, 1.06), (-0.46, 1.50), (-0.66, 1.42), (-0.36, 0.82)])  # fmt: skip
    crest_side = np.column_stack([0.92 + 0.18 * (crest[:, 1] - 0.5) + 0.05 * np.sign(crest[:, 0]), crest[:, 1]])
    return [
        Piece("hair", Frame.SKULL, two_views(*guard), colour * 0.8),
        Piece("hat", Frame.SKULL, two_views(*bowl), colour),
        Piece("hat", Frame.SKULL, two_views(*peak), LACE, azimuth=0.0),
        Piece("over_head", Frame.SKULL, two_views(crest_side, crest), GOLD, azimuth=0.35),
    ]


def _scabbard() -> list[Piece]:
    """On the left hip, its end behind."""
    along = np.array(
        [(0.10, 0.055), (0.115, 0.040), (-0.10, -0.030), (-0.34, -0.075), (-0.345, -0.060), (-0.10, -0.010)]
    )
    hilt = np.array([(0.10, 0.055), (0.115, 0.040), (0.20, 0.072), (0.19, 0.088)])
    return [
        Piece("held_L", Frame.CHEST, in_space(along[:, 0], np.full(6, -0.09), along[:, 1]), from_hex("3a1a1c")),
        Piece("held_L", Frame.CHEST, in_space(hilt[:, 0], np.full(4, -0.09), hilt[:, 1]), GOLD * 0.7),
    ]


def _blade(group: str, length: float, guard: Floats, width: float = 0.011) -> list[Piece]:
    """A sword in the right hand, which points across the forearm."""
    blade = np.array(
        [(0.03, 0.028), (0.03, 0.028 + width), (length * 0.9, 0.052 + width), (length, 0.064), (length * 0.9, 0.048)]
    )
    hilt = np.array([(-0.085, 0.018), (0.03, 0.026), (0.03, 0.042), (-0.085, 0.036)])
    cross = np.array([(0.028, 0.004), (0.040, 0.004), (0.040, 0.066), (0.028, 0.066)])
    return [
        Piece(group, Frame.HAND_R, on_bone(blade), STEEL, rounded=False),
        Piece(group, Frame.HAND_R, on_bone(hilt), LACE, rounded=False),
        Piece(group, Frame.HAND_R, on_bone(cross), guard, rounded=False),
    ]


def knight_pieces(cut: Cut, build: Build) -> list[Piece]:
    """Plate from head to foot under a tabard, a closed helmet with a plume, a long sword."""
    pieces: list[Piece] = []
    for side in "RL":
        thigh, shin = Frame[f"THIGH_{side}"], Frame[f"SHIN_{side}"]
        upper, lower, hand = Frame[f"UPPER_ARM_{side}"], Frame[f"FOREARM_{side}"], Frame[f"HAND_{side}"]
        pieces += [
            Piece(f"leg_{side}", shin, on_bone(oval(0.044, 0.040, 0.006)), STEEL * 0.9),
            Piece(f"leg_{side}", thigh, on_bone(oval(0.058, 0.006, 0.0, 0.11, 10)), DARK_STEEL, rounded=False),
            Piece(
                f"arm_{side}",
                hand,
                on_bone(smooth(((-0.026, -0.03), (0.026, -0.03), (0.026, 0.012), (-0.026, 0.012)), 16)),
                STEEL * 0.9,
            ),
            Piece(f"arm_{side}", lower, on_bone(oval(0.036, 0.032)), STEEL * 0.9),
            Piece(
                f"arm_{side}",
                upper,
                on_bone(smooth(((-0.050, 0.02), (-0.030, -0.042), (0.030, -0.042), (0.050, 0.02), (0.0, 0.060)), 25)),
                STEEL,
            ),
        ]
    cross = np.array([(0.010, 0.10), (0.010, 0.155), (0.042, 0.155), (0.042, 0.175), (0.010, 0.175), (0.010, 0.215),
        (-0.010, 0.215),
                      (-0.010, 0.175), (-0.042, 0.175), (-0.042, 0.155), (-0.010, 0.155), (-0.010, 0.10)])  # fmt: skip
    pieces.append(Piece("trunk", Frame.TRUNK, on_front(cross, 0.066), from_hex("f0ead8"), rounded=False, azimuth=0.0))
    return [*pieces, *_great_helm(cut.accent), *_blade("sword", 0.60, GOLD, 0.018)]


def _great_helm(plume: Floats) -> list[Piece]:
    shell = (smooth(((0.98, -0.10), (0.90, 0.55), (0.50, 1.06), (-0.30, 1.12), (-0.88, 0.70), (-0.98, -0.10),
        (-0.80, -0.92), (0.40, -1.02), (0.84, -0.80)), 45),
             smooth(((0.90, -0.10), (0.88, 0.60), (0.48, 1.08), (-0.48, 1.08), (-0.88, 0.60), (-0.90, -0.10),
                 (-0.70, -0.92), (0.0, -1.04), (0.70, -0.92)), 45))  # fmt: skip
    slit = (
        np.array([(1.02, 0.05), (1.00, 0.20), (0.30, 0.22), (0.30, 0.10)]),
        np.array([(0.66, 0.05), (0.68, 0.20), (-0.68, 0.20), (-0.66, 0.05)]),
    )
    ridge = (
        np.array([(1.02, -0.80), (1.04, 1.0), (0.96, 1.0), (0.94, -0.80)]),
        np.array([(0.035, -0.98), (0.035, 1.05), (-0.035, 1.05), (-0.035, -0.98)]),
    )
    feather = (smooth(((-0.10, 1.05), (-0.30, 1.62), (-0.95, 1.70), (-1.50, 1.20), (-1.55, 0.60), (-1.15, 0.95),
        (-0.60, 1.15)), 35),
               smooth(((0.10, 1.05), (0.26, 1.40), (0.16, 1.74), (0.0, 1.80), (-0.16, 1.74), (-0.26, 1.40),
                   (-0.10, 1.05)), 35))  # fmt: skip
    breaths = [oval(0.035, 0.05, x, -0.45, 8) for x in (0.25, 0.42, -0.25, -0.42)]
    return [
        Piece("hair", Frame.SKULL, two_views(*feather), plume),
        Piece("hat", Frame.SKULL, two_views(*shell), STEEL),
        Piece("hat", Frame.SKULL, two_views(*slit), from_hex("101318"), rounded=False, azimuth=0.35),
        Piece("hat", Frame.SKULL, two_views(*ridge), STEEL * 0.82, rounded=False, azimuth=0.35),
        *(
            Piece("hat", Frame.SKULL, on_front(hole, 0.90), from_hex("101318"), rounded=False, azimuth=0.35)
            for hole in breaths
        ),
    ]
