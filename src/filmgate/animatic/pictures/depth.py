"""How near each part of a picture is: a guess from where it lies, how sharp and hazy it is, and what stands out."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from filmgate.animatic.raster import Floats, Pixels, blur, resize

SIDE_PX = 256


def guess_depth(image: Pixels) -> Floats:
    """How near each part is, 0..1, at reduced size: low is near, hazy is far, sharp and salient is near."""
    height, width = image.shape[:2]
    size = SIDE_PX / max(height, width)
    small = resize(image, max(32, int(width * size)), max(32, int(height * size)), cv2.INTER_AREA)
    colour = small.astype(np.float32) / np.float32(255)
    grey = colour @ np.array([0.3, 0.59, 0.11], np.float32)
    rows, columns = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]].astype(np.float32)
    rows, columns = rows / grey.shape[0], columns / grey.shape[1]
    haze = cv2.erode(colour.min(-1), np.ones((7, 7), np.uint8))
    detail = blur(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), 6.0)
    detail = detail / (detail.max() + 1e-6)
    centre = np.exp(-((columns - 0.5) ** 2 * 3 + (rows - 0.55) ** 2 * 3))
    salient = _saliency(grey) * centre
    salient = salient / (salient.max() + 1e-6)
    depth = 0.50 * rows**1.2 + 0.22 * np.sqrt(detail) + 0.30 * salient - 0.22 * haze * (1 - rows)
    depth = (depth - depth.min()) / (np.ptp(depth) + 1e-6)
    smooth = _guided(grey, blur(depth.astype(np.float32), 2.5), 10, 2e-3)
    return blur(np.clip(smooth, 0, 1).astype(np.float32), 3.0)


def _saliency(grey: Floats) -> Floats:
    """Spectral residual: what the spectrum's own smooth trend does not predict. Hou and Zhang, CVPR 2007."""
    side = 64
    spectrum = np.fft.fft2(resize(grey, side, side, cv2.INTER_AREA))
    logarithm = np.log(np.abs(spectrum) + 1e-6).astype(np.float32)
    residual = logarithm - cv2.blur(logarithm, (3, 3))
    response = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    soft = blur(response.astype(np.float32), 3.0)
    soft = (soft - soft.min()) / (np.ptp(soft) + 1e-6)
    return resize(soft, grey.shape[1], grey.shape[0], cv2.INTER_CUBIC)


def _guided(guide: Floats, field: Floats, radius: int, smoothness: float) -> Floats:
    """Guided filter (He et al., ECCV 2010): smooth, but with the edges of `guide`."""

    def mean(values: Floats) -> Floats:
        return cast(Floats, cv2.boxFilter(values, -1, (radius * 2 + 1, radius * 2 + 1)))

    mean_guide, mean_field = mean(guide), mean(field)
    covariance = mean(guide * field) - mean_guide * mean_field
    slope = covariance / (mean(guide * guide) - mean_guide**2 + smoothness)
    return mean(slope) * guide + mean(mean_field - slope * mean_guide)
