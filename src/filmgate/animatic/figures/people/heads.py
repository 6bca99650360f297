"""Heads: a profile that turns into a face, its features, hair and hats."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.people.clothes import INK, Cut, ribbon
from filmgate.animatic.figures.people.figure import Air, Drape
from filmgate.animatic.figures.people.rig import Corners, Piece, limb, on_head, oval, smooth, two_views
from filmgate.animatic.figures.people.skeleton import Frame, Stance
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.raster import Floats

# Outlines in half heads about the middle of the head, facing right; both views have as many corners, from the crown
# over the face to the chin and up the back.
SKULL_SIDE: Corners = (
    (0.05, 1.0), (0.46, 0.90), (0.73, 0.62), (0.80, 0.30), (0.77, 0.08), (0.97, -0.20), (0.80, -0.30), (0.79, -0.44),
    (0.74, -0.58), (0.74, -0.76), (0.52, -0.98), (0.06, -0.84), (-0.36, -0.62), (-0.72, -0.30), (-0.88, 0.12),
    (-0.80, 0.56), (-0.45, 0.91),
)  # fmt: skip
SKULL_FRONT: Corners = (
    (0.0, 1.0), (0.42, 0.92), (0.72, 0.62), (0.81, 0.30), (0.82, 0.08), (0.79, -0.20), (0.75, -0.32), (0.69, -0.48),
    (0.58, -0.66), (0.40, -0.86), (0.0, -1.0), (-0.40, -0.86), (-0.66, -0.56), (-0.80, -0.20), (-0.82, 0.12),
    (-0.73, 0.60), (-0.42, 0.92),
)  # fmt: skip
CAP_SIDE: Corners = (
    (0.84, 0.36), (0.72, 0.86), (0.22, 1.14), (-0.36, 1.10), (-0.82, 0.80), (-1.00, 0.26), (-0.90, -0.28),
    (-0.66, -0.56), (-0.36, -0.44), (-0.24, -0.04), (0.02, 0.10), (0.16, -0.02), (0.30, 0.36), (0.58, 0.50),
)  # fmt: skip
CAP_FRONT: Corners = (
    (0.88, -0.04), (0.92, 0.46), (0.64, 0.93), (0.22, 1.13), (-0.22, 1.13), (-0.64, 0.93), (-0.92, 0.46),
    (-0.88, -0.04), (-0.78, 0.02), (-0.70, 0.34), (-0.32, 0.54), (0.0, 0.50), (0.32, 0.54), (0.70, 0.34),
)  # fmt: skip
BACK_OF_HAIR = ((0.88, -0.40), (0.94, 0.30), (0.66, 0.94), (0.0, 1.15), (-0.66, 0.94), (-0.94, 0.30), (-0.88, -0.40),
                (-0.50, -0.66), (0.0, -0.60), (0.50, -0.66))  # fmt: skip


def head_pieces(cut: Cut) -> list[Piece]:
    """Neck, head, face, hair that does not swing, and hat."""
    skin = cut.skin
    neck = limb(((0.10, 0.022, 0.028), (0.5, 0.024, 0.026), (0.9, 0.026, 0.026)))
    skull = two_views(smooth(SKULL_SIDE, 34), smooth(SKULL_FRONT, 34))
    pieces = [
        Piece("neck", Frame.NECK, neck, skin * 0.93),
        Piece("head", Frame.SKULL, skull, skin),
        *_face(cut),
        *_hair(cut),
    ]
    hat = HATS.get(cut.hat or "")
    return pieces if hat is None else pieces + hat(cut)


def _face(cut: Cut) -> list[Piece]:
    skin, blush = cut.skin, mix(cut.skin, from_hex("d8584a"), 0.38)
    brow, lip = mix(cut.hair * 0.6, INK, 0.5), mix(cut.skin * 0.72, from_hex("a8323a"), 0.55)
    smile = np.array([(-0.19, 0.035), (-0.10, -0.035), (0.0, -0.06), (0.10, -0.035), (0.19, 0.035), (0.10, -0.085),
                      (0.0, -0.125), (-0.10, -0.085)])  # fmt: skip
    stroke = np.array([(-0.15, 0.02), (-0.05, 0.055), (0.06, 0.05), (0.17, -0.01), (0.06, 0.09), (-0.06, 0.095)])
    pieces = [
        Piece(
            "head", Frame.FACE, on_head(oval(0.085, 0.055, 0.0, -0.27, 10), 0.0, 0.86), skin * 0.86, False, azimuth=-0.5
        ),
        Piece("head", Frame.FACE, on_head(smile + np.array([0, -0.50]), 0.0, 0.80), lip, False, azimuth=0.0),
    ]
    for side in (1.0, -1.0):
        ear, cheek, eye = side * 1.72, side * 0.62, side * 0.40
        pieces += [
            Piece(
                "head", Frame.FACE, on_head(oval(0.15, 0.11, 0.0, -0.28, 12), cheek, 0.80), blush, False, azimuth=cheek
            ),
            Piece("head", Frame.FACE, on_head(oval(0.13, 0.21, 0.0, -0.06, 12), ear, 0.80), skin * 0.94, azimuth=ear),
            Piece("head", Frame.EYES, on_head(oval(0.090, 0.150, 0.0, 0.0, 14), eye, 0.82), INK, False, azimuth=eye),
            Piece(
                "head",
                Frame.EYES,
                on_head(oval(0.032, 0.045, 0.025, 0.06, 8), eye, 0.83),
                from_hex("ffffff"),
                False,
                azimuth=eye,
            ),
            Piece(
                "head",
                Frame.FACE,
                on_head(stroke * np.array([side, 1.0]) + np.array([0, 0.24]), eye, 0.84),
                brow,
                False,
                azimuth=eye,
            ),
        ]
    return pieces if cut.beard is None else [*pieces, _beard(cut.beard)]


def _beard(colour: Floats) -> Piece:
    side = ((0.62, -0.42), (0.80, -0.52), (0.80, -0.85), (0.55, -1.25), (0.10, -1.10), (-0.10, -0.70), (-0.10, -0.2),
            (0.1, -0.35))  # fmt: skip
    front = ((0.50, -0.40), (0.78, -0.10), (0.66, -0.80), (0.25, -1.30), (-0.25, -1.30), (-0.66, -0.80), (-0.78, -0.10),
             (-0.50, -0.40))  # fmt: skip
    return Piece("head", Frame.SKULL, two_views(smooth(side, 24), smooth(front, 24)), colour, azimuth=0.0)


def _hair(cut: Cut) -> list[Piece]:
    if cut.hair_style == "bald":
        return []
    hair = cut.hair
    cap = two_views(smooth(CAP_SIDE, 42), smooth(CAP_FRONT, 42))
    back = smooth(BACK_OF_HAIR, 30)
    pieces = [
        Piece("head", Frame.SKULL, cap, hair),
        Piece("head", Frame.SKULL, two_views(back, back), hair, azimuth=math.pi),
    ]
    match cut.hair_style:
        case "bun":
            knot = two_views(oval(0.36, 0.34, -0.80, 0.92, 18), oval(0.34, 0.30, 0.0, 1.22, 18))
            pieces.insert(0, Piece("head", Frame.SKULL, knot, hair * 0.92))
        case "topknot":
            knot = two_views(smooth(((-0.30, 1.0), (-0.10, 1.35), (-0.42, 1.42), (-0.62, 1.10)), 16),
                             smooth(((0.16, 1.0), (0.16, 1.34), (-0.16, 1.34), (-0.16, 1.0)), 16))  # fmt: skip
            pieces.append(Piece("head", Frame.SKULL, knot, hair * 0.9))
        case "bob":
            side = (
                (-0.15, 0.9),
                (-1.05, 0.5),
                (-1.08, -0.35),
                (-0.85, -0.78),
                (-0.30, -0.80),
                (0.05, -0.35),
                (0.10, 0.2),
            )
            front = ((0.55, 0.9), (0.98, 0.4), (1.02, -0.60), (0.0, -0.72), (-1.02, -0.60), (-0.98, 0.4), (-0.55, 0.9))
            pieces.insert(0, Piece("hair", Frame.SKULL, two_views(smooth(side, 28), smooth(front, 28)), hair * 0.9))
        case "curly" if cut.hat is None:
            for x, y, r in (
                (-0.75, 0.55, 0.42),
                (-0.30, 0.98, 0.42),
                (0.25, 1.02, 0.38),
                (-0.85, 0.0, 0.40),
                (0.62, 0.74, 0.30),
            ):
                pieces.append(
                    Piece("head", Frame.SKULL, two_views(oval(r, r, x, y, 14), oval(r, r, x * 1.15 + 0.1, y, 14)), hair)
                )
        case _:
            pass
    return pieces


def flowing_hair(cut: Cut) -> dict[str, Drape]:
    """Long hair and ponytails, which the wind and every step move."""
    if cut.hair_style not in ("long", "ponytail"):
        return {}
    hair = cut.hair * 0.94
    tail = cut.hair_style == "ponytail"

    def draw(stance: Stance, air: Air, part: int) -> list[Shape]:
        half = stance.bones.build.head
        away = -math.cos(stance.face_yaw)
        x, y = stance.head
        root = (x + away * half * (0.86 if tail else 0.22), y + half * (0.55 if tail else 0.35))
        length, width = half * (2.5 if tail else 3.1), half * (0.30 if tail else 0.78)
        return [Shape(ribbon(root, away, length, (width, width * (0.5 if tail else 0.75)), air), hair, part=part)]

    return {"hair": draw}


def _brim_hat(cut: Cut) -> list[Piece]:
    brim = oval(1.62, 0.15, 0.0, 0.56, 24)
    crown = smooth(
        (
            (0.82, 0.56),
            (0.78, 1.10),
            (0.45, 1.34),
            (0.0, 1.26),
            (-0.45, 1.34),
            (-0.78, 1.10),
            (-0.82, 0.56),
            (0.0, 0.50),
        ),
        32,
    )
    band = np.array([(0.83, 0.60), (0.82, 0.76), (-0.82, 0.76), (-0.83, 0.60)])
    return [
        Piece("hat", Frame.SKULL, two_views(crown, crown), cut.accent),
        Piece("hat", Frame.SKULL, two_views(band, band), cut.accent * 0.45, False),
        Piece("hat", Frame.SKULL, two_views(brim, brim), cut.accent),
    ]


def _sun_hat(cut: Cut) -> list[Piece]:
    return _brim_hat(replace(cut, accent=from_hex("d8bc82")))


def _peaked_cap(cut: Cut) -> list[Piece]:
    side = smooth(((0.86, 0.44), (0.76, 0.92), (0.20, 1.20), (-0.40, 1.16), (-0.90, 0.80), (-0.98, 0.36)), 30)
    front = smooth(((0.92, 0.44), (0.80, 0.92), (0.24, 1.20), (-0.24, 1.20), (-0.80, 0.92), (-0.92, 0.44)), 30)
    peak = smooth(((0.78, 0.52), (1.40, 0.40), (1.42, 0.32), (0.78, 0.36)), 20)
    visor = smooth(((0.70, 0.50), (0.55, 0.28), (-0.55, 0.28), (-0.70, 0.50)), 20)
    return [
        Piece("hat", Frame.SKULL, two_views(side, front), cut.accent),
        Piece("hat", Frame.SKULL, two_views(peak, visor), cut.accent * 0.8, azimuth=0.0),
    ]


def _beanie(cut: Cut) -> list[Piece]:
    dome = smooth(((0.90, 0.34), (0.84, 0.90), (0.36, 1.30), (-0.30, 1.32), (-0.88, 0.90), (-0.98, 0.26)), 30)
    hem = np.array([(0.93, 0.28), (0.93, 0.56), (-1.0, 0.52), (-1.0, 0.20)])
    pompon = oval(0.24, 0.24, -0.05, 1.46, 14)
    return [
        Piece("hat", Frame.SKULL, two_views(pompon, pompon), from_hex("f2ede2")),
        Piece("hat", Frame.SKULL, two_views(dome, dome), cut.accent),
        Piece("hat", Frame.SKULL, two_views(hem, hem), cut.accent * 0.78),
    ]


def _straw_hat(cut: Cut) -> list[Piece]:
    cone = smooth(
        ((1.75, 0.42), (0.9, 0.86), (0.12, 1.45), (-0.12, 1.45), (-0.9, 0.86), (-1.75, 0.42), (0.0, 0.26)), 35
    )
    straw = from_hex("c9a868")
    return [Piece("hat", Frame.SKULL, two_views(cone, cone), straw)]


def _wizard_hat(cut: Cut) -> list[Piece]:
    cone = smooth(
        (
            (0.92, 0.50),
            (0.66, 1.20),
            (0.18, 2.2),
            (-0.46, 3.05),
            (-0.60, 2.96),
            (-0.30, 2.1),
            (-0.74, 1.2),
            (-0.94, 0.50),
        ),
        40,
    )
    brim = smooth(((1.75, 0.36), (0.9, 0.66), (-0.9, 0.66), (-1.85, 0.44), (-0.9, 0.36), (0.9, 0.32)), 30)
    band = np.array([(0.93, 0.62), (0.86, 0.84), (-0.88, 0.84), (-0.95, 0.62)])
    return [
        Piece("hat", Frame.SKULL, two_views(cone, cone), cut.top),
        Piece("hat", Frame.SKULL, two_views(band, band), from_hex("d2a83e"), False),
        Piece("hat", Frame.SKULL, two_views(brim, brim), cut.top * 0.92),
    ]


HATS: Mapping[str, Callable[[Cut], list[Piece]]] = MappingProxyType(
    {
        "brim": _brim_hat,
        "straw_brim": _sun_hat,
        "cap": _peaked_cap,
        "beanie": _beanie,
        "straw": _straw_hat,
        "wizard": _wizard_hat,
    }
)
