"""The engine's test double: an upstream that does what its script says and counts what it was asked.

It keeps two books apart, as the world does: what the upstream knows (`tasks`, `submissions`) and what it told us.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from filmgate.core.errors import Charged, OutcomeUnknown, UpstreamBusy, UpstreamError
from filmgate.core.provider import Failed, Pending, ProviderTask, Succeeded
from filmgate.core.request import VideoRequest

Scripted = Pending | Succeeded | Failed | UpstreamError


@dataclass(slots=True)
class FakeTask:
    client_ref: str
    request: VideoRequest
    answers: deque[Scripted]
    cancelled: bool = False
    polls: int = 0


@dataclass(slots=True)
class FakeProvider:
    """Script it before use: each submission takes the next entry of `submit_script`, each task a copy of `answers`.

    The last answer is repeated for ever, so `[Pending()]` hangs and `[Pending(), Succeeded(...)]` comes back.
    """

    answers: list[Scripted] = field(default_factory=lambda: [Pending(None)])
    submit_script: deque[str | UpstreamError] = field(default_factory=deque[str | UpstreamError])
    can_cancel: bool = True
    on_submit: Callable[[VideoRequest], None] | None = None
    tasks: dict[str, FakeTask] = field(default_factory=dict[str, FakeTask])

    def script(self, *steps: str | UpstreamError) -> None:
        """Steps: "accept", "lose_reply" (created, but the reply is lost), or an error to raise without creating."""
        self.submit_script.extend(steps)

    def answer_with(self, answers: Iterable[Scripted]) -> None:
        self.answers = list(answers)

    @property
    def submissions(self) -> int:
        """How many tasks the upstream has: what it would bill for."""
        return len(self.tasks)

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        if self.on_submit is not None:
            self.on_submit(request)
        step = self.submit_script.popleft() if self.submit_script else "accept"
        if isinstance(step, UpstreamError):
            raise step
        task_id = f"fake-{len(self.tasks) + 1}"
        self.tasks[task_id] = FakeTask(client_ref, request, deque(self.answers))
        if step == "lose_reply":
            raise OutcomeUnknown("the connection closed before the reply", charged=Charged.UNKNOWN)
        return ProviderTask(task_id, {"made_by": "fake"})

    async def poll(self, task: ProviderTask) -> Pending | Succeeded | Failed:
        known = self.tasks.get(task.id)
        if known is None:
            raise UpstreamBusy(f"task {task.id!r} is not known here")
        known.polls += 1
        answer = known.answers.popleft() if len(known.answers) > 1 else known.answers[0]
        if isinstance(answer, UpstreamError):
            raise answer
        return answer

    async def cancel(self, task: ProviderTask) -> bool:
        if self.can_cancel and task.id in self.tasks:
            self.tasks[task.id].cancelled = True
            return True
        return False
