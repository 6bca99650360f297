"""The body of a four-legged animal: from a pose to the points that its outlines go through.

Trunk, neck and head are one closed outline. Its points hang on two bones, hip and chest, on the arc of the neck and on
the head; the order is: over the back from the tail to the nape, round the head, under the neck, and along the belly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.figures.animals.gaits import HIND
from filmgate.animatic.figures.animals.postures import (
    CHEST_TURN,
    CHEST_X,
    CHEST_Y,
    CURVE,
    FLEX,
    HEAD,
    HIP_TURN,
    HIP_X,
    HIP_Y,
    LEAN,
    NECK,
    SLOPE,
    SWING,
    TOE_X,
    TOE_Y,
    Frame,
    Pose,
)
from filmgate.animatic.figures.animals.species import Face, Species
from filmgate.animatic.figures.animals.splines import ribbon, two_sided
from filmgate.animatic.raster import Floats, Points

BACK = 5  # points over the trunk, before those of the neck
NECK_POINTS = 2
BELLY = 7
NECK_SHARES = np.array([1, 2]) / 3  # where along the neck its points sit
LOWERED = 0.2  # radians by which a neck may sink before its under side meets the breast
NODES = 8  # of a leg: its five joints and the middles of the three long bones


@dataclass(frozen=True, slots=True, eq=False)
class Bones:
    """Where the body is at one moment."""

    trunk: Points  # points of the outline
    legs: Points  # (4, 2 * NODES + 2, 2)
    nape: Points  # (2,)
    head: Floats  # (2, 2): rows are the head's forward and upward axes, as long as the head
    hip: Points
    hip_turn: Floats  # (2, 2)
    neck: Points  # (10, 2): a core of the neck, to cover where the outline of a bent neck crosses itself


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """What of a species does not move: points at rest, and how they hang on the bones."""

    frame: Frame
    trunk: Points
    hip_share: Floats
    arch: Floats
    profile: Points
    neck_widths: Floats
    core_widths: Floats
    leg_front: Floats
    leg_back: Floats

    @property
    def nape(self) -> int:
        """The index of the first point of the head."""
        return BACK + NECK_POINTS

    @property
    def throat(self) -> int:
        """The index of the last point of the head."""
        return self.nape + len(self.profile) - 1

    @property
    def breast(self) -> int:
        """The index of the point where the under side of the neck meets the chest."""
        return self.throat + NECK_POINTS + 1

    def bones(self, pose: Pose) -> Bones:
        kind = self.frame.species
        body = pose.body
        half = kind.length / 2
        hip, chest = body[[HIP_X, HIP_Y]], body[[CHEST_X, CHEST_Y]]
        hip_turn, chest_turn = _turn(body[HIP_TURN]), _turn(body[CHEST_TURN])
        from_hip = hip + (self.trunk - [-half, kind.hip]) @ hip_turn
        from_chest = chest + (self.trunk - [half, kind.shoulder]) @ chest_turn
        trunk = from_chest + (from_hip - from_chest) * self.hip_share
        trunk[:, 1] += body[FLEX] * self.arch
        base = chest + np.array([0.15 * kind.breast, kind.withers - kind.neck_base - kind.shoulder]) @ chest_turn
        neck, core = self._neck(base, body[NECK], body[CURVE])
        nape = core[-1]
        sine, cosine = math.sin(body[HEAD]), math.cos(body[HEAD])
        head = np.array([[cosine, -sine], [sine, cosine]]) * kind.head
        outline = np.concatenate([trunk[:BACK], neck[0], nape + self.profile @ head, neck[1], trunk[BACK:]])
        np.maximum(outline[:, 1], 0.0, out=outline[:, 1])
        legs = self._legs(pose, hip, chest, hip_turn, chest_turn)
        return Bones(outline, legs, nape, head, hip, hip_turn, ribbon(core, self.core_widths))

    def _neck(self, base: Points, angle: float, curve: float) -> tuple[tuple[Points, Points], Points]:
        """Points of the crest, from the withers up, and of the throat, from the head down; and the neck's joints."""
        length = self.frame.species.neck / 3
        bend = angle + curve * np.array([1 / 3, 0.0, -1 / 3])
        along = np.stack([np.sin(bend), np.cos(bend)], 1)
        joints = base + np.cumsum(along, 0) * length
        facing = (along[:2] + along[1:]) * 0.5
        across = facing[:, ::-1] * np.array([-1.0, 1.0]) * self.neck_widths
        return (joints[:2] + across, (joints[:2] - across)[::-1]), np.concatenate([base[None], joints])

    def _legs(self, pose: Pose, hip: Points, chest: Points, hip_turn: Floats, chest_turn: Floats) -> Points:
        kind, limbs = self.frame.species, self.frame.limbs
        tops = np.where(HIND[:, None], hip, chest - [0.03, 0.0])
        tops[:, 0] += pose.legs[:, SWING]
        row = np.where(HIND, 0, 1)
        lengths = limbs.lengths[row] * self.frame.joint_heights[:, None]
        lean, slope = pose.legs[:, LEAN], pose.legs[:, SLOPE]
        if kind.biped:
            lengths = lengths * np.where(HIND, 1.0, 0.42)[:, None]
            tops = tops + np.where(HIND, 0.0, -1.0)[:, None] * [-0.02, 0.14]
        toe = pose.legs[:, [TOE_X, TOE_Y]]
        foot = np.stack([np.cos(slope), -np.sin(slope)], 1) * lengths[:, 3:]
        cannon = np.stack([np.sin(lean), np.cos(lean)], 1) * lengths[:, 2:3]
        wanted = toe - foot + cannon
        middle, low = _bend(tops, wanted, lengths[:, 0], lengths[:, 1], np.where(HIND, 1.0, -1.0))
        fetlock = low - cannon
        nodes = np.stack(
            [
                tops,
                (tops + middle) / 2,
                middle,
                (middle + low) / 2,
                low,
                (low + fetlock) / 2,
                fetlock,
                fetlock + foot,
            ],
            1,
        )
        return two_sided(nodes, self.leg_front, self.leg_back)


def build_body(frame: Frame, face: Face) -> Body:
    kind = frame.species
    points, hip_share, arch = _trunk(kind)
    shares = NECK_SHARES[:, None] ** 0.8
    front, back = _leg_widths(frame)
    return Body(
        frame=frame,
        trunk=points,
        hip_share=hip_share[:, None],
        arch=arch,
        profile=face.profile,
        neck_widths=kind.neck_base + (kind.neck_top - kind.neck_base) * shares,
        core_widths=np.linspace(0.80 * kind.neck_base, 0.84 * kind.neck_top, 4),
        leg_front=front,
        leg_back=back,
    )


def _trunk(kind: Species) -> tuple[Points, Floats, Floats]:
    """Points at rest, how much each hangs on the hip (else on the chest), and how much the arched back lifts it."""
    half, rump = kind.length / 2, kind.length / 2 + kind.buttock
    low = kind.withers - kind.chest
    # The breast lies below the lowest point under the neck, or the outline would cross itself.
    angle, third = kind.neck_angle + kind.neck_curve / 3 + LOWERED, kind.neck / 3
    width = kind.neck_base + (kind.neck_top - kind.neck_base) * NECK_SHARES[0] ** 0.8
    throat_x = half + 0.15 * kind.breast + third * math.sin(angle) + width * math.cos(angle)
    throat_y = kind.withers - kind.neck_base + third * math.cos(angle) - width * math.sin(angle)
    breast_y = max(low + 0.07, min(kind.withers - 0.56 * kind.chest, throat_y - 0.06))
    breast_x = half + kind.breast + 0.35 * max(0.0, throat_x - half - kind.breast)
    rows = [
        # over the back: root of the tail, croup, loin, back, withers
        (-rump * 0.985, kind.croup - 0.115, 1.0, 0.0),
        (-half - 0.25 * kind.buttock, kind.croup - 0.004, 1.0, 0.1),
        (-0.36 * half, (kind.croup + 1.0) / 2 - 0.8 * kind.sag, 0.68, 0.9),
        (0.26 * half, (kind.withers + 1.0) / 2 - kind.sag, 0.36, 1.0),
        (0.78 * half, kind.withers, 0.08, 0.25),
        # under it: breast, breastbone, girth, belly, flank, groin, buttock
        (breast_x, breast_y, 0.0, 0.0),
        (half + 0.15 * kind.breast, low + 0.035, 0.0, 0.0),
        (0.55 * half, low, 0.15, 0.2),
        (-0.10 * half, 1.0 - kind.belly, 0.5, 0.7),
        (-0.66 * half, kind.croup - kind.waist, 0.85, 0.5),
        (-half + 0.02, kind.croup - kind.waist + 0.02, 1.0, 0.0),
        (-rump * 0.975, kind.croup - 0.32, 1.0, 0.0),
    ]
    table = np.array(rows)
    return table[:, :2], table[:, 2], table[:, 3]


def _leg_widths(frame: Frame) -> tuple[Floats, Floats]:
    """Half widths of the four legs before and behind their spines, at their nodes."""
    kind, foot = frame.species, frame.limbs.foot
    bone, haunch, blade = kind.bone, kind.haunch, kind.blade
    # hip, thigh, stifle, gaskin, hock, cannon, fetlock, toe
    hind_front = [haunch, haunch * 0.94, haunch * 0.56, bone * 1.35, bone * 1.00, bone * 0.84, bone * 0.98, bone * foot]
    hind_back = [
        haunch * 0.94,
        haunch * 0.98,
        haunch * 0.90,
        bone * 1.95,
        bone * 1.20,
        bone * 0.80,
        bone * 1.00,
        bone * foot,
    ]
    # shoulder, arm, elbow, forearm, knee, cannon, fetlock, toe
    fore_front = [blade, blade * 0.92, blade * 0.58, bone * 1.25, bone * 1.04, bone * 0.80, bone * 0.95, bone * foot]
    fore_back = [blade, blade * 0.92, blade * 0.56, bone * 1.20, bone * 0.96, bone * 0.80, bone * 1.00, bone * foot]
    front, back = (np.array([hind, fore] * 2) for hind, fore in ((hind_front, fore_front), (hind_back, fore_back)))
    if not frame.limbs.hoofed:  # paws are flat below and round above
        back[:, -1] *= 0.85
    if kind.biped:
        front[~HIND] *= 0.62
        back[~HIND] *= 0.62
    return front, back


def _turn(angle: float) -> Floats:
    """Multiplied from the right, turns points anticlockwise."""
    sine, cosine = math.sin(angle), math.cos(angle)
    return np.array([[cosine, sine], [-sine, cosine]])


def _bend(top: Points, low: Points, upper: Floats, lower: Floats, side: Floats) -> tuple[Points, Points]:
    """The joint between two bones from `top` to `low`, forwards where `side` is positive.

    What is out of reach is drawn in: the second result is where `low` really comes to be.
    """
    away = low - top
    distance = np.sqrt(np.einsum("ij,ij->i", away, away))
    reach = np.clip(distance, np.abs(upper - lower) + 0.01, (upper + lower) * 0.9995)
    along = away / np.maximum(distance, 1e-6)[:, None]
    share = (upper**2 - lower**2 + reach**2) / (2 * reach)
    height = np.sqrt(np.maximum(upper**2 - share**2, 0.0)) * side
    across = along[:, ::-1] * np.array([-1.0, 1.0])
    middle = top + along * share[:, None] + across * height[:, None]
    return middle, top + along * reach[:, None]
