"""How a prompt was understood: the only thing that the rest of the model knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to draw in the scene, and how many of it."""

    kind: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """One prompt, read. Colours are "rrggbb"; `ignored` names what was asked and not understood."""

    scene: str
    palette: str
    camera: tuple[str, ...]
    weather: str | None = None
    subjects: tuple[Subject, ...] = ()
    actions: tuple[str, ...] = ()
    features: frozenset[str] = frozenset()
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
            "weather": self.weather,
            "camera": list(self.camera),
            "subjects": [{"kind": subject.kind, "count": subject.count} for subject in self.subjects],
            "actions": list(self.actions),
            "features": sorted(self.features),
            "tempo": self.tempo,
            "style": self.style,
            "matched": list(self.matched),
            "ignored": list(self.ignored),
        }
