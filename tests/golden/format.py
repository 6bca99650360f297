"""The golden files' format, which README.md beside this file explains. Anything it does not know is an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from filmgate.core.request import VideoParams

FOLDER = Path(__file__).parent
_FIXED_NOW = 1_790_000_000.0  # 2026-09-21T14:13:20Z
_OPERATIONS = ("submit", "poll", "poll_many", "cancel", "find", "download_headers", "hear")
_PARAM_NAMES = frozenset(VideoParams.__dataclass_fields__)


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _params(params: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(params.keys() - _PARAM_NAMES):
        raise ValueError(f"{', '.join(unknown)}: no field of VideoParams")
    return params


def _transport_error(name: str) -> str:
    error = getattr(httpx, name, None)
    if not (isinstance(error, type) and issubclass(error, httpx.TransportError)):
        raise ValueError(f"{name!r} is no httpx.TransportError")
    return name


Params = Annotated[dict[str, Any], AfterValidator(_params)]
Text = Annotated[str, Field(min_length=1)]


class GivenImage(Part):
    file: Literal["png", "jpeg", "webp"]
    url: str | None = None


class GivenImages(Part):
    first_frame: GivenImage | None = None
    last_frame: GivenImage | None = None
    references: list[GivenImage] = []

    def by_role(self) -> dict[str, GivenImage]:
        """By the names that `$base64:` and `$data_uri:` use."""
        frames = {"first_frame": self.first_frame, "last_frame": self.last_frame}
        references = {f"reference_{index}": image for index, image in enumerate(self.references)}
        return {role: image for role, image in {**frames, **references}.items() if image is not None}


class Asked(Part):
    """What the client asked; the catalogue fits it to the model before the adapter sees it."""

    params: Params
    images: GivenImages = GivenImages()


class Submit(Asked):
    callback_url: str | None = None


class Find(Asked):
    submitted_at: float
    taken: list[str] = []


class Task(Part):
    id: Text
    data: dict[str, Any]


class Download(Part):
    url: Text


class Callback(Part):
    headers: dict[str, str]
    body: str


class ExpectedRequest(Part):
    """Exactly one of `json_body` and `form`, or neither: then the body is empty."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    url: Text
    headers: dict[str, str] = {}
    json_body: Any = Field(default=None, alias="json")
    form: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.has_json and self.form is not None:
            raise ValueError("json and form exclude each other")
        return self

    @property
    def has_json(self) -> bool:
        return "json_body" in self.model_fields_set


class GivenReply(Part):
    """Exactly one of `json_body`, `text` and `raises`."""

    status: Annotated[int, Field(ge=200, le=599)] = 200
    headers: dict[str, str] = {}
    json_body: Any = Field(default=None, alias="json")
    text: str | None = None
    raises: Annotated[str, AfterValidator(_transport_error)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = self.model_fields_set & {"json_body", "text", "raises"}
        if len(given) != 1:
            raise ValueError("give exactly one of json, text and raises")
        if given == {"raises"} and len(self.model_fields_set) > 1:
            raise ValueError("a reply that raises has no status and no headers")
        return self

    def content(self) -> bytes:
        return json.dumps(self.json_body).encode() if self.text is None else self.text.encode()


class Exchange(Part):
    request: ExpectedRequest
    reply: GivenReply


class Pending(Part):
    progress_percent: int | None = None
    warning_has: Text | None = None


class Succeeded(Part):
    url: Text | None = None
    file: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.url is None) == (self.file is None):
            raise ValueError("give exactly one of url and file")
        return self


class Failed(Part):
    code: Text
    message_has: Text | None = None
    error_class: Text | None = None
    retryable: bool | None = None
    charged: Literal["no", "yes", "unknown"] | None = None
    upstream_code: Text | None = None


class Raises(Part):
    type: Literal["UpstreamRefused", "UpstreamUnreachable", "UpstreamBusy", "OutcomeUnknown"]
    message_has: Text | None = None
    error_class: Text | None = None
    retryable: bool | None = None
    charged: Literal["no", "yes", "unknown"] | None = None
    upstream_code: Text | None = None
    retry_after_seconds: float | None = None


class Heard(Part):
    genuine: bool
    answer: dict[str, Any] = {}


class Verdict(Part):
    """What a poll may say."""

    pending: Pending | None = None
    succeeded: Succeeded | None = None
    failed: Failed | None = None

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"give exactly one of {', '.join(type(self).model_fields)}")
        return self


class Then(Verdict):
    task: Task | None = None
    verdicts: dict[str, Verdict] | None = None
    cancelled: bool | None = None
    found: Task | None = None
    absent: Literal[True] | None = None
    unsure: Text | None = None
    download_headers: dict[str, str] | None = None
    heard: Heard | None = None
    raises: Raises | None = None

    def wanted(self) -> dict[str, Any]:
        """As the file says it: only the keys given."""
        return self.model_dump(mode="json", exclude_unset=True, by_alias=True)


class Case(Part):
    name: Text
    account: dict[str, Any] | None = None
    now: float | None = None
    submit: Submit | None = None
    poll: Task | None = None
    poll_many: list[Task] | None = None
    cancel: Task | None = None
    find: Find | None = None
    download_headers: Download | None = None
    hear: Callback | None = None
    upstream: list[Exchange] = []
    then: Then

    @model_validator(mode="after")
    def _one_operation(self) -> Self:
        if len(self.model_fields_set & set(_OPERATIONS)) != 1:
            raise ValueError(f"give exactly one of {', '.join(_OPERATIONS)}")
        return self

    @property
    def operation(self) -> str:
        return next(name for name in _OPERATIONS if name in self.model_fields_set)


class GoldenFile(Part):
    origin: Literal["documentation", "recorded"]
    source: Text
    account: dict[str, Any]
    models: list[dict[str, Any]] = []
    now: float = _FIXED_NOW
    cases: Annotated[list[Case], Field(min_length=1)]

    @field_validator("cases")
    @classmethod
    def _names_differ(cls, cases: list[Case]) -> list[Case]:
        names = [case.name for case in cases]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two cases are named {twice[0]!r}")
        return cases


class BadGoldenFile(Exception):
    """A golden file that is not in the format; says where and what."""


def golden_paths(provider: str | None = None) -> list[Path]:
    return sorted(FOLDER.glob(f"{provider or '*'}/*.json"))


def read_golden_file(path: Path) -> GoldenFile:
    """Raises BadGoldenFile."""
    try:
        return GoldenFile.model_validate_json(path.read_bytes())
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
        raise BadGoldenFile(f"{path.parent.name}/{path.name}: " + "; ".join(problems)) from None
