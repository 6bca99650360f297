"""One entry as the `filmgate` object of `GET /v1/models`."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from filmgate.catalogue.limits import narrowed_by, resolutions_of
from filmgate.catalogue.model import ImageLimits, ModelEntry, PriceRow, Rule, When, Wording
from filmgate.catalogue.numbers import Listed, Span
from filmgate.catalogue.pricing import price_kind


def describe(entry: ModelEntry) -> dict[str, Any]:
    """JSON-safe. None says that the model has no such thing or that it is unknown; `rules` narrow what stands above."""
    return {
        "provider": entry.provider,
        "upstream_model": entry.upstream_model,
        "title": entry.title,
        "aliases": list(entry.aliases),
        "state": entry.state,
        "retires_on": _iso(entry.retires_on),
        "successor": entry.successor,
        "modes": list(entry.modes),
        "durations_seconds": entry.durations_seconds.as_json(),
        "default_duration_seconds": entry.default_duration_seconds,
        **_sizes(entry),
        "fps": entry.fps.as_json() if entry.fps else None,
        "native_fps": entry.native_fps,
        "audio": entry.audio,
        "seed": entry.seed_max is not None,
        "style": _wording(entry.style),
        "quality_level": _wording(entry.quality_level),
        "camera": _wording(entry.camera),
        "caption": entry.caption,
        "limits": {
            "prompt_max_characters": entry.prompt_max_characters,
            "prompt_required": list(entry.prompt_required),
            "negative_prompt_max_characters": entry.negative_prompt_max_characters,
            "n_max": entry.n_max,
            "seed_max": entry.seed_max,
            "images": _images(entry.images),
        },
        "extra_fields": list(entry.extra_fields),
        "provider_options": list(entry.provider_options),
        "rules": [_rule(rule) for rule in entry.rules],
        "price": {
            "kind": price_kind(entry).value,
            "rows": [_price_row(row) for row in entry.prices],
            "source": entry.price_source,
            "checked_on": _iso(entry.checked_on),
        },
        "typical_seconds": entry.typical_seconds,
        "verified": entry.verified,
    }


def _sizes(entry: ModelEntry) -> dict[str, Any]:
    free = entry.free_size
    if free is not None:
        bounds = {"min_px": free.min_px, "max_px": free.max_px, "multiple_of_px": free.multiple_of_px}
        return {
            "sizes": {**bounds, "default": str(free.default)},
            "resolutions": list(free.short_side_px),
            "aspect_ratios": None,
            "follows_image_in": [],
        }
    resolutions = resolutions_of(entry)
    table = entry.sizes or {}
    rows = [table[resolution] for resolution in resolutions]
    return {
        "sizes": [str(size) for row in rows for size in row.values()],
        "resolutions": list(resolutions),
        "aspect_ratios": list(dict.fromkeys(ratio for row in rows for ratio in row)),
        "follows_image_in": list(entry.follows_image_in),
    }


def _images(limits: ImageLimits) -> dict[str, Any]:
    return limits.model_dump(mode="json")


def _rule(rule: Rule) -> dict[str, Any]:
    narrowed = {key: _json(value) for key, value in narrowed_by(rule).items()}
    return {"when": _when(rule.when), **narrowed, **({"refused": rule.refused} if rule.refused else {})}


def _when(when: When) -> dict[str, Any]:
    conditions = {"mode": list(when.mode), "audio": when.audio, "resolution": list(when.resolution)}
    return {key: value for key, value in conditions.items() if value not in ([], None)}


def _price_row(row: PriceRow) -> dict[str, Any]:
    amounts = {
        "usd_per_second": row.usd_per_second,
        "usd_per_clip": row.usd_per_clip,
        "usd_per_million_tokens": row.usd_per_million_tokens,
    }
    return {
        **_when(row),
        **({"durations_seconds": row.durations_seconds.as_json()} if row.durations_seconds else {}),
        **{key: float(amount) for key, amount in amounts.items() if amount is not None},
    }


def _json(value: Any) -> Any:
    if isinstance(value, Listed | Span):
        return value.as_json()
    return list(cast("tuple[Any, ...]", value)) if isinstance(value, tuple) else value


def _wording(wording: Wording | None) -> dict[str, Any] | None:
    return None if wording is None else {"words": list(wording.words), "max_characters": wording.max_characters}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
