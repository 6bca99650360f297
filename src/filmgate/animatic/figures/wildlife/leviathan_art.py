"""What the great swimmers look like: a unit long, nose at x = 0.5."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.raster import Points


def humpback_body() -> list[Piece]:
    """Knobs on its head, grooves in its throat, scars on its flanks."""
    dark, pale = from_hex("3c4c5e"), from_hex("c3cdd2")
    body = trace(
        ".5,-.005 .485,.03 .4,.055 .28,.082 .12,.1 -.04,.092 -.13,.082 -.165,.104 -.205,.068 -.32,.04 "
        "-.42,.022 -.47,.014 -.47,-.012 -.4,-.022 -.26,-.055 -.08,-.095 .1,-.118 .26,-.112 .4,-.075 "
        ".485,-.03"
    )
    throat = trace(".5,-.022 .42,-.03 .3,-.048 .12,-.058 -.06,-.066 -.16,-.068 -.06,-.2 .2,-.2 .45,-.12")
    grooves = tuple(
        Patch(
            smooth(
                (0.475 - 0.012 * row, -0.036 - 0.011 * row),
                (0.32, -0.058 - 0.0125 * row),
                (0.12, -0.071 - 0.010 * row),
                (0.0 + 0.012 * row, -0.074 - 0.008 * row),
                closed=False,
            ),
            from_hex("5d6b78"),
            0.0012,
            0.75,
            0.0035,
        )
        for row in range(6)
    )
    mouth = Patch(trace(".495,-.012 .4,-.016 .33,-.022 .285,-.04", closed=False), dark * 0.45, 0.001, 0.9, 0.005)
    back = Patch(trace(".5,.06 .2,.07 -.2,.05 -.5,.03 -.5,.2 .4,.2"), dark * 0.72, 0.03, 0.8)
    knobs = [
        Piece(ellipse(point(x, y), 0.0065, 0.0055, 12), dark * 1.1, (), 0.004)
        for x, y in ((0.47, 0.030), (0.44, 0.040), (0.41, 0.036), (0.455, 0.018), (0.425, 0.022), (0.385, 0.045))
    ]
    spots = tuple(
        Patch(ellipse(point(x, y), r, r * 0.8, 12), pale, 0.004, 0.35)
        for x, y, r in (
            (0.49, -0.03, 0.010),
            (0.36, -0.03, 0.008),
            (-0.25, -0.03, 0.012),
            (0.05, -0.05, 0.010),
            (-0.40, -0.005, 0.010),
        )
    )
    eye = Piece(
        ellipse(point(0.290, -0.026), 0.0065, 0.0055, 14),
        from_hex("0a0c10"),
        (Patch(ellipse(point(0.292, -0.024), 0.002, 0.002, 8), np.ones(3)),),
        0.0,
    )
    return [Piece(body, dark, (back, Patch(throat, pale, 0.008), *grooves, mouth, *spots), 0.045), *knobs, eye]


def humpback_flipper() -> Piece:
    outline = trace(
        ".03,.015 -.04,.03 -.14,.034 -.24,.02 -.315,-.012 -.3,-.02 -.25,-.014 -.22,-.022 -.18,-.018 "
        "-.14,-.026 -.1,-.022 -.05,-.028 .01,-.022"
    )
    edge = Patch(trace("-.33,-.03 -.2,-.035 0,-.04 0,-.018 -.15,-.008 -.3,0"), from_hex("d5dde0"), 0.008, 0.9)
    return Piece(outline, from_hex("46566a"), (edge,), 0.016)


def whale_fluke() -> Piece:
    return Piece(_fluke(), from_hex("34424f"), (Patch(_fluke(), from_hex("1f2a35"), 0.0, 0.6, 0.012),), 0.018)


def orca_body() -> list[Piece]:
    black, white = from_hex("15181f"), from_hex("f1f3f2")
    body = trace(
        ".5,-.012 .47,.04 .38,.082 .22,.112 .08,.118 -.1,.098 -.28,.055 -.42,.024 -.46,.014 -.46,-.012 "
        "-.38,-.026 -.22,-.07 -.02,-.11 .2,-.118 .38,-.085 .47,-.05"
    )
    belly = trace(
        ".52,-.03 .42,-.035 .3,-.062 .12,-.072 0,-.06 -.14,-.01 -.25,.012 -.22,-.02 -.14,-.062 "
        "-.25,-.062 -.3,-.2 .5,-.2"
    )
    patch = trace(".415,.05 .37,.06 .32,.048 .33,.034 .39,.032")
    saddle = trace("-.02,.1 -.1,.075 -.16,.058 -.13,.1 -.05,.13")
    dorsal = trace(".1,.105 .06,.17 .005,.235 -.018,.236 -.012,.17 -.03,.1")
    eye = Piece(
        ellipse(point(0.428, 0.024), 0.007, 0.006, 14),
        from_hex("05060a"),
        (Patch(ellipse(point(0.43, 0.026), 0.002, 0.002, 8), white),),
        0.0,
    )
    return [
        Piece(dorsal, black, (), 0.02),
        Piece(
            body,
            black,
            (Patch(belly, white, 0.003), Patch(patch, white, 0.002), Patch(saddle, from_hex("8b939c"), 0.014, 0.8)),
            0.05,
        ),
        eye,
    ]


def orca_flipper() -> Piece:
    return Piece(trace(".03,.02 -.06,.03 -.15,.005 -.155,-.03 -.09,-.055 0,-.03"), from_hex("14171e"), (), 0.02)


def orca_fluke() -> Piece:
    return Piece(_fluke(), from_hex("15181f"), (), 0.018)


def dolphin_body() -> list[Piece]:
    grey, pale = from_hex("6c8296"), from_hex("d6dfe4")
    body = trace(
        ".5,-.01 .495,.002 .435,.014 .415,.03 .385,.062 .29,.092 .12,.112 -.06,.1 -.26,.052 -.42,.02 "
        "-.46,.012 -.46,-.01 -.4,-.02 -.24,-.052 -.04,-.086 .16,-.092 .3,-.07 .4,-.034 .44,-.022 "
        ".49,-.02"
    )
    belly = trace(".51,-.012 .4,-.014 .28,-.03 .08,-.042 -.16,-.036 -.34,-.014 -.3,-.2 .4,-.2")
    flank = trace(".36,.02 .15,.03 -.1,.02 -.36,.004 -.1,-.04 .2,-.05")
    back = Patch(trace(".43,.05 .2,.075 -.1,.06 -.45,.012 -.4,.2 .3,.2"), grey * 0.66, 0.018, 0.9)
    dorsal = trace(".08,.1 .02,.155 -.045,.192 -.058,.186 -.045,.13 -.06,.085")
    mouth = Patch(trace(".498,-.006 .45,-.004 .41,0 .385,.01", closed=False), grey * 0.4, 0.001, 0.9, 0.005)
    eye = Piece(
        ellipse(point(0.368, 0.022), 0.009, 0.008, 14),
        from_hex("0c0e14"),
        (Patch(ellipse(point(0.371, 0.025), 0.003, 0.003, 8), np.ones(3)),),
        0.0,
    )
    return [
        Piece(dorsal, grey * 0.72, (), 0.02),
        Piece(body, grey, (back, Patch(flank, grey * 1.22, 0.02, 0.7), Patch(belly, pale, 0.012), mouth), 0.045),
        eye,
    ]


def dolphin_flipper() -> Piece:
    return Piece(trace(".03,.015 -.05,.018 -.125,-.02 -.13,-.034 -.06,-.03 .01,-.022"), from_hex("566b7e"), (), 0.014)


def dolphin_fluke() -> Piece:
    return Piece(_fluke() * 0.86, from_hex("566b7e"), (), 0.016)


def shark_body() -> list[Piece]:
    grey, white = from_hex("5f6f7b"), from_hex("dfe6e6")
    body = trace(
        ".5,.012 .46,.035 .36,.062 .2,.088 .04,.092 -.14,.062 -.3,.026 -.385,.013 -.385,-.01 -.3,-.024 "
        "-.12,-.058 .06,-.084 .22,-.08 .34,-.058 .41,-.03 .455,-.01"
    )
    tail = trace(
        "-.365,.014 -.42,.075 -.485,.15 -.505,.158 -.485,.105 -.452,.02 -.47,-.05 -.487,-.092 "
        "-.474,-.094 -.425,-.06 -.365,-.012"
    )
    dorsal = trace(".12,.08 .06,.14 .01,.188 -.008,.19 -.002,.13 -.01,.08")
    second = trace("-.22,.04 -.25,.062 -.275,.064 -.27,.035")
    anal = trace("-.2,-.036 -.24,-.062 -.262,-.06 -.25,-.028")
    far = trace(".2,-.05 .12,-.11 .05,-.15 .04,-.14 .09,-.06")
    near = trace(".22,-.035 .13,-.085 .03,-.165 .005,-.172 .02,-.13 .1,-.045")
    belly = trace(".5,.006 .4,-.008 .22,-.026 0,-.024 -.2,-.012 -.4,-.004 -.3,-.2 .4,-.2")
    back = Patch(trace(".5,.045 .2,.055 -.1,.035 -.4,.008 -.3,.2 .4,.2"), grey * 0.6, 0.02, 0.85)
    gills = tuple(
        Patch(
            smooth((0.265 - 0.020 * i, 0.030), (0.256 - 0.020 * i, 0.005), (0.262 - 0.020 * i, -0.020), closed=False),
            grey * 0.45,
            0.0,
            0.8,
            0.005,
        )
        for i in range(5)
    )
    mouth = Patch(trace(".445,-.02 .4,-.016 .355,-.028", closed=False), grey * 0.35, 0.001, 0.9, 0.006)
    eye = Piece(
        ellipse(point(0.405, 0.022), 0.009, 0.009, 14),
        from_hex("08090c"),
        (Patch(ellipse(point(0.408, 0.025), 0.003, 0.003, 8), np.ones(3)),),
        0.0,
    )
    return [
        Piece(far, grey * 0.6, (), 0.014),
        Piece(tail, grey * 0.85, (), 0.014),
        Piece(dorsal, grey * 0.85, (), 0.018),
        Piece(second, grey * 0.8, (), 0.008),
        Piece(anal, grey * 0.8, (), 0.008),
        Piece(body, grey, (back, Patch(belly, white, 0.010), *gills, mouth), 0.040),
        Piece(near, grey * 0.8, (), 0.014),
        eye,
    ]


def _fluke() -> Points:
    """Two lobes seen from above, root at the origin."""
    return trace(
        ".035,.012 -.02,.05 -.075,.12 -.125,.165 -.118,.11 -.095,.045 -.078,0 -.095,-.045 -.118,-.11 "
        "-.125,-.165 -.075,-.12 -.02,-.05 .035,-.012"
    )
