"""The contract of a provider: submit, poll, cancel. A provider maps; the engine decides, waits, pays and persists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

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

    `path` is a file on this machine that the engine takes over (moves away) when it delivers.
    """

    url: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A terminal verdict. Only `charged=Charged.NO` allows another attempt.

    `lost` says that the task itself is gone without a verdict (a local engine's process ended): a free engine is
    simply asked again.
    """

    code: str
    message: str
    error_class: ErrorClass = ErrorClass.TRANSIENT
    retryable: bool = False
    charged: Charged = Charged.UNKNOWN
    upstream_code: str | None = None
    lost: bool = False


class Provider(Protocol):
    """One upstream or local engine. Stateless: whatever a later process needs is inside `ProviderTask`."""

    async def submit(self, request: VideoRequest, *, client_ref: str) -> ProviderTask:
        """Make the paid call once. Never retries by itself.

        Raises UpstreamRefused or UpstreamUnreachable (certainly nothing created), or OutcomeUnknown.
        """
        ...

    async def poll(self, task: ProviderTask) -> Pending | Succeeded | Failed:
        """Ask once how `task` stands; never waits, never costs, safe to repeat. Raises UpstreamError in passing."""
        ...

    async def cancel(self, task: ProviderTask) -> bool:
        """Stop `task` where the upstream can; False where it cannot. Safe to repeat."""
        ...
