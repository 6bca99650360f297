"""Smooth outlines through moving points, as one matrix: points of the curve from points that it goes through.

The curve is a centripetal Catmull-Rom spline whose knots are taken from the shape at rest, which makes it linear in the
points: a figure that moves needs one multiplication for all of its outlines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.raster import Floats, Points


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """A closed curve through `count` points; `spans` are its knot distances, from each point to the next."""

    spans: Floats

    @property
    def count(self) -> int:
        return len(self.spans)

    def rows(self, at: Floats) -> Floats:
        """One row of weights for each parameter: 2.5 is half-way from the third to the fourth point."""
        count = self.count
        first = np.floor(at).astype(int) % count
        share = (np.asarray(at, np.float64) - np.floor(at))[:, None]
        unit = np.eye(count)
        following = (first + 1) % count
        span = self.spans[first][:, None]
        squared, cubed = share**2, share**3
        slopes = self._slopes()
        return (
            (2 * cubed - 3 * squared + 1) * unit[first]
            + (3 * squared - 2 * cubed) * unit[following]
            + (cubed - 2 * squared + share) * span * slopes[first]
            + (cubed - squared) * span * slopes[following]
        )

    def outline(self, steps: int) -> Floats:
        """Rows for the whole loop, `steps` to each span."""
        return self.rows(np.arange(self.count * steps) / steps)

    def _slopes(self) -> Floats:
        """The tangent at each point, as weights."""
        unit = np.eye(self.count)
        after = self.spans[:, None]
        before = np.roll(self.spans, 1)[:, None]
        coming = (unit - np.roll(unit, 1, 0)) / before
        going = (np.roll(unit, -1, 0) - unit) / after
        return (coming * after + going * before) / (before + after)


def loop_through(rest: Points) -> Loop:
    distance = np.hypot(*(np.roll(rest, -1, 0) - rest).T)
    return Loop(np.sqrt(np.maximum(distance, 1e-4)))


def ribbon(spine: Points, half_widths: Floats) -> Points:
    """Points around a limb: along one side of its spine (..., n, 2), round the tip, and back along the other."""
    return two_sided(spine, half_widths, half_widths)


def two_sided(spine: Points, front: Floats, back: Floats) -> Points:
    """Like `ribbon`, with widths of their own on the front (left of the way down) and on the back; 2n + 2 points."""
    along = np.empty_like(spine)
    along[..., 1:-1, :] = spine[..., 2:, :] - spine[..., :-2, :]
    along[..., 0, :] = spine[..., 1, :] - spine[..., 0, :]
    along[..., -1, :] = spine[..., -1, :] - spine[..., -2, :]
    along /= np.maximum(np.sqrt(np.einsum("...i,...i", along, along)), 1e-9)[..., None]
    across = along[..., ::-1] * np.array([-1.0, 1.0])
    ahead = spine + across * front[..., None]
    behind = spine - across * back[..., None]
    tip = spine[..., -1:, :] + along[..., -1:, :] * (0.6 * front[..., -1:, None])
    cap = spine[..., :1, :] - along[..., :1, :] * (0.8 * front[..., :1, None])
    return np.concatenate([ahead, tip, behind[..., ::-1, :], cap], axis=-2)
