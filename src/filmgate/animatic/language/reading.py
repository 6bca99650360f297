"""How a prompt was understood: the only thing that the rest of the model knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to draw in the scene, how many of it, its colour ("rrggbb") and what it does, in order.

    `exact` says that the prompt gave the number ("a", "three"), and not just "birds" or "a flock".
    """

    kind: str
    count: int = 1
    exact: bool = False
    colour: str | None = None
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One prompt, or one shot of it, read. Colours are "rrggbb"; `ignored` names what was asked and not understood."""

    scene: str
    palette: str
    camera: tuple[str, ...]
    season: str | None = None
    weather: str | None = None
    wind: float = 1.0  # 1 is usual, 0 a calm, 3 a gale
    subjects: tuple[Subject, ...] = ()
    actions: tuple[str, ...] = ()  # of nobody in particular
    features: frozenset[str] = frozenset()
    framing: str = "wide"  # or "medium" (knees up) or "close" (chest up)
    tempo: float = 1.0
    style: str | None = None
    cloud_cover: float | None = None
    sky_colour: str | None = None
    water_colour: str | None = None
    accent: str | None = None
    matched: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe, for the client: what will be seen, and which words led to it."""
        return {
            "scene": self.scene,
            "palette": self.palette,
            "season": self.season,
            "weather": self.weather,
            "wind": self.wind,
            "camera": list(self.camera),
            "framing": self.framing,
            "subjects": [_described(subject) for subject in self.subjects],
            "features": sorted(self.features),
            "tempo": self.tempo,
            "style": self.style,
            "colours": {
                name: f"#{value}"
                for name, value in (("sky", self.sky_colour), ("water", self.water_colour), ("accent", self.accent))
                if value is not None
            },
            "matched": list(self.matched),
            "ignored": list(self.ignored),
        }


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot of a clip and how much of the clip's length it takes (all shares add up to 1)."""

    reading: Reading
    share: float


def _described(subject: Subject) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": subject.kind, "count": subject.count}
    if subject.colour is not None:
        told["colour"] = f"#{subject.colour}"
    if subject.actions:
        told["actions"] = list(subject.actions)
    return told
