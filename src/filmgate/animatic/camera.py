"""The camera. Travelling moves it through the scene, so near things pass faster; the lens turns and frames the picture.

The two are kept apart because only travel gives parallax, and only the lens can move the horizon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from filmgate.animatic.raster import Canvas, Matrix

EASE_SHARE = 0.18  # of the clip, at either end
SWAY_HZ = (0.30, 0.59, 0.37, 0.65, 0.22)
ZOOM_AIM = 0.25  # below the middle, in frame heights
SAMPLES_FOR_MARGIN = 96
MARGIN_RESERVE = 0.004  # a hand-held lens may lean further between two samples

LENS_VERBS = frozenset({"pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out", "roll", "handheld"})
TRAVEL_VERBS = frozenset({"push", "pull", "orbit", "drift", "truck_left", "truck_right", "crane", "static"})
VERBS = LENS_VERBS | TRAVEL_VERBS


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
        view, eased = View(), ease(progress)
        for verb in self.verbs:
            view = _add(view, verb, eased, seconds, self.phase)
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
    if not LENS_VERBS.intersection(move.verbs):
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


def _add(view: View, verb: str, eased: float, seconds: float, phase: float) -> View:
    centred = eased - 0.5
    match verb:
        case "push":
            return replace(view, forward=view.forward + 0.20 * eased)
        case "pull":
            return replace(view, forward=view.forward + 0.20 * (1 - eased))
        case "drift":
            return replace(view, travel_x=view.travel_x + 0.045 * centred, forward=view.forward + 0.05 * eased)
        case "truck_left" | "truck_right":
            direction = 1 if verb == "truck_right" else -1
            return replace(view, travel_x=view.travel_x + direction * 0.16 * centred)
        case "orbit":
            angle = centred * math.pi
            nearer = 0.05 * math.cos(angle)
            return replace(view, travel_x=view.travel_x + 0.085 * math.sin(angle), forward=view.forward + nearer)
        case "crane":
            return replace(view, travel_y=view.travel_y + 0.10 * eased, forward=view.forward + 0.05 * eased)
        case "pan_left" | "pan_right":
            direction = 1 if verb == "pan_right" else -1
            pan = view.pan + direction * 0.14 * centred
            return replace(view, pan=pan, travel_x=view.travel_x + direction * 0.03 * centred)
        case "tilt_up" | "tilt_down":
            return replace(view, tilt=view.tilt + (1 if verb == "tilt_up" else -1) * 0.14 * centred)
        case "zoom_in" | "zoom_out":
            zoom = 1 + 0.26 * (eased if verb == "zoom_in" else 1 - eased)
            # Closing in on the lower part of the frame keeps the feet of whoever stands there.
            return replace(view, zoom=view.zoom * zoom, tilt=view.tilt - ZOOM_AIM * (1 - 1 / zoom))
        case "roll":
            return replace(view, roll=view.roll + 0.10 * centred)
        case "handheld":
            return _shaken(view, seconds, phase)
        case _:
            return view


def _shaken(view: View, seconds: float, phase: float) -> View:
    turns = [math.sin(2 * math.pi * hertz * seconds + phase * (index + 1)) for index, hertz in enumerate(SWAY_HZ)]
    return replace(
        view,
        pan=view.pan + 0.0045 * (turns[0] + 0.6 * turns[1]),
        tilt=view.tilt + 0.0055 * (turns[2] + 0.6 * turns[3]),
        roll=view.roll + 0.0035 * turns[4],
    )
