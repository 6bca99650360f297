"""Colour: sRGB, linear light, OKLab gradients, and the way to 8 bits without banding.

OKLab by Björn Ottosson, https://bottosson.github.io/posts/oklab/ (matrices from there, public domain).
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from filmgate.animatic.raster import Floats, Pixels

_LMS_FROM_LINEAR = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_LAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_LINEAR_FROM_LMS = np.linalg.inv(_LMS_FROM_LINEAR).astype(np.float32)
_LMS_FROM_LAB = np.linalg.inv(_LAB_FROM_LMS).astype(np.float32)


def from_hex(text: str) -> Floats:
    """`"ff8800"` as three sRGB values 0..1."""
    return np.array([int(text[index : index + 2], 16) for index in (0, 2, 4)], np.float32) / np.float32(255)


def to_linear(srgb: Floats) -> Floats:
    return np.where(srgb <= 0.04045, srgb / 12.92, ((np.maximum(srgb, 0) + 0.055) / 1.055) ** 2.4).astype(np.float32)


def from_linear(linear: Floats) -> Floats:
    positive = np.clip(linear, 0, None)
    return np.where(positive <= 0.0031308, positive * 12.92, 1.055 * positive ** (1 / 2.4) - 0.055).astype(np.float32)


def to_oklab(srgb: Floats) -> Floats:
    return np.cbrt(to_linear(srgb) @ _LMS_FROM_LINEAR.T) @ _LAB_FROM_LMS.T


def from_oklab(lab: Floats) -> Floats:
    return np.clip(from_linear(((lab @ _LMS_FROM_LAB.T) ** 3) @ _LINEAR_FROM_LMS.T), 0, 1)


def gradient(stops: Sequence[tuple[float, Floats]], at: Floats) -> Floats:
    """Colours at positions `at`, interpolated in OKLab between (position, sRGB) stops: no grey middle."""
    positions = np.array([position for position, _ in stops], np.float32)
    colours = np.stack([to_oklab(colour) for _, colour in stops])
    channels = [np.interp(at, positions, colours[:, channel]) for channel in range(3)]
    return from_oklab(np.stack(channels, -1).astype(np.float32))


def mix(first: Floats, second: Floats, share: Floats | float) -> Floats:
    return first + (second - first) * share


def smoothstep(low: float, high: float, value: Floats | float) -> Floats:
    position = np.clip((np.asarray(value, np.float32) - low) / (high - low), 0, 1)
    return position * position * (3 - 2 * position)


def to_pixels(values: Floats, rng: np.random.Generator | None = None) -> Pixels:
    """0..1 to 8 bits; with `rng`, triangular noise of one step is added first, which hides banding in flat art."""
    scaled = np.maximum(values, 0).astype(np.float32, copy=False) * np.float32(255)
    if rng is not None:
        shape = values.shape[:2]
        noise = rng.random(shape, np.float32) - rng.random(shape, np.float32)
        scaled += noise[..., None] if values.ndim == 3 else noise
        np.maximum(scaled, 0, out=scaled)
    if scaled.ndim == 1:  # OpenCV would make a column of it
        return np.clip(scaled + 0.5, 0, 255).astype(np.uint8)
    return np.asarray(cv2.convertScaleAbs(scaled), np.uint8)


def recolour(colour: Floats, towards: Floats, strength: float) -> Floats:
    """`colour` with the hue and saturation of `towards`, and most of its own lightness."""
    own, other = to_oklab(colour), to_oklab(towards)
    lightness = own[..., 0] * 0.75 + other[..., 0] * 0.25
    return from_oklab(
        np.stack([lightness, mix(own[..., 1], other[..., 1], strength), mix(own[..., 2], other[..., 2], strength)], -1)
    )
