"""The cheapest clip that an account can make, by the catalogue's own quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from filmgate.catalogue.fit import fit
from filmgate.catalogue.limits import resolutions_of
from filmgate.catalogue.live_only import refuse_retired
from filmgate.catalogue.loader import Catalogue
from filmgate.catalogue.model import ModelEntry
from filmgate.catalogue.numbers import plain
from filmgate.catalogue.pricing import Quote
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images, Mode, VideoParams, VideoRequest
from filmgate.engine.accounts import Account

PROMPT = "A calm sea at dusk, slow waves, a small boat in the distance"
_FIXED_SEED = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for, what the catalogue makes of it, and its price."""

    entry: ModelEntry
    params: VideoParams
    request: VideoRequest
    price: Quote

    def body(self) -> dict[str, Any]:
        """For POST /v1/videos. The file is left as the vendor made it, so that it can be measured."""
        asked = {
            "model": self.params.model,
            "prompt": self.params.prompt,
            "duration": plain(self.params.duration_seconds or 0.0),
            "resolution": self.params.resolution,
            "generate_audio": self.params.generate_audio,
            "seed": self.params.seed,
            "conform": self.params.conform,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def __str__(self) -> str:
        audio = {None: "", True: " with sound", False: " without sound"}[self.request.generate_audio]
        resolution = f" at {self.request.resolution}" if self.request.resolution else ""
        return f"{self.entry.id}, {plain(self.request.duration_seconds)} s{resolution}{audio}"


def cheapest(catalogue: Catalogue, account: Account, mode: Mode, images: Images, today: date) -> Choice | None:
    """None where the account makes nothing in this mode. A clip of unknown price is the last choice.

    `images` are those that make a request one of `mode`. At one price the shortest clip is taken, then the smallest.
    """
    entries = [entry for entry in catalogue.entries() if account.can_make(entry) and _is_live(entry, today)]
    choices = [choice for entry in entries for choice in _choices(entry, mode, images)]
    return min(choices, key=_cost, default=None)


def _cost(choice: Choice) -> tuple[bool, int, float, int]:
    width_px, height_px = choice.request.width_px or 0, choice.request.height_px or 0
    micros = choice.price.usd_micros
    return micros is None, micros or 0, choice.request.duration_seconds, width_px * height_px


def _is_live(entry: ModelEntry, today: date) -> bool:
    try:
        refuse_retired(entry, today)
    except InvalidRequest:
        return False
    return True


def _choices(entry: ModelEntry, mode: Mode, images: Images) -> Iterator[Choice]:
    """Every resolution and length of the entry, without sound where it can be left out."""
    if mode not in entry.modes:
        return
    names = tuple(entry.free_size.short_side_px) if entry.free_size else resolutions_of(entry)
    for resolution in names or (None,):
        for duration_seconds in entry.durations_seconds.samples():
            params = VideoParams(
                model=entry.id,
                prompt=PROMPT,
                duration_seconds=duration_seconds,
                resolution=resolution,
                generate_audio=False if entry.audio == "optional" else None,
                seed=_FIXED_SEED if entry.seed_max is not None else None,
                conform="native",
            )
            try:
                fitted = fit(params, images, entry, draw_seed=lambda: _FIXED_SEED)
            except InvalidRequest:  # a rule of the entry closes this combination
                continue
            if fitted.request.mode is mode:
                yield Choice(entry, params, fitted.request, fitted.price)
