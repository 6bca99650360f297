"""What a model can do in one case: its own limits, narrowed by the rules that hold there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from filmgate.catalogue.model import Audio, Case, ModelEntry, Rule
from filmgate.catalogue.numbers import Numbers

# The keys of a rule that narrow something, in the order in which a request is decided.
NARROWING_KEYS = ("audio", "resolutions", "durations_seconds", "native_fps", "prompt_max_characters", "without")


@dataclass(frozen=True, slots=True)
class Limits:
    """`because` names the case ("with sound") for each limit that a rule has narrowed, for messages."""

    model: str
    prompt_max_characters: int
    audio: Audio
    resolutions: tuple[str, ...]  # cheapest first; empty where the size is free
    durations_seconds: Numbers
    native_fps: int | None
    without: tuple[str, ...]
    refused: str | None
    because: Mapping[str, str]

    def who(self, limit: str) -> str:
        """The subject of a message about `limit`: "kling-2.6", or "kling-2.6 with sound" where a rule narrowed it."""
        return f"{self.model} {self.because[limit]}" if limit in self.because else self.model


def limits_in(entry: ModelEntry, case: Case) -> Limits:
    limits = Limits(
        model=entry.id,
        prompt_max_characters=entry.prompt_max_characters,
        audio=entry.audio,
        resolutions=resolutions_of(entry),
        durations_seconds=entry.durations_seconds,
        native_fps=entry.native_fps,
        without=(),
        refused=None,
        because={},
    )
    for rule in entry.rules:
        if rule.when.holds_for(case):
            narrowed = narrowed_by(rule)
            because = {**limits.because, **dict.fromkeys(narrowed, str(rule.when))}
            limits = replace(limits, **narrowed, refused=rule.refused or limits.refused, because=because)
    return limits


def resolutions_of(entry: ModelEntry) -> tuple[str, ...]:
    """The resolution names of an entry with a table of sizes, as listed: cheapest first."""
    return entry.resolutions or tuple(entry.sizes or ())


def narrowed_by(rule: Rule) -> dict[str, Any]:
    values = {key: getattr(rule, key) for key in NARROWING_KEYS}
    return {key: value for key, value in values.items() if value is not None}


def cases_of(entry: ModelEntry) -> Iterator[Case]:
    """Every case that the entry can be asked for, those excepted that a rule refuses."""
    for mode in entry.modes:
        audio_in_mode = limits_in(entry, Case(mode)).audio
        for audio in audio_choices(audio_in_mode):
            limits = limits_in(entry, Case(mode, audio))
            for resolution in limits.resolutions or (None,):
                case = Case(mode, audio, resolution)
                if limits_in(entry, case).refused is None:
                    yield case


def audio_choices(audio: Audio) -> tuple[bool, ...]:
    return {"none": (False,), "always": (True,), "optional": (False, True)}[audio]
