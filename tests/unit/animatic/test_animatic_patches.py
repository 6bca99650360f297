"""Painting a sprite by its patches must look like painting all of it."""

from __future__ import annotations

import numpy as np
import pytest

from filmgate.animatic.patches import find_patches, paste_patches
from filmgate.animatic.raster import Floats, Pixels, fill, paste, place, then


def _sprite() -> Pixels:
    """A field with a hole, a thin pole and a cloud apart from them; premultiplied."""
    cover = np.zeros((300, 500), np.uint8)
    fill(cover, np.array([[0, 200], [250, 150], [500, 220], [500, 300], [0, 300]], np.float64), 1.0)
    fill(cover, np.array([[380, 10], [384, 10], [386, 220], [378, 220]], np.float64), 1.0)
    fill(cover, np.array([[40, 20], [120, 5], [150, 60], [70, 75]], np.float64), 0.6)
    cover[240:290, 200:330] = 0
    shade = np.random.default_rng(5).integers(0, 256, (300, 500, 3))
    colour = (shade * cover[..., None] // 255).astype(np.uint8)
    return np.dstack([colour, cover])


@pytest.mark.parametrize(
    "matrix", [place(0, 0), place(-40.37, 25.81, 1.17), place(60.5, -33.25, 0.83), place(700, 0), place(3.4, 2.6, 2.3)]
)
def test_patches_look_like_the_whole_sprite(matrix: Floats) -> None:
    sprite, rng = _sprite(), np.random.default_rng(3)
    whole = rng.integers(0, 256, (320, 480, 3)).astype(np.uint8)
    parted = whole.copy()
    paste(whole, sprite, matrix)
    paste_patches(parted, sprite, find_patches(sprite), matrix)
    assert np.abs(whole.astype(int) - parted).max() <= 2


def test_a_swaying_sprite_stays_within_its_patches() -> None:
    sprite, at_rest = _sprite(), place(12.3, 7.9, 1.1)
    whole, parted = np.zeros((340, 560, 3), np.uint8), np.zeros((340, 560, 3), np.uint8)
    lean = 0.03
    swayed = then(np.array([[1.0, -lean, lean * 300], [0.0, 1.0, 0.0]]), at_rest)
    paste(whole, sprite, swayed)
    paste_patches(parted, sprite, find_patches(sprite, lean * 300), swayed, settled=at_rest)
    assert np.abs(whole.astype(int) - parted)[:, 40:-40].max() <= 2


def test_empty_parts_are_left_out_and_full_ones_are_solid() -> None:
    sprite = _sprite()
    patches = find_patches(sprite)
    area = sum((patch.right - patch.left) * (patch.bottom - patch.top) for patch in patches)
    assert area < 0.7 * sprite.shape[0] * sprite.shape[1]
    assert find_patches(np.zeros((50, 60, 4), np.uint8)) == ()
    assert any(patch.solid for patch in find_patches(np.full((300, 600, 4), 255, np.uint8)))
