"""What the fitting tests share: the shipped catalogue, images, and one call."""

from __future__ import annotations

from functools import cache
from typing import Any

from filmgate.catalogue.fit import Fitted, fit
from filmgate.catalogue.loader import Catalogue, load_catalogue
from filmgate.core.request import Images, InputImage, VideoParams

DRAWN_SEED = 4242


@cache
def shipped() -> Catalogue:
    return load_catalogue()


def an_image(
    width_px: int = 1280, height_px: int = 720, media_type: str = "image/png", size_bytes: int = 1000
) -> InputImage:
    return InputImage("images/1", media_type, width_px, height_px, size_bytes, "0" * 64)


def fitted(model: str, images: Images = Images(), *, n_cap: int | None = None, **asked: Any) -> Fitted:
    params = VideoParams(model=model, **{"prompt": "a paper boat", **asked})
    return fit(params, images, shipped().get(model), draw_seed=lambda: DRAWN_SEED, n_cap=n_cap)
