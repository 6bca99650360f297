"""What hangs on an animal and moves by itself: tail, trunk, ears, mane, horns, eyes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.figures.animals.quadruped import Bones
from filmgate.animatic.figures.animals.species import NONE, Anatomy, Species, Tail
from filmgate.animatic.figures.animals.splines import Loop, loop_through, ribbon
from filmgate.animatic.raster import Floats, Points

LINKS = 7  # of a tail or a trunk
TAIL_TUFT = 4.4  # the link from which a tail has hair of another colour
TAIL_TIP = 4.7
TRUNK_ROOT = (0.70, -0.20)  # on the head
EAR_TIP = 0.60  # of an ear's length
LOCKS = 7  # of a mane
FLICK_SECONDS = 3.7

_ALONG = np.linspace(0.0, 1.0, LINKS - 1)
_LOCK_SHARES = np.linspace(0.0, 1.0, LOCKS)
_TURN = np.linspace(0, 2 * math.pi, 17)[:-1]
CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)], 1)


@dataclass(frozen=True, slots=True)
class Mood:
    """How lively a body is at one moment: `drive` 0 at rest to 1 at a run; `up` -1 tail laid down, 1 held out."""

    seconds: float
    phase: float  # radians, one turn a stride
    drive: float
    up: float
    sleep: float
    gust: float  # wind in its hair


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A tail or trunk: a smooth outline around a row of links."""

    tail: Tail
    smooth: Floats
    tip: Floats

    def outline(self, spine: Points, width: float) -> tuple[Points, Points]:
        """The whole, and its end."""
        around = ribbon(spine, self.tail.widths * width)
        return self.smooth @ around, self.tip @ around


def build_chain(tail: Tail, tip_from: float, steps: int = 4) -> Chain:
    loop = Loop(np.ones(2 * LINKS + 2))
    end = np.linspace(tip_from, 2 * LINKS - tip_from, 17)
    return Chain(tail, loop.outline(steps), loop.rows(end))


def tail_spine(kind: Species, flow: float, bones: Bones, mood: Mood) -> Points:
    root = bones.hip + np.array([0.05 - kind.buttock, kind.croup - 0.085 - kind.hip]) @ bones.hip_turn
    share = _ALONG
    if kind.wags:
        wave = 0.28 * np.sin(6.2 * mood.seconds - 1.6 * share) * share
    else:
        wave = 0.17 * np.sin(1.5 * mood.seconds - 2.4 * share) * share * flow
        wave = wave + 0.15 * mood.gust * flow * np.sin(2.9 * mood.seconds - 3.5 * share) * share
    if not kind.tail_stiff:
        wave = wave + 0.16 * mood.drive * np.sin(mood.phase - 2.6 * share) * (0.3 + share) * flow
    raised = mood.up * (0.85 if mood.up > 0 else 0.0) * (1 - 0.35 * share) * min(1.0, flow)
    if kind.tail_stiff:
        raised = raised * 0.2
    angle = kind.tail_angle + kind.tail_curl * share**1.4 + wave
    # A tail held out comes nearer to level; one laid down follows the ground.
    angle = angle + raised * np.clip(1.45 - angle, -0.6, 1.0)
    if mood.up < 0:
        angle = angle + -mood.up * (np.clip(1.25 + 0.25 * share, 0, 1.5) - angle)
    links = np.stack([-np.sin(angle), -np.cos(angle)], 1) * (kind.tail / (LINKS - 1))
    spine = np.concatenate([root[None], root + np.cumsum(links, 0)])
    np.maximum(spine[:, 1], 0.02, out=spine[:, 1])
    return spine


def trunk_spine(kind: Species, bones: Bones, mood: Mood) -> Points:
    """Hanging, swinging a little, its end curled forwards."""
    root = bones.nape + np.array(TRUNK_ROOT) @ bones.head
    share = _ALONG
    swing = 0.16 * math.sin(0.9 * mood.seconds) + 0.07 * mood.drive * math.sin(mood.phase)
    curl = 0.85 + 0.45 * math.sin(0.7 * mood.seconds + 1.0)
    angle = 0.42 - 0.72 * share + swing * share + curl * share**3 * 1.5
    links = np.stack([np.sin(angle), -np.cos(angle)], 1) * (kind.trunk / (LINKS - 1))
    spine = np.concatenate([root[None], root + np.cumsum(links, 0)])
    np.maximum(spine[:, 1], 0.04, out=spine[:, 1])
    return spine


def ear(kind: Species, shape: Points, bones: Bones, mood: Mood, *, far: bool) -> Points:
    """One ear; it flicks now and then, never both at once."""
    cycle = (mood.seconds / FLICK_SECONDS + (0.37 if far else 0.0)) % 1.0
    flick = math.exp(-(((cycle - 0.5) / 0.035) ** 2)) * math.sin(cycle * 90.0)
    angle = kind.ear_angle + 0.22 * flick + 0.20 * mood.drive + (-0.14 if far else 0.05)
    breadth = 1.0
    if kind.ear_shape == "fan":  # an elephant's, which fans
        breadth = 0.86 + 0.16 * math.sin(1.9 * mood.seconds + (0.5 if far else 0.0))
        angle = kind.ear_angle + 0.10 * math.sin(1.9 * mood.seconds)
    elif kind.ear_shape == "flop":
        angle = kind.ear_angle + 0.10 * mood.drive * math.sin(mood.phase) + 0.05 * flick
    sine, cosine = math.sin(angle), math.cos(angle)
    scale = kind.ear / kind.head
    turned = (shape * [breadth * scale, scale]) @ np.array([[cosine, sine], [-sine, cosine]])
    at = np.array(kind.ear_at) + ([0.10, -0.005] if far else [0.0, 0.0])
    return bones.nape + (turned + at) @ bones.head


def horn(outline: Points, bones: Bones, *, far: bool) -> Points:
    """The far one stands a little before the near one, and seems slimmer."""
    placed = outline * [0.92, 0.97] + [0.075, 0.01] if far else outline
    return bones.nape + placed @ bones.head


def mane_locks(roots: Points, inner: Points, length: float, mood: Mood) -> Points:
    """Hair that falls from the crest: `roots` along it from the withers up, `inner` where it ends at rest."""
    share = _LOCK_SHARES
    wave = np.sin(2.1 * mood.seconds + 5.0 * share) * (0.25 + 0.3 * mood.gust)
    stride = np.sin(mood.phase - 3.0 * share)
    blown = mood.drive * (0.75 + 0.25 * stride) + 0.25 * mood.gust * (0.6 + 0.4 * wave)
    back = np.stack([-(0.85 + 0.1 * wave), 0.18 + 0.30 * stride * mood.drive - 0.1 * share], 1) * length
    tips = roots + (inner - roots) * (1 - 0.75 * blown)[:, None] + back * (0.16 + blown)[:, None]
    tips[:, 0] += 0.012 * wave
    # Between two tips the edge runs back towards the crest.
    edge = np.empty((2 * LOCKS - 1, 2))
    edge[::2] = tips
    edge[1::2] = 0.40 * (tips[:-1] + tips[1:]) + 0.10 * (roots[:-1] + roots[1:])
    return np.concatenate([roots, _MANE_EDGE @ edge[::-1]])


_MANE_EDGE = Loop(np.ones(2 * LOCKS - 1)).rows(np.linspace(0, 2 * LOCKS - 2.001, 4 * LOCKS))
RUFF_LAYERS = 3
_RUFF_TEETH = 13
_RUFF_SMOOTH = Loop(np.ones(2 * _RUFF_TEETH)).outline(3)


def ruff(bones: Bones, radius: float, mood: Mood, layer: int) -> Points:
    """A layer of a lion's mane round the head, long below and behind; the innermost comes last."""
    turn = np.linspace(0, 2 * math.pi, 2 * _RUFF_TEETH + 1)[:-1] + 0.16 * layer
    ragged = 1 + 0.05 * np.cos(_RUFF_TEETH * turn) + 0.03 * np.sin(3 * turn + 1.9 * mood.seconds + 0.3 * mood.phase)
    back = np.cos(turn - math.pi * 1.22)  # 1 behind and below
    reach = radius * ragged * (0.86 + 0.24 * np.maximum(0, back) - 0.20 * np.maximum(0, -back))
    reach = reach * (1.0 - 0.15 * layer)
    offset = np.stack([np.cos(turn), np.sin(turn)], 1) * reach[:, None]
    offset -= radius * np.array([0.22 + 0.10 * mood.drive, 0.20])
    locks = _RUFF_SMOOTH @ (np.array([0.16, -0.04]) @ bones.head + bones.nape + offset)
    np.maximum(locks[:, 1], 0.01, out=locks[:, 1])
    return locks


def eye(at: Floats, bones: Bones, mood: Mood) -> Points:
    """Blinks, and is a line in sleep."""
    blink = math.exp(-(((mood.seconds % 4.3) - 2.6) ** 2) / 0.006)
    open_share = max(0.18, 1.0 - max(blink, mood.sleep))
    return bones.nape + (at[:2] + CIRCLE * [at[2], at[2] * open_share]) @ bones.head


def nose(at: Floats, bones: Bones) -> Points:
    return bones.nape + (at[:2] + CIRCLE * [at[2], at[2] * 0.85]) @ bones.head


def forelock(bones: Bones, mood: Mood) -> Points:
    blown = 0.10 * mood.drive + 0.03 * math.sin(1.7 * mood.seconds)
    tuft = np.array(
        [[-0.06, 0.17], [0.06, 0.26], [0.22, 0.235], [0.40 - blown, 0.12 + blown], [0.20, 0.12], [0.02, 0.10]]
    )
    return bones.nape + _FORELOCK @ tuft @ bones.head


_FORELOCK = Loop(np.ones(6)).outline(3)


def beard(bones: Bones) -> Points:
    tuft = np.array([[0.62, -0.16], [0.82, -0.15], [0.76, -0.36], [0.64, -0.52], [0.62, -0.34]])
    return bones.nape + tuft @ bones.head


def smooth(outline: Points, steps: int = 4) -> Points:
    """An outline from the tables, its corners rounded once and for all."""
    return loop_through(outline).outline(steps) @ outline


def ear_end(outline: Points) -> Points:
    """The tip of an ear."""
    return np.stack([outline[:, 0], np.maximum(outline[:, 1], EAR_TIP)], 1)


def shapes_of_head(kind: Species, tables: Anatomy) -> tuple[Points | None, Points | None]:
    """The outlines of an ear and a horn, in their own units, if it has them."""
    ear_outline = smooth(tables.ears[kind.ear_shape]) if kind.ear > 0 else None
    horn_outline = smooth(tables.horns[kind.horns], 3) if kind.horns != NONE else None
    return ear_outline, horn_outline
