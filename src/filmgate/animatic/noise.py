"""Seeded noise. Every two-dimensional field tiles, every curve is periodic, and all lie in 0..1."""

from __future__ import annotations

import cv2
import numpy as np

from filmgate.animatic.raster import Floats, sample


def spectral(
    rng: np.random.Generator,
    shape: tuple[int, int],
    falloff: float = 2.2,
    lowest: float = 1.0,
    highest: float = 1e9,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Floats:
    """Gaussian noise whose power falls as 1/frequency**falloff, between two frequencies in cycles per tile.

    Mean 0.5; three standard deviations reach 0 and 1. `stretch` below 1 lengthens features along (x, y).
    """
    height, width = shape
    frequency_y = np.fft.fftfreq(height)[:, None] * height * stretch[1]
    frequency_x = np.fft.rfftfreq(width)[None, :] * width * stretch[0]
    frequency = np.sqrt(frequency_x**2 + frequency_y**2)
    frequency[0, 0] = 1.0
    amplitude = frequency ** (-falloff / 2)
    amplitude[(frequency < lowest) | (frequency > highest)] = 0.0
    amplitude[0, 0] = 0.0
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal(shape)) * amplitude, s=shape)
    return np.clip(field / (field.std() * 6 + 1e-9) + 0.5, 0, 1).astype(np.float32)


def distort(field: Floats, shift_x: Floats, shift_y: Floats) -> Floats:
    """Read `field` displaced by pixel offsets, wrapping around."""
    height, width = field.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    map_x = np.mod(columns + shift_x, width).astype(np.float32)
    map_y = np.mod(rows + shift_y, height).astype(np.float32)
    return sample(field, map_x, map_y, cv2.BORDER_WRAP)


def ridged(rng: np.random.Generator, shape: tuple[int, int], octaves: int = 7, lowest: float = 3.0) -> Floats:
    """Sharp-crested noise: filaments, ridges."""
    total = np.zeros(shape, np.float32)
    previous: Floats | float = 1.0
    amplitude, frequency = 1.0, lowest
    for _ in range(octaves):
        if frequency * 2 > min(shape):
            break
        band = spectral(rng, shape, 0.6, frequency * 0.6, frequency * 1.6)
        crest = np.clip(1 - np.abs(band - 0.5) * 4, 0, 1) ** 2 * previous
        total = total + amplitude * crest
        previous = np.clip(crest * 1.6, 0.15, 1)
        amplitude *= 0.5
        frequency *= 2.0
    return (total / (total.max() + 1e-9)).astype(np.float32)


def curve(rng: np.random.Generator, count: int, octaves: int = 8, lowest: int = 3, gain: float = 0.5) -> Floats:
    """A periodic line of `count` values: hills, skylines, wobble."""
    position = np.arange(count) / count
    total = np.zeros(count)
    amplitude, frequency = 1.0, lowest
    for _ in range(octaves):
        if frequency > count // 2:
            break
        knots = rng.uniform(0, 1, frequency + 1)
        knots[-1] = knots[0]
        place = position * frequency
        index = place.astype(int)
        inside = place - index
        inside = inside**3 * (inside * (inside * 6 - 15) + 10)
        total += amplitude * (knots[index] * (1 - inside) + knots[index + 1] * inside)
        amplitude *= gain
        frequency = int(frequency * 2.03)
    total -= total.min()
    return (total / (total.max() + 1e-9)).astype(np.float32)
