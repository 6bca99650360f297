"""How four feet fall: footfall patterns, and where each foot is at any share of the stride.

While a foot is down it stays where it is: seen from the body it moves backwards at the speed of the ground.
Legs come in one order everywhere: far hind, far fore, near hind, near fore.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.raster import Floats

HIND = np.array([True, False, True, False])
_LIFT_PEAK = 0.42  # of the swing, when the foot is highest


@dataclass(frozen=True, slots=True)
class Footfall:
    """One way of going. Amplitudes in heights of the back and radians; `peak`s are shares of the stride."""

    offsets: tuple[float, float, float, float]  # when each foot comes down
    duty: float  # share of the stride that each foot is down
    lift: float  # of the foot in its swing
    fold: tuple[float, float]  # by how much hind and fore cannons fold back in their swing
    bob: float  # of the whole body
    bobs: float  # in one stride
    bob_peak: float
    rise: float  # of the body over standing
    pitch: float = 0.0  # of the chest over the hip
    pitch_peak: float = 0.0
    flex: float = 0.0  # arching of the back
    flex_peak: float = 0.0
    nod: float = 0.0  # of the head


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The four feet at one moment, relative to where they stand at rest."""

    along: Floats  # forwards
    lift: Floats
    swing: Floats  # 0 while the foot is down, 1 in the middle of its flight


@dataclass(frozen=True, slots=True)
class Sway:
    """What the stride does to the body."""

    rise: float
    pitch: float
    flex: float
    nod: float


def steps(footfall: Footfall, cycle: float, stride: float) -> Steps:
    """Where the feet are at `cycle` strides, each `stride` long."""
    share = np.mod(cycle - np.array(footfall.offsets), 1.0)
    duty = footfall.duty
    down = share < duty
    half = 0.5 * stride * duty
    swing = np.clip((share - duty) / (1 - duty), 0.0, 1.0)
    # A cubic that leaves and meets the ground at the ground's own speed.
    slope = -stride * (1 - duty)
    squared, cubed = swing * swing, swing * swing * swing
    ahead = (
        -half * (2 * cubed - 3 * squared + 1)
        + slope * (cubed - 2 * squared + swing)
        + half * (3 * squared - 2 * cubed)
        + slope * (cubed - squared)
    )
    along = np.where(down, half - stride * share, ahead)
    warped = swing ** (math.log(0.5) / math.log(_LIFT_PEAK))
    flight = np.where(down, 0.0, np.sin(np.pi * warped) ** 2)
    return Steps(along, flight * (footfall.lift + 2 * max(0.0, footfall.rise)), flight)


def sway(footfall: Footfall, cycle: float) -> Sway:
    turn = 2 * math.pi
    return Sway(
        rise=footfall.rise + footfall.bob * math.cos(turn * (footfall.bobs * (cycle - footfall.bob_peak))),
        pitch=footfall.pitch * math.cos(turn * (cycle - footfall.pitch_peak)),
        flex=footfall.flex * math.cos(turn * (cycle - footfall.flex_peak)),
        nod=footfall.nod * math.cos(turn * (2 * cycle if footfall.bobs > 1 else cycle - footfall.pitch_peak)),
    )


GAITS: Mapping[str, Footfall] = MappingProxyType(
    {
        # Four beats: hind foot, then the fore foot of that side.
        "walk": Footfall(
            (0.0, 0.25, 0.5, 0.75),
            duty=0.62, lift=0.075, fold=(0.30, 0.62), bob=0.009, bobs=2, bob_peak=0.16, rise=-0.008, nod=0.035,
        ),
        # A walk in a hurry, for what is too heavy to leave the ground.
        "amble": Footfall(
            (0.0, 0.22, 0.5, 0.72),
            duty=0.52, lift=0.10, fold=(0.40, 0.75), bob=0.016, bobs=2, bob_peak=0.12, rise=-0.008, nod=0.05,
        ),
        # Diagonal pairs.
        "trot": Footfall(
            (0.0, 0.5, 0.5, 0.0),
            duty=0.42, lift=0.12, fold=(0.50, 0.95), bob=0.022, bobs=2, bob_peak=0.47, rise=0.006, nod=0.03,
        ),
        # Both legs of one side.
        "pace": Footfall(
            (0.0, 0.06, 0.5, 0.56),
            duty=0.44, lift=0.11, fold=(0.45, 0.85), bob=0.020, bobs=2, bob_peak=0.48, rise=0.004, nod=0.05,
        ),
        # Hind feet, fore feet, and a flight with the legs gathered.
        "gallop": Footfall(
            (0.0, 0.40, 0.13, 0.54),
            duty=0.27, lift=0.15, fold=(0.75, 1.45), bob=0.030, bobs=1, bob_peak=0.90, rise=0.012,
            pitch=0.060, pitch_peak=0.22, flex=0.050, flex_peak=0.93, nod=0.10,
        ),
        # Two hind feet throw it, two fore feet catch it.
        "hop": Footfall(
            (0.0, 0.52, 0.03, 0.60),
            duty=0.30, lift=0.10, fold=(0.25, 0.60), bob=0.065, bobs=1, bob_peak=0.46, rise=0.062,
            pitch=0.19, pitch_peak=0.28, flex=0.07, flex_peak=0.92,
        ),
        "jump": Footfall(
            (0.0, 0.70, 0.04, 0.76),
            duty=0.30, lift=0.10, fold=(0.70, 1.20), bob=0.150, bobs=1, bob_peak=0.50, rise=0.120,
            pitch=0.26, pitch_peak=0.36, flex=0.04, flex_peak=0.0,
        ),
        # Two legs; the fore ones hang.
        "stride": Footfall(
            (0.0, 0.25, 0.5, 0.75),
            duty=0.58, lift=0.12, fold=(0.42, 0.10), bob=0.014, bobs=2, bob_peak=0.20, rise=-0.012, nod=0.045,
        ),
    }
)  # fmt: skip
