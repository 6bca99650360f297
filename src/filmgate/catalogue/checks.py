"""What the keys of one entry must mean together. A problem is (key, what is wrong), in words for a contributor."""

from __future__ import annotations

from collections.abc import Iterator

from filmgate.catalogue.limits import NARROWING_KEYS, cases_of, limits_in, narrowed_by, resolutions_of
from filmgate.catalogue.model import ModelEntry, PriceRow, Rule, When
from filmgate.catalogue.numbers import Listed, Numbers, number_text
from filmgate.catalogue.pricing import rows_for
from filmgate.catalogue.sizes import aspect_distance, parse_aspect_ratio, resolution_lines
from filmgate.core.request import Mode

Problem = tuple[str, str]

# What an input image is stored as once it has been decoded; a model can take no other.
_STORED_MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp")

# Vendors round sides to what a video can have and keep the name: 832x480 is sold as 16:9, and is 2.5 % off.
_NAMED_ASPECT_TOLERANCE = 0.03


def problems(entry: ModelEntry) -> Iterator[Problem]:
    """Everything that is wrong with `entry` by itself; nothing where it is sound."""
    yield from _identity(entry)
    yield from _modes(entry)
    yield from _sizes(entry)
    yield from _values(entry)
    broken_rules = list(_rules(entry))
    yield from broken_rules
    if not broken_rules:  # which cases there are to price follows from the rules
        yield from _prices(entry)


def _identity(entry: ModelEntry) -> Iterator[Problem]:
    if entry.successor == entry.id:
        yield "successor", "a model cannot succeed itself"
    if entry.state == "current" and entry.successor and entry.retires_on is None:
        yield "successor", "only a model that is retired, or has a retires_on, has a successor"


def _modes(entry: ModelEntry) -> Iterator[Problem]:
    for key in ("modes", "prompt_required", "follows_image_in"):
        modes: tuple[Mode, ...] = getattr(entry, key)
        if len(set(modes)) < len(modes):
            yield key, "lists a mode twice"
        if strange := [mode for mode in modes if mode not in entry.modes]:
            yield key, f"{', '.join(strange)} is not among the modes of this model"
    takes_references = Mode.REFERENCE_TO_VIDEO in entry.modes
    if takes_references != (entry.images.references_max > 0):
        yield "images.references_max", "must be above 0 with the mode reference_to_video, and 0 without it"
    for media_type in entry.images.media_types:
        if media_type not in _STORED_MEDIA_TYPES:
            yield "images.media_types", f"{media_type!r} is none of {', '.join(_STORED_MEDIA_TYPES)}"


def _sizes(entry: ModelEntry) -> Iterator[Problem]:
    if (entry.sizes is None) == (entry.free_size is None):
        yield "sizes", "exactly one of sizes and free_size must be given"
    elif entry.sizes is not None:
        yield from _table_of_sizes(entry)
    elif entry.free_size is not None:
        free = entry.free_size
        for side_px in (free.default.width_px, free.default.height_px, free.min_px, free.max_px):
            if not free.min_px <= side_px <= free.max_px or side_px % free.multiple_of_px:
                yield "free_size", f"{side_px} is no multiple of {free.multiple_of_px} from min_px to max_px"
        if entry.resolutions or entry.default_resolution or entry.follows_image_in:
            yield "free_size", "excludes resolutions, default_resolution and follows_image_in"
        for name in free.short_side_px:
            if resolution_lines(name) is None:
                yield "free_size.short_side_px", f'{name!r} is no resolution such as "720p" or "4k"'


def _table_of_sizes(entry: ModelEntry) -> Iterator[Problem]:
    sizes = entry.sizes or {}
    resolutions = resolutions_of(entry)
    if missing := [name for name in resolutions if name not in sizes]:
        yield "resolutions", f"{', '.join(missing)} has no row in sizes"
        return
    lines = [resolution_lines(name) or 0 for name in resolutions]
    if 0 in lines or lines != sorted(set(lines)):
        yield "resolutions", f'must be names such as "720p" or "4k", smallest first; got {", ".join(resolutions)}'
    if entry.default_resolution and entry.default_resolution not in resolutions:
        yield "default_resolution", f"{entry.default_resolution!r} is none of {', '.join(resolutions)}"
    for name in resolutions:
        if entry.default_aspect_ratio not in sizes[name]:
            yield f"sizes.{name}", f"lacks the default aspect ratio {entry.default_aspect_ratio}"
        for ratio, size in sizes[name].items():
            if aspect_distance(parse_aspect_ratio(ratio), size.aspect) > _NAMED_ASPECT_TOLERANCE:
                yield f"sizes.{name}", f"{size} is not {ratio}"


def _values(entry: ModelEntry) -> Iterator[Problem]:
    if not entry.durations_seconds.allows(entry.default_duration_seconds):
        yield "default_duration_seconds", f"is none of {entry.durations_seconds}"
    if entry.fps is not None and entry.native_fps is not None:
        yield "native_fps", "is for models that take no fps; give one of the two"
    if entry.default_fps is not None and not (entry.fps and entry.fps.allows(entry.default_fps)):
        yield "default_fps", f"is none of {entry.fps}" if entry.fps else "needs fps"
    if entry.default_audio and entry.audio != "optional":
        yield "default_audio", f"has a meaning only where audio is optional; it is {entry.audio}"
    for feature in ("style", "quality_level", "camera"):
        wording = getattr(entry, feature)
        if wording is not None and not wording.words and wording.max_characters is None:
            yield feature, "must list words or give max_characters"


def _rules(entry: ModelEntry) -> Iterator[Problem]:
    for index, rule in enumerate(entry.rules):
        for problem in _one_rule(entry, rule):
            yield f"rules[{index}]", problem
    for case in cases_of(entry):
        holding = [narrowed_by(rule) for rule in entry.rules if rule.when.holds_for(case)]
        for key in NARROWING_KEYS:
            if sum(key in narrowed for narrowed in holding) > 1:
                yield "rules", f"two rules say {key} for {case.mode}, audio {case.audio}, {case.resolution}"


def _one_rule(entry: ModelEntry, rule: Rule) -> Iterator[str]:
    narrowed = narrowed_by(rule)
    if not narrowed and rule.refused is None:
        yield "narrows nothing"
    if not str(rule.when):
        yield "when must name a mode, audio or a resolution"
    yield from _conditions(entry, rule.when)
    if rule.when.audio is not None and "audio" in narrowed:
        yield "depends on audio, so it cannot narrow audio"
    if rule.when.resolution and narrowed.keys() & {"audio", "resolutions"}:
        yield "depends on the resolution, so it cannot narrow audio or resolutions, which are decided before it"
    if rule.audio is not None and entry.audio != "optional":
        yield f"audio of the model is {entry.audio}: there is nothing to narrow"
    if rule.resolutions is not None and not set(rule.resolutions) <= set(resolutions_of(entry)):
        yield f"resolutions must be some of {', '.join(resolutions_of(entry))}"
    if rule.durations_seconds is not None and not rule.durations_seconds.lies_within(entry.durations_seconds):
        yield f"durations_seconds must be some of {entry.durations_seconds}"
    if rule.prompt_max_characters is not None and rule.prompt_max_characters > entry.prompt_max_characters:
        yield f"prompt_max_characters must not be above {entry.prompt_max_characters}"
    if rule.native_fps is not None and entry.fps is not None:
        yield "native_fps is for models that take no fps"
    for feature in rule.without or ():
        if not entry.takes(feature):
            yield f"without {feature}: the model takes none anyway"


def _conditions(entry: ModelEntry, when: When) -> Iterator[str]:
    if strange := [mode for mode in when.mode if mode not in entry.modes]:
        yield f"{', '.join(strange)} is not among the modes of this model"
    if strange := [name for name in when.resolution if name not in resolutions_of(entry)]:
        yield f"{', '.join(strange)} is not among the resolutions of this model"
    if when.audio is not None and entry.audio == ("none" if when.audio else "always"):
        yield f"audio = {str(when.audio).lower()} never happens: audio of the model is {entry.audio}"


def _prices(entry: ModelEntry) -> Iterator[Problem]:
    if entry.price is None and not entry.prices:
        yield "prices", 'no price: give rows, or price = "free", "unknown" or "untracked"'
    elif entry.price is not None and entry.prices:
        yield "price", f"{entry.price!r} and price rows exclude each other"
    elif entry.price in ("free", None) and entry.price_source is None:
        yield "price_source", "a price needs its source"
    elif entry.prices:
        if entry.checked_on is None:
            yield "checked_on", "a price needs the day on which its source was read"
        for index, row in enumerate(entry.prices):
            for problem in _one_price(entry, row):
                yield f"prices[{index}]", problem
        yield from _price_of_every_case(entry)


def _one_price(entry: ModelEntry, row: PriceRow) -> Iterator[str]:
    if row.usd_per_second is None and row.usd_per_clip is None and row.usd_per_million_tokens is None:
        yield "must give usd_per_second or usd_per_clip or usd_per_million_tokens"
    if row.usd_per_million_tokens is not None and (entry.sizes is None or entry.native_fps is None):
        yield "usd_per_million_tokens needs sizes and native_fps, from which the tokens are counted"
    if row.durations_seconds is not None and not row.durations_seconds.lies_within(entry.durations_seconds):
        yield f"durations_seconds must be some of {entry.durations_seconds}"
    yield from _conditions(entry, row)


def _price_of_every_case(entry: ModelEntry) -> Iterator[Problem]:
    used: list[PriceRow] = []
    for case in cases_of(entry):
        for duration_seconds in _durations_to_price(entry, limits_in(entry, case).durations_seconds):
            rows = rows_for(entry, case, duration_seconds)
            used += rows
            if len(rows) != 1:
                asked = f"{case.mode}, audio {case.audio}, {case.resolution}, {number_text(duration_seconds)} s"
                yield "prices", f"{'two rows' if rows else 'no row'} for {asked}"
                return
    for index, row in enumerate(entry.prices):
        if row not in used:
            yield f"prices[{index}]", "this row never applies"


def _durations_to_price(entry: ModelEntry, durations: Numbers) -> tuple[float, ...]:
    listed = {
        value
        for row in entry.prices
        if isinstance(row.durations_seconds, Listed)
        for value in row.durations_seconds.values
        if durations.allows(value)
    }
    return tuple(sorted({*durations.samples(), *listed}))
