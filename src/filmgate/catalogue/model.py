"""One entry of the catalogue: everything that is known of a model, as its TOML table says it.

The field names are the keys that a contributor writes. Types and ranges are checked here, key by key; what several
keys mean together is checked in `checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from filmgate.catalogue.numbers import Listed, Span, numbers_from_toml
from filmgate.catalogue.sizes import Size, parse_aspect_ratio, parse_size
from filmgate.core.request import Mode


def _size(value: object) -> Size:
    if not isinstance(value, str):
        raise ValueError(f'must be a size such as "1280x720"; got {value!r}')
    return parse_size(value)


def _ratio_text(value: str) -> str:
    parse_aspect_ratio(value)
    return value


def _usd(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError(f'must be text such as "0.084", so that it is exact; got {value!r}')
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f'must be an amount such as "0.084"; got {value!r}') from None
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"must not be below 0; got {value!r}")
    return amount


def _one_or_more(value: object) -> object:
    return cast("list[object]", value) if isinstance(value, list) else (value,)


def _wording(value: object) -> object:
    return {"words": cast("list[object]", value)} if isinstance(value, list) else value


# TOML has lists where the entry is frozen, and words where Python has enums: these two may be converted, numbers never.
_ConvertList = Field(strict=False)
ModeWord = Annotated[Mode, Field(strict=False)]
Modes = Annotated[tuple[ModeWord, ...], _ConvertList]
Texts = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], _ConvertList]
NumberSet = Annotated[Listed | Span, PlainValidator(numbers_from_toml)]
SizeText = Annotated[Size, PlainValidator(_size)]
RatioText = Annotated[str, BeforeValidator(_ratio_text)]
Usd = Annotated[Decimal, PlainValidator(_usd)]
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]
Audio = Literal["none", "optional", "always"]
Feature = Literal["seed", "negative_prompt", "style", "quality_level", "camera"]
Features = Annotated[tuple[Feature, ...], _ConvertList]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Case:
    """What has been decided of a request so far. A condition on something undecided (None) does not hold."""

    mode: Mode
    audio: bool | None = None
    resolution: str | None = None


class When(Part):
    """In which cases a rule or a price holds; what is not named is open."""

    mode: Annotated[Modes, BeforeValidator(_one_or_more)] = ()
    audio: bool | None = None
    resolution: Annotated[Texts, BeforeValidator(_one_or_more)] = ()

    def holds_for(self, case: Case) -> bool:
        return (
            (not self.mode or case.mode in self.mode)
            and (self.audio is None or case.audio is self.audio)
            and (not self.resolution or case.resolution in self.resolution)
        )

    def __str__(self) -> str:
        """As words for a message: "in mode image_to_video with sound at 720p"."""
        words: list[str] = []
        if self.mode:
            words.append(f"in mode {' or '.join(self.mode)}")
        if self.audio is not None:
            words.append("with sound" if self.audio else "without sound")
        if self.resolution:
            words.append(f"at {' or '.join(self.resolution)}")
        return " ".join(words)


class Rule(Part):
    """Narrower limits in some cases. Limits are decided in the order audio, resolution, duration.

    So a rule may depend on what is decided earlier (`when`) and narrow what is decided later, never the reverse.
    `refused` closes the case altogether, and is the sentence that says why.
    """

    when: When
    audio: Audio | None = None
    resolutions: Texts | None = None
    durations_seconds: NumberSet | None = None
    native_fps: Count | None = None
    prompt_max_characters: Count | None = None
    without: Features | None = None
    refused: str | None = None


class PriceRow(When):
    """What one clip costs in some cases: the sum of the amounts given. Taxes and discounts are not in it.

    `usd_per_million_tokens` is for vendors that count a clip in video tokens: see `pricing.video_tokens`.
    """

    durations_seconds: NumberSet | None = None
    usd_per_second: Usd | None = None
    usd_per_clip: Usd | None = None
    usd_per_million_tokens: Usd | None = None


class FreeSize(Part):
    """Any size within bounds, made exactly. `short_side_px` says what each resolution name stands for."""

    min_px: Count
    max_px: Count
    multiple_of_px: Count
    default: SizeText
    short_side_px: Mapping[str, Count]


class Wording(Part):
    """A word of a list, or any text up to `max_characters` (then `words` are those known to have an effect)."""

    words: Texts = ()
    max_characters: Count | None = None


class ImageLimits(Part):
    """What every input image of the model has to be, and how many reference images it takes."""

    media_types: Texts = ("image/png", "image/jpeg", "image/webp")
    max_bytes: Count = 20 * 1024 * 1024
    min_side_px: Count = 1
    max_side_px: Count | None = None
    min_aspect_ratio: RatioText | None = None
    max_aspect_ratio: RatioText | None = None
    references_max: Annotated[int, Field(ge=0)] = 0


class Poll(Part):
    """When to ask the provider before anything has been learned of the model's pace."""

    first_seconds: Seconds
    every_seconds: Seconds


class ModelEntry(Part):
    """One model. None means that the model has no such thing, or where it says so, that nobody knows."""

    id: Annotated[str, Field(min_length=1, max_length=128)]
    provider: Annotated[str, Field(min_length=1)]
    upstream_model: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)]
    aliases: Texts = ()
    state: Literal["current", "retired"] = "current"
    retires_on: date | None = None
    successor: str | None = None

    modes: Annotated[Modes, Field(min_length=1)]
    prompt_required: Modes
    prompt_max_characters: Count = 5000
    prompt_flags: Texts = ()  # settings that the upstream would read out of the prompt: "dur" for "--dur 12"
    negative_prompt_max_characters: Count | None = None
    durations_seconds: NumberSet
    default_duration_seconds: Seconds
    # Exactly one of `sizes` (resolution name, then aspect ratio) and `free_size`. `resolutions` says which rows of
    # `sizes` the model makes, so that a provider's models can share one table; empty means all of them.
    sizes: Mapping[str, Mapping[RatioText, SizeText]] | None = None
    resolutions: Texts = ()
    default_resolution: str | None = None
    default_aspect_ratio: str = "16:9"
    follows_image_in: Modes = ()  # modes whose output has the aspect of the first frame, whatever is asked
    free_size: FreeSize | None = None
    fps: NumberSet | None = None  # frame rates one can ask for
    default_fps: Count | None = None
    native_fps: Count | None = None  # what a model without a choice makes; None: unknown
    seed_max: Count | None = None
    audio: Audio = "none"
    default_audio: bool = False
    style: Annotated[Wording | None, BeforeValidator(_wording)] = None
    quality_level: Annotated[Wording | None, BeforeValidator(_wording)] = None
    camera: Annotated[Wording | None, BeforeValidator(_wording)] = None
    caption: bool = False  # sets the prompt into the picture if metadata.caption asks for it
    n_max: Count = 4
    images: ImageLimits = ImageLimits()
    extra_fields: Texts = ()  # top-level request fields beyond the contract
    provider_options: Texts = ()  # keys passed to the provider untouched
    rules: Annotated[tuple[Rule, ...], _ConvertList] = ()

    prices: Annotated[tuple[PriceRow, ...], _ConvertList] = ()
    price: Literal["free", "unknown", "untracked"] | None = None  # instead of `prices`
    price_source: str | None = None
    checked_on: date | None = None

    typical_seconds: Seconds | None = None  # None: unknown until runs have been measured
    deadline_seconds: Seconds
    poll: Poll
    record_seconds: Seconds = 86_400.0  # how long the provider answers for a task after it was accepted
    verified: Literal["documentation", "simulator", "recording", "live"]
    wire: Mapping[str, Any] = Field(default_factory=dict[str, Any])  # for the adapter; opaque to everyone else

    def takes(self, feature: Feature) -> bool:
        """Whether the model has the feature at all; a rule may still take it away in some cases."""
        field = {"seed": "seed_max", "negative_prompt": "negative_prompt_max_characters"}.get(feature, feature)
        return getattr(self, field) is not None
