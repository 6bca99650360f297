"""The camera. Travelling moves it through the scene, so near things pass faster; the lens turns and frames the picture.

The two are kept apart because only travel gives parallax, and only the lens can move the horizon.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType

import numpy as np

from filmgate.animatic.raster import Canvas, Matrix

EASE_SHARE = 0.18  # of the clip, at either end
SWAY_HZ = (0.30, 0.59, 0.37, 0.65, 0.22)
ZOOM_AIM = 0.25  # below the middle, in frame heights
SAMPLES_FOR_MARGIN = 96
MARGIN_RESERVE = 0.004  # a hand-held lens may lean further between two samples

# Verbs that only travel through the scene, and so never show its edge.
TRAVEL_VERBS = frozenset(
    {"push", "pull", "orbit", "drift", "truck_left", "truck_right", "crane_up", "crane_down", "static"}
)


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera is and how it looks at one moment. At rest everything is zero and `zoom` is one."""

    travel_x: float = 0.0  # to the right, in frame widths
    travel_y: float = 0.0  # upwards, in frame bases
    forward: float = 0.0  # by how much the nearest things grow
    pan: float = 0.0  # to the right, in frame widths
    tilt: float = 0.0  # upwards, in frame heights
    zoom: float = 1.0
    roll: float = 0.0  # radians, clockwise on screen


@dataclass(frozen=True, slots=True)
class Move:
    """A camera move: verbs that act together over the whole clip. `phase` makes the hand of each seed its own."""

    verbs: tuple[str, ...]
    phase: float = 0.0

    def view(self, progress: float, seconds: float) -> View:
        """The camera at `progress` 0..1 through the clip, `seconds` after its start."""
        step, view = _Step(ease(progress), seconds, self.phase), View()
        for verb in self.verbs:
            view = _joined(view, _MOVES[verb](step))
        return view


def ease(progress: float) -> float:
    """Gentle ends, steady middle: the camera never starts or stops dead."""
    if progress < EASE_SHARE:
        moved = progress**2 / (2 * EASE_SHARE)
    elif progress > 1 - EASE_SHARE:
        moved = 1 - EASE_SHARE - (1 - progress) ** 2 / (2 * EASE_SHARE)
    else:
        moved = progress - EASE_SHARE / 2
    return moved / (1 - EASE_SHARE)


def plane_matrix(canvas: Canvas, horizon: float, depth: float, view: View) -> Matrix:
    """Screen from rest for a flat plane at `depth` (0: infinitely far, 1: at the camera)."""
    grow = 1 + view.forward * depth
    shift_x = -view.travel_x * depth * canvas.width
    shift_y = view.travel_y * depth * canvas.base
    middle = canvas.width / 2
    return np.array([[grow, 0.0, middle * (1 - grow) + shift_x], [0.0, grow, horizon * (1 - grow) + shift_y]])


def lens_matrix(output: Canvas, drawn: Canvas, pixels_per_output_pixel: float, view: View) -> Matrix:
    """Output from drawn canvas: centre on what the lens looks at, then scale and turn."""
    size = view.zoom / pixels_per_output_pixel
    cosine, sine = math.cos(view.roll) * size, math.sin(view.roll) * size
    look_x = drawn.width / 2 + view.pan * output.width * pixels_per_output_pixel
    look_y = drawn.height / 2 - view.tilt * output.height * pixels_per_output_pixel
    return np.array(
        [
            [cosine, -sine, output.width / 2 - cosine * look_x + sine * look_y],
            [sine, cosine, output.height / 2 - sine * look_x - cosine * look_y],
        ]
    )


def margin(move: Move, output: Canvas, duration_seconds: float) -> float:
    """How many times larger than the output the canvas must be so that the lens never sees past its edge."""
    if TRAVEL_VERBS.issuperset(move.verbs):
        return 1.0
    needed = 1.0
    for step in range(SAMPLES_FOR_MARGIN + 1):
        progress = step / SAMPLES_FOR_MARGIN
        view = move.view(progress, progress * duration_seconds)
        cosine, sine = math.cos(view.roll) / view.zoom, math.sin(view.roll) / view.zoom
        for side_x, side_y in product((-0.5, 0.5), repeat=2):
            corner_x, corner_y = side_x * output.width, side_y * output.height
            x = (cosine * corner_x + sine * corner_y) / output.width + view.pan
            y = (cosine * corner_y - sine * corner_x) / output.height - view.tilt
            needed = max(needed, abs(x) * 2, abs(y) * 2)
    return needed + MARGIN_RESERVE


@dataclass(frozen=True, slots=True)
class _Step:
    """How far a move has come: `eased` 0..1 over the clip, `centred` -0.5..0.5."""

    eased: float
    seconds: float
    phase: float

    @property
    def centred(self) -> float:
        return self.eased - 0.5


def _joined(first: View, second: View) -> View:
    """Two moves at once."""
    return View(
        travel_x=first.travel_x + second.travel_x,
        travel_y=first.travel_y + second.travel_y,
        forward=first.forward + second.forward,
        pan=first.pan + second.pan,
        tilt=first.tilt + second.tilt,
        zoom=first.zoom * second.zoom,
        roll=first.roll + second.roll,
    )


def _orbit(step: _Step) -> View:
    angle = step.centred * math.pi
    return View(travel_x=0.085 * math.sin(angle), forward=0.05 * math.cos(angle))


def _pan(step: _Step, direction: float) -> View:
    return View(pan=direction * 0.14 * step.centred, travel_x=direction * 0.03 * step.centred)


def _zoom(share: float) -> View:
    """Closing in on the lower part of the frame keeps the feet of whoever stands there."""
    zoom = 1 + 0.26 * share
    return View(zoom=zoom, tilt=-ZOOM_AIM * (1 - 1 / zoom))


def _aerial(step: _Step) -> View:
    """A glide with a gentle bank, as a drone has it."""
    bank = 0.018 * math.sin(2 * math.pi * step.eased + step.phase)
    return View(forward=0.24 * step.eased, travel_x=0.05 * step.centred, roll=bank)


def _dolly_zoom(step: _Step) -> View:
    """Closing in while the lens widens: what is near keeps its size, what is far falls back."""
    return View(forward=0.26 * step.eased, zoom=1 + 0.20 * (1 - step.eased))


def _tracking(step: _Step) -> View:
    return replace(_handheld(step, 0.5), travel_x=0.20 * step.centred)


def _handheld(step: _Step, strength: float = 1.0) -> View:
    turns = [
        math.sin(2 * math.pi * hertz * step.seconds + step.phase * (index + 1)) for index, hertz in enumerate(SWAY_HZ)
    ]
    return View(
        pan=strength * 0.0045 * (turns[0] + 0.6 * turns[1]),
        tilt=strength * 0.0055 * (turns[2] + 0.6 * turns[3]),
        roll=strength * 0.0035 * turns[4],
    )


_MOVES: Mapping[str, Callable[[_Step], View]] = MappingProxyType(
    {
        "static": lambda step: View(),
        "push": lambda step: View(forward=0.20 * step.eased),
        "pull": lambda step: View(forward=0.20 * (1 - step.eased)),
        "drift": lambda step: View(travel_x=0.045 * step.centred, forward=0.05 * step.eased),
        "truck_left": lambda step: View(travel_x=-0.16 * step.centred),
        "truck_right": lambda step: View(travel_x=0.16 * step.centred),
        "orbit": _orbit,
        "crane_up": lambda step: View(travel_y=0.10 * step.eased, forward=0.05 * step.eased),
        "crane_down": lambda step: View(travel_y=0.10 * (1 - step.eased), forward=0.05 * step.eased),
        "aerial": _aerial,
        "tracking": _tracking,
        "dolly_zoom": _dolly_zoom,
        "pan_left": lambda step: _pan(step, -1),
        "pan_right": lambda step: _pan(step, 1),
        "tilt_up": lambda step: View(tilt=0.14 * step.centred),
        "tilt_down": lambda step: View(tilt=-0.14 * step.centred),
        "zoom_in": lambda step: _zoom(step.eased),
        "zoom_out": lambda step: _zoom(1 - step.eased),
        "roll": lambda step: View(roll=0.10 * step.centred),
        "handheld": _handheld,
    }
)
VERBS = frozenset(_MOVES)
