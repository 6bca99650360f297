"""Fitting what a model may have or lack as a whole: seed, negative prompt, style, quality level, camera."""

from __future__ import annotations

from collections.abc import Callable

from filmgate.catalogue.limits import Limits
from filmgate.catalogue.mismatch import Mismatches
from filmgate.catalogue.model import Feature, ModelEntry
from filmgate.core.errors import InvalidRequest

_DRAWN_BY_US = (None, -1)

# Clients send these with every request, whatever the model. They change the look, never the length, size or price,
# so a model without them earns a warning rather than a refusal.
_HINTS: tuple[Feature, ...] = ("style", "quality_level")


def fit_seed(
    asked: int | None, limits: Limits, entry: ModelEntry, draw_seed: Callable[[], int], mismatches: Mismatches
) -> int | None:
    """A seed that a model does not take only earns a warning: the clip is the one asked for, it just has no number."""
    if entry.seed_max is None or "seed" in limits.without:
        if asked not in _DRAWN_BY_US:
            mismatches.warn(f"seed: {entry.id} takes no seed; this clip cannot be reproduced by seed")
        return None
    if asked is None or asked == -1:
        return draw_seed() % (entry.seed_max + 1)
    if 0 <= asked <= entry.seed_max:
        return asked
    reason = f"{entry.id} takes -1 or 0 to {entry.seed_max}"
    return mismatches.settle("seed", asked=asked, used=min(max(asked, 0), entry.seed_max), reason=reason)


def fit_negative_prompt(asked: str | None, limits: Limits, entry: ModelEntry, mismatches: Mismatches) -> str | None:
    if asked is None or not asked.strip():
        return None
    most = entry.negative_prompt_max_characters
    if most is None or "negative_prompt" in limits.without:
        mismatches.drop("negative_prompt", asked=asked, reason=_takes_no("negative_prompt", limits, entry))
        return None
    if len(asked) > most:
        message = f"negative_prompt: {entry.id} takes up to {most} characters; got {len(asked)}"
        raise InvalidRequest(message, param="negative_prompt")
    return asked


def fit_wording(
    feature: Feature, asked: str | None, limits: Limits, entry: ModelEntry, mismatches: Mismatches
) -> str | None:
    if asked is None or not asked.strip():
        return None
    wording = {"style": entry.style, "quality_level": entry.quality_level, "camera": entry.camera}.get(feature)
    if wording is None or feature in limits.without:
        reason = _takes_no(feature, limits, entry)
        if feature in _HINTS:
            mismatches.warn(f"{feature}: {reason}; put it into the prompt")
        else:
            mismatches.drop(feature, asked=asked, reason=reason)
        return None
    known = next((word for word in wording.words if word.casefold() == asked.strip().casefold()), None)
    if known is not None:
        return known
    if wording.max_characters is None:
        reason = f"{entry.id} takes {' or '.join(wording.words)}"
    elif len(asked) > wording.max_characters:
        reason = f"{entry.id} takes up to {wording.max_characters} characters"
    else:
        return asked
    return mismatches.settle(feature, asked=asked, used=None, reason=reason)


def _takes_no(feature: Feature, limits: Limits, entry: ModelEntry) -> str:
    who = limits.who("without") if feature in limits.without else entry.id
    return f"{who} takes no {feature}"
