"""A humanoid robot: plates of painted metal, dark joints, a glowing eye, and a walk without a wasted movement."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.people.acting import acted
from filmgate.animatic.figures.people.clothes import shoe_outline
from filmgate.animatic.figures.people.figure import Figure
from filmgate.animatic.figures.people.rig import (
    Piece,
    box,
    build_rig,
    in_space,
    limb,
    on_bone,
    on_front,
    oval,
    smooth,
    two_views,
)
from filmgate.animatic.figures.people.skeleton import Bend, Build, Frame, Pose
from filmgate.animatic.figures.performance import Gait, State
from filmgate.animatic.raster import Floats

BUILD = Build(
    thigh=0.228, shin=0.222, foot=0.120, sole=0.042, torso=0.270, neck=0.098, head=0.084, upper_arm=0.150,
    forearm=0.140, shoulders=0.100, hips=0.046, seat=0.085,
)  # fmt: skip
JOINT, DARK = from_hex("343a44"), from_hex("1c2028")
GLOW = from_hex("7ff0ff")


def robot(paint: Floats, gait: Gait, phase: float) -> Figure:
    pieces = [*_trunk(paint), *_head(paint)]
    for side in "RL":
        pieces += _leg(side, paint) + _arm(side, paint)

    def pose(state: State) -> Pose:
        return _geared(acted(state, gait, BUILD), state)

    return Figure(BUILD, gait, build_rig(pieces), phase=phase, pose=pose)


def _geared(angles: Pose, state: State) -> Pose:
    """A body without a supple spine: its head keeps level and looks round in steps."""
    angles = angles.copy()
    angles[Bend.TWIST] *= 0.25
    angles[Bend.LEAN] *= 0.7
    scan = math.sin(state.seconds * 0.9)
    angles[Bend.LOOK] += 0.30 * math.copysign(min(1.0, abs(scan) * 2.2), scan) - 0.05
    return angles


def _trunk(paint: Floats) -> list[Piece]:
    pale = mix(paint, from_hex("ffffff"), 0.45)
    pelvis = (smooth(((0.046, -0.048), (0.054, 0.026), (-0.052, 0.026), (-0.050, -0.048)), 24),
              smooth(((0.050, -0.050), (0.074, 0.026), (-0.074, 0.026), (-0.050, -0.050)), 24))  # fmt: skip
    spine = (box(-0.034, 0.0, 0.034, 0.14), box(-0.040, 0.0, 0.040, 0.14))
    chest = (smooth(((0.052, 0.095), (0.088, 0.150), (0.084, 0.225), (0.050, 0.262), (-0.056, 0.262),
        (-0.080, 0.215), (-0.072, 0.130), (-0.046, 0.095)), 40),
             smooth(((0.064, 0.095), (0.098, 0.150), (0.112, 0.225), (0.090, 0.262), (-0.090, 0.262),
                 (-0.112, 0.225), (-0.098, 0.150), (-0.064, 0.095)), 40))  # fmt: skip
    pack = (smooth(box(-0.115, 0.120, -0.060, 0.245, 0.014), 36), smooth(box(-0.075, 0.120, 0.075, 0.245, 0.014), 36))
    plate, seam = oval(0.048, 0.040, 0.0, 0.188, 20), box(-0.07, 0.128, 0.07, 0.132)
    lamp = oval(0.022, 0.022, 0.0, 0.190, 16)
    return [
        Piece("behind", Frame.TRUNK, two_views(*pack), JOINT),
        Piece("trunk", Frame.TRUNK, two_views(*spine), JOINT),
        Piece("trunk", Frame.TRUNK, two_views(*pelvis), paint * 0.9),
        Piece("trunk", Frame.TRUNK, two_views(*chest), paint),
        Piece("trunk", Frame.TRUNK, on_front(seam, 0.080), DARK, rounded=False, azimuth=0.0),
        Piece("trunk", Frame.TRUNK, on_front(plate, 0.084), pale, azimuth=0.0),
        Piece("over_trunk", Frame.TRUNK, on_front(lamp, 0.086), GLOW, glow=True, azimuth=0.0),
    ]


def _head(paint: Floats) -> list[Piece]:
    neck = limb(((0.0, 0.030, 0.030), (0.5, 0.022, 0.022), (1.0, 0.024, 0.024)))
    shell = (smooth(((0.72, -0.70), (0.92, -0.10), (0.90, 0.50), (0.50, 0.92), (-0.40, 0.96), (-0.86, 0.60),
        (-0.92, -0.20), (-0.50, -0.72)), 40),
             smooth(((0.56, -0.74), (0.88, -0.20), (0.92, 0.50), (0.52, 0.94), (-0.52, 0.94), (-0.92, 0.50),
                 (-0.88, -0.20), (-0.56, -0.74)), 40))  # fmt: skip
    face = (smooth(((0.98, -0.30), (0.98, 0.40), (0.40, 0.46), (0.20, 0.10), (0.40, -0.36)), 25),
            smooth(((0.70, -0.30), (0.78, 0.40), (0.0, 0.48), (-0.78, 0.40), (-0.70, -0.34)), 25))  # fmt: skip
    eye = (
        smooth(((1.00, 0.00), (0.99, 0.16), (0.62, 0.17), (0.62, -0.01)), 16),
        smooth(((0.50, 0.0), (0.50, 0.16), (-0.50, 0.16), (-0.50, 0.0)), 16),
    )
    ear, antenna = (
        oval(0.20, 0.20, -0.08, 0.05, 14),
        np.array([(-0.12, 0.15), (-0.05, 0.15), (-0.22, 1.55), (-0.26, 1.55)]),
    )
    tip = oval(0.075, 0.075, -0.24, 1.58, 10)
    return [
        Piece("neck", Frame.NECK, neck, JOINT),
        Piece("head", Frame.SKULL, two_views(antenna, antenna + np.array([0.55, 0.0])), DARK, rounded=False),
        Piece("head", Frame.SKULL, two_views(*shell), paint),
        Piece("head", Frame.SKULL, two_views(*face), DARK, rounded=False, azimuth=0.35),
        Piece("head", Frame.FACE, in_space(ear[:, 0], np.full(14, 0.9), ear[:, 1]), JOINT, azimuth=math.pi / 2),
        Piece("over_head", Frame.SKULL, two_views(*eye), GLOW, glow=True, azimuth=0.35),
        Piece("over_head", Frame.SKULL, two_views(tip, tip + np.array([0.55, 0.0])), from_hex("ff6a50"), glow=True),
    ]


def _leg(side: str, paint: Floats) -> list[Piece]:
    group = f"leg_{side}"
    thigh, shin, foot = Frame[f"THIGH_{side}"], Frame[f"SHIN_{side}"], Frame[f"FOOT_{side}"]
    rod = limb(((0.0, 0.026, 0.026), (1.0, 0.022, 0.022)))
    greave = limb(((0.16, 0.036, 0.040), (0.45, 0.040, 0.046), (0.88, 0.030, 0.032)))
    return [
        Piece(group, foot, shoe_outline(1.24), paint * 0.8),
        Piece(group, shin, rod, JOINT),
        Piece(group, thigh, rod, JOINT),
        Piece(group, shin, greave, paint),
        Piece(group, thigh, limb(((0.16, 0.050, 0.050), (0.5, 0.050, 0.048), (0.80, 0.038, 0.038))), paint),
        Piece(group, shin, on_bone(oval(0.034, 0.034)), JOINT),
        Piece(group, shin, on_bone(oval(0.015, 0.015, count=10)), paint, rounded=False),
    ]


def _arm(side: str, paint: Floats) -> list[Piece]:
    group = f"arm_{side}"
    upper, lower, hand = Frame[f"UPPER_ARM_{side}"], Frame[f"FOREARM_{side}"], Frame[f"HAND_{side}"]
    rod = limb(((0.0, 0.020, 0.020), (1.0, 0.018, 0.018)))
    grip = smooth(
        (
            (-0.022, -0.01),
            (0.022, -0.01),
            (0.030, 0.020),
            (0.026, 0.058),
            (0.012, 0.030),
            (0.006, 0.064),
            (-0.010, 0.066),
            (-0.024, 0.030),
        ),
        32,
    )
    return [
        Piece(group, hand, on_bone(grip), JOINT),
        Piece(group, lower, rod, JOINT),
        Piece(group, upper, rod, JOINT),
        Piece(group, lower, limb(((0.20, 0.034, 0.034), (0.6, 0.034, 0.034), (0.90, 0.026, 0.026))), paint),
        Piece(group, upper, limb(((0.28, 0.030, 0.030), (0.78, 0.027, 0.027))), paint),
        Piece(group, upper, on_bone(oval(0.048, 0.046, 0.0, -0.004)), paint),
        Piece(group, lower, on_bone(oval(0.026, 0.026)), JOINT),
    ]
