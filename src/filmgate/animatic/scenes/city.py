"""A city, from where the prompt wants to see it: across the water, down a street, or in an old town."""

from __future__ import annotations

from filmgate.animatic.figures.cast import stands_on_ground
from filmgate.animatic.scene import Brief, Scene
from filmgate.animatic.scenes.skyline import build_skyline
from filmgate.animatic.scenes.street import build_street
from filmgate.animatic.scenes.town import build_town

OLD_TOWNS = frozenset({"watertown", "village", "aegean"})


def build_city(brief: Brief) -> Scene:
    """The view that the words ask for; whoever walks through neon walks down a street of it."""
    features = brief.reading.features
    if features & OLD_TOWNS:
        return build_town(brief)
    if "street" in features or (brief.palette.name == "neon" and stands_on_ground(brief)):
        return build_street(brief)
    return build_skyline(brief)
