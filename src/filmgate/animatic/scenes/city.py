"""A city, from where the prompt wants to see it."""

from __future__ import annotations

from filmgate.animatic.scene import Brief, Scene
from filmgate.animatic.scenes.skyline import build_skyline


def build_city(brief: Brief) -> Scene:
    return build_skyline(brief)
