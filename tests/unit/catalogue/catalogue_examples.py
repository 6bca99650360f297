"""What the catalogue tests share: the shipped catalogue, a small one of our own, images, and one call."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from filmgate.catalogue.fit import Fitted, fit
from filmgate.catalogue.loader import Catalogue, build_catalogue, load_catalogue
from filmgate.core.request import Images, InputImage, VideoParams

DRAWN_SEED = 4242
NO_IMAGES = Images()


DOLLY = """
provider = "acme"

[[model]]
id = "dolly-2"
upstream_model = "dolly-v2-pro"
title = "Dolly 2"
modes = ["text_to_video", "image_to_video"]
prompt_required = ["text_to_video"]
durations_seconds = [5, 10]
default_duration_seconds = 5
audio = "optional"
sizes.720p = { "16:9" = "1280x720" }
sizes.1080p = { "16:9" = "1920x1080" }
prices = [
    { resolution = "720p", usd_per_second = "0.05" },
    { resolution = "1080p", audio = false, usd_per_second = "0.1" },
    { resolution = "1080p", audio = true, usd_per_second = "0.2", usd_per_clip = "0.01" },
]
price_source = "https://docs.acme.example/pricing"
checked_on = 2026-11-20
deadline_seconds = 600
poll = { first_seconds = 10, every_seconds = 5 }
verified = "documentation"
"""


def dolly(**changes: Any) -> dict[str, Any]:
    """The table of DOLLY, its only model changed; a change to None takes the key away."""
    table = tomllib.loads(DOLLY)
    model = {**table["model"][0], **changes}
    table["model"] = [{key: value for key, value in model.items() if value is not None}]
    return table


@cache
def shipped() -> Catalogue:
    return load_catalogue()


def an_image(
    width_px: int = 1280, height_px: int = 720, media_type: str = "image/png", size_bytes: int = 1000
) -> InputImage:
    return InputImage("images/1", media_type, width_px, height_px, size_bytes, "0" * 64)


def fitted(
    model: str, images: Images = NO_IMAGES, *, n_cap: int | None = None, among: Catalogue | None = None, **asked: Any
) -> Fitted:
    """One call of `fit` with a prompt, for a model of the shipped catalogue or of `among`."""
    params = VideoParams(model=model, **{"prompt": "a paper boat", **asked})
    entry = (among or shipped()).get(model)
    return fit(params, images, entry, draw_seed=lambda: DRAWN_SEED, n_cap=n_cap)


def with_dolly(**changes: Any) -> Catalogue:
    return build_catalogue([("acme.toml", dolly(**changes))])
