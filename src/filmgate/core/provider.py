"""The contract of a provider: submit, poll, cancel. A provider maps; the engine decides, waits, pays and persists.

What only some upstreams can do (find a lost task, answer for many tasks at once, guard their downloads, call back) is
a small protocol each: a provider has it by having the method.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from filmgate.core.errors import Charged, ErrorClass
from filmgate.core.request import VideoRequest


@dataclass(frozen=True, slots=True)
class ProviderTask:
    """The upstream's own job. `data` is JSON-safe and holds all that a later process needs to go on."""

    id: str
    data: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Pending:
    """Not finished. `progress_percent` is None where the upstream reports no figure."""

    progress_percent: int | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Succeeded:
    """Finished: exactly one of `url` and `path` says where the file is.

    `path` is a file on this machine that the engine takes over (moves away) when it delivers. `understood` is how the
    model read the prompt, JSON-safe, where it tells.
    """

    url: str | None = None
    path: str | None = None
    understood: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A terminal verdict. Only `charged=Charged.NO` allows another attempt, and only `retryable` asks for one.

    `lost` says that the task itself is gone without a verdict (a local engine's process ended): a free engine is
    simply asked again. `doubtful` marks a verdict that contradicts itself, such as a success without a file, which a
    broken answer looks like, too: it is believed when it is told twice.
    """

    code: str
    message: str
    error_class: ErrorClass = ErrorClass.TRANSIENT
    retryable: bool = False
    charged: Charged = Charged.UNKNOWN
    upstream_code: str | None = None
    lost: bool = False
    doubtful: bool = False


Answer = Pending | Succeeded | Failed


class Provider(Protocol):
    """One upstream or local engine. Stateless: whatever a later process needs is inside `ProviderTask`."""

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        """Make the paid call once. Never retries by itself.

        `client_ref` is unique to this attempt; it is sent along where the upstream has a place for it.
        `callback_url` is where the upstream may call when the task moves; None: nobody outside can reach us.
        Raises UpstreamRefused or UpstreamUnreachable (certainly nothing created), or OutcomeUnknown; nothing else.
        """
        ...

    async def poll(self, task: ProviderTask) -> Answer:
        """Ask once how `task` stands; never waits, never costs, safe to repeat. Raises UpstreamBusy in passing."""
        ...

    async def cancel(self, task: ProviderTask) -> bool:
        """Stop `task`. True only where it is stopped and costs nothing; safe to repeat. Raises UpstreamBusy.

        After False the engine watches what becomes of it, since it may still end and be charged.
        """
        ...


@dataclass(frozen=True, slots=True)
class Found:
    task: ProviderTask


@dataclass(frozen=True, slots=True)
class Absent:
    """The upstream answered, and it has no task of this attempt at this moment."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """There may be one, or it cannot be told apart from others. `final`: asking again would not tell, either."""

    reason: str
    final: bool = False


@runtime_checkable
class FindsTasks(Protocol):
    async def find(
        self, request: VideoRequest, *, client_ref: str, submitted_at: float, taken: Collection[str]
    ) -> Found | Absent | Unsure:
        """Look for the task of a submit whose reply was lost. Costs nothing, safe to repeat. Raises UpstreamBusy.

        `taken` are the task ids of other attempts on this account since `submitted_at` (Unix seconds).
        """
        ...


@runtime_checkable
class SubmitsOnce(Protocol):
    """Repeating `submit` with the same `client_ref` gets the first task instead of creating a second."""

    @property
    def submits_once(self) -> bool: ...


@runtime_checkable
class PollsMany(Provider, Protocol):
    """An upstream that tells of up to `most_polled` tasks in one call."""

    @property
    def most_polled(self) -> int: ...

    def batch_key(self, task: ProviderTask) -> str | None:
        """Tasks with the same key may share a call; None: this one is polled alone."""
        ...

    async def poll_many(self, tasks: Sequence[ProviderTask]) -> Mapping[str, Answer]:
        """`poll` for all of `tasks`, by task id. One that is missing was not told of. Raises UpstreamBusy."""
        ...


@runtime_checkable
class GuardsDownloads(Protocol):
    async def download_headers(self, url: str) -> Mapping[str, str]:
        """The headers that fetching the result `url` needs; none for a host that is not the upstream's own.

        Raises UpstreamBusy.
        """
        ...


@dataclass(frozen=True, slots=True)
class CallbackHeard:
    """What a callback means. It never proves anything: at most it is a hint to poll now.

    `genuine` False: its signature is missing or wrong. `answer` is the JSON to answer with.
    """

    genuine: bool
    answer: Mapping[str, Any] = field(default_factory=dict[str, Any])


@runtime_checkable
class HearsCallbacks(Protocol):
    def hear(self, headers: Mapping[str, str], body: bytes, *, now: float) -> CallbackHeard:
        """Judge a callback by its headers (lower-case names) and raw body. Never raises."""
        ...
