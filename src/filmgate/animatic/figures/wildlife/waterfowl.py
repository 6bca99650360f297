"""Ducks and swans afloat."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, draw_cutout, mirrored, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, point, standing
from filmgate.animatic.figures.role import Casting, Member, Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.figures.wildlife.birds import formation
from filmgate.animatic.figures.wildlife.troupe import showing_colours, submerged
from filmgate.animatic.raster import Floats, Pixels, multiply, then, triple
from filmgate.animatic.scene import START_SECONDS, Moment

REFLECTION, SQUAT = 0.42, 0.72  # how bright the mirror image is, and how much lower than the bird
BLACK = from_hex("0c0c0e")


@dataclass(frozen=True, slots=True, eq=False)
class Paddler:
    """A bird afloat: it bobs, leaves a wake and is mirrored in the water."""

    where: str
    setting: Setting
    bird: Cutout
    image: Cutout | None
    wake: Cutout | None
    size: float
    x: float
    y: float
    speed: float
    facing: float
    middle: float
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        view = self.setting.screen(moment.view)
        # Every stroke of the feet pushes it on a little.
        along = self.speed * (seconds - self.middle) + 0.010 * math.sin(4.4 * seconds + self.phase)
        x = self.x + self.facing * along * self.size
        bob = 0.012 * self.size * math.sin(1.7 * seconds + self.phase)
        lean = 0.022 * math.sin(1.3 * seconds + 2 * self.phase)
        body = then(standing(x, self.y + bob, self.size, self.facing, lean), view)
        if self.image is not None:
            ripple = SQUAT + 0.03 * math.sin(2.3 * seconds + self.phase)
            mirror = np.array([[1.0, 0.0, 0.0], [0.0, -ripple, 0.0]])
            self.image.paint(target, then(mirror, body))
        if self.wake is not None:
            spread = 1 + 0.05 * math.sin(1.9 * seconds)
            flat = np.array([[spread, 0.0, 0.0], [0.0, spread, -0.008]])
            self.wake.paint(target, then(flat, then(standing(x, self.y, self.size, self.facing), view)))
        self.bird.paint(target, body)


def paddling(kind: str) -> Casting:
    """A casting for birds that float; where there is no water they rest on the ground, or fly."""

    def cast(role: Role) -> Sequence[Actor]:
        if role.where == "air":
            return formation(kind)(role)
        rng = role.rng
        facing = 1.0 if rng.uniform() < 0.5 else -1.0
        count = role.subject.count
        return [
            _paddler(Member(role, index, facing, float(rng.uniform(0, 6.28)), index), kind) for index in range(count)
        ]

    return cast


def _paddler(member: Member, kind: str) -> Paddler:
    role = member.role
    afloat = role.where == "water"
    light = showing_colours(mirrored(submerged(role), member.facing), 0.62)
    size = role.size * (0.80 if kind == "swan" else 0.50) * (1 - 0.10 * (member.index % 3))
    pieces = _swan() if kind == "swan" else _drake() if member.index % 2 == 0 else _hen()
    bird = draw_cutout(pieces, light, size)
    pond = mix(role.brief.palette.haze, role.brief.palette.light, 0.3)
    return Paddler(
        where=role.where,
        setting=role.setting,
        bird=bird if not afloat else _above(bird),
        image=_dimmed(_above(bird)) if afloat else None,
        wake=draw_cutout(_wake(pond), light, size) if afloat else None,
        size=size,
        x=member.x,
        y=role.y + (0.05 * role.size * (member.index % 2) if afloat else 0.0),
        speed=min(0.22, 0.25 * role.canvas.width / size / max(1.5, role.brief.duration_seconds))
        if role.where != "ground"
        else 0.0,
        facing=member.facing,
        middle=role.middle,
        phase=member.phase,
    )


def _above(bird: Cutout) -> Cutout:
    """What shows above the water line, y = 0."""
    rows = max(2, int(np.searchsorted(-bird.rows, 0.0)) + 1)
    return Cutout(np.ascontiguousarray(bird.pixels[:rows]), bird.to_units)


def _dimmed(bird: Cutout) -> Cutout:
    """Paler the higher above the water."""
    fade = np.interp(bird.rows, [0.0, 0.75], [REFLECTION, 0.10])
    mask = np.repeat((fade * 255).astype(np.uint8)[:, None], bird.pixels.shape[1], 1)
    colour = multiply(np.ascontiguousarray(bird.pixels[..., :3]), triple(mask))
    return Cutout(np.dstack([colour, multiply(np.ascontiguousarray(bird.pixels[..., 3]), mask)]), bird.to_units)


def _swan() -> list[Piece]:
    """The water line at y = 0, the neck an S."""
    white, shade = from_hex("f6f5f1"), from_hex("c4ccd6")
    body = trace(".34,.02 .37,.13 .3,.23 .1,.25 -.12,.27 -.36,.26 -.55,.32 -.5,.2 -.42,.06 -.3,-.06 .1,-.09 .28,-.06")
    neck = trace(
        ".2,.14 .3,.24 .265,.4 .225,.54 .255,.67 .345,.725 .43,.7 .47,.655 .445,.635 .4,.645 .345,.655 "
        ".305,.615 .295,.53 .345,.41 .385,.26 .36,.1"
    )
    wing = trace(".18,.22 .08,.315 -.12,.345 -.36,.315 -.6,.36 -.5,.24 -.34,.12 -.08,.09 .12,.12")
    plumes = tuple(
        Patch(
            smooth(
                (0.10 - 0.13 * i, 0.27 - 0.045 * row),
                (0.0 - 0.13 * i, 0.20 - 0.045 * row),
                (-0.15 - 0.13 * i, 0.21 - 0.04 * row),
                closed=False,
            ),
            shade,
            0.004,
            0.75,
            0.008,
        )
        for i in range(4)
        for row in range(3)
    )
    bill = trace(".445,.695 .5,.665 .565,.615 .555,.598 .5,.615 .445,.64")
    knob = trace(".42,.705 .455,.705 .475,.665 .445,.645 .43,.66")
    low = Patch(trace(".4,.06 0,.04 -.6,.1 -.5,-.2 .4,-.2"), shade * 0.9, 0.05, 0.8)
    return [
        Piece(body, white, (low,), 0.09),
        Piece(bill, from_hex("e07a2a"), (Patch(ellipse(point(0.56, 0.606), 0.02, 0.012), BLACK),), 0.015),
        Piece(neck, white, (Patch(trace(".36,.1 .36,.4 .32,.6 .37,.64 .45,.6 .45,.1"), shade, 0.03, 0.7),), 0.035),
        Piece(knob, BLACK + 0.04, (), 0.01),
        Piece(ellipse(point(0.405, 0.682), 0.011, 0.010), BLACK, (), 0.0),
        Piece(wing, white, plumes, 0.06),
    ]


def _drake() -> list[Piece]:
    return _duck("8a8f96", "d9dcdc", "5e4030", "146a4a", "e0c038", ring=True)


def _hen() -> list[Piece]:
    return _duck("8a6a48", "c8aa80", "7a5a3c", "94744e", "c88a3a", ring=False)


def _duck(side: str, flank: str, breast: str, head: str, bill: str, *, ring: bool) -> list[Piece]:
    body = trace(".36,.02 .4,.14 .3,.24 .08,.24 -.2,.25 -.4,.28 -.6,.33 -.54,.2 -.44,.04 -.28,-.07 .1,-.09 .3,-.05")
    skull = trace(".16,.17 .23,.3 .215,.42 .27,.52 .38,.545 .475,.49 .475,.4 .41,.345 .385,.26 .4,.15")
    beak = trace(".455,.475 .54,.43 .64,.415 .645,.385 .54,.375 .455,.395")
    wing = trace(".16,.2 .05,.265 -.2,.275 -.5,.3 -.42,.19 -.2,.09 .05,.09")
    chest = Patch(trace(".45,.26 .22,.24 .17,.05 .2,-.1 .5,-.1"), from_hex(breast), 0.025)
    collar = (
        (Patch(trace(".18,.235 .29,.215 .4,.235", closed=False), np.ones(3, np.float32), 0.003, 1.0, 0.028),)
        if ring
        else ()
    )
    mirror = Patch(trace("-.2,.19 -.4,.225 -.36,.18 -.2,.145"), from_hex("2a50b0"), 0.006)
    quills = tuple(
        Patch(
            smooth((0.08 - 0.12 * i, 0.24), (-0.04 - 0.12 * i, 0.185), (-0.16 - 0.11 * i, 0.20), closed=False),
            from_hex(side) * 0.6,
            0.004,
            0.6,
            0.008,
        )
        for i in range(4)
    )
    tail = Patch(ellipse(point(-0.52, 0.24), 0.13, 0.10), BLACK + 0.10 if ring else from_hex(side) * 0.7, 0.04, 0.9)
    return [
        Piece(body, from_hex(flank), (chest, tail), 0.08),
        Piece(
            beak,
            from_hex(bill),
            (Patch(trace(".64,.4 .54,.405 .46,.425", closed=False), from_hex(bill) * 0.5, 0.0, 0.7, 0.008),),
            0.02,
        ),
        Piece(
            skull,
            from_hex(head),
            (*collar, Patch(ellipse(point(0.36, 0.49), 0.07, 0.03), from_hex(head) * 1.8, 0.03, 0.6)),
            0.045,
        ),
        Piece(
            ellipse(point(0.405, 0.465), 0.016, 0.016),
            BLACK,
            (Patch(ellipse(point(0.410, 0.471), 0.005, 0.005), np.ones(3, np.float32)),),
            0.0,
        ),
        Piece(wing, from_hex(side), (mirror, *quills), 0.05),
    ]


def _wake(colour: Floats) -> list[Piece]:
    """Two arms of a V, lying flat, and the ring at the water line."""
    arms = [
        Piece(
            smooth(
                (0.36, 0.0),
                (0.0, 0.035 * side),
                (-0.7, 0.115 * side),
                (-1.3, 0.165 * side),
                (-0.7, 0.088 * side),
                (0.0, 0.018 * side),
                steps=10,
            ),
            colour,
            (),
            0.0,
            opacity,
        )
        for side, opacity in ((1.0, 0.10), (-1.0, 0.30))
    ]
    ring = trace(".44,0 .2,-.022 -.2,-.026 -.52,0 -.2,-.01 .2,-.008")
    trail = [
        Piece(
            smooth((-0.5 - 0.2 * i, 0.0), (-0.62 - 0.2 * i, 0.012), (-0.8 - 0.2 * i, 0.0), (-0.62 - 0.2 * i, -0.012)),
            colour,
            (),
            0.0,
            0.16,
        )
        for i in range(3)
    ]
    return [*arms, *trail, Piece(ring, colour, (), 0.0, 0.40)]
