"""Deaths at chosen places: what SIGKILL does to a process, tried at every point of a story one by one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any


class Killed(BaseException):
    """What SIGKILL is to a process: nothing after it runs."""


@dataclass
class Kills:
    """Counts the places a process can die at, and dies at one of them."""

    at: int | None = None
    places: list[str] = field(default_factory=list)

    def _pass(self, place: str) -> None:
        self.places.append(place)
        if self.at == len(self.places) - 1:
            raise Killed(place)

    async def around(self, what: str, call: Callable[[], Awaitable[Any]]) -> Any:
        self._pass(f"before {what}")
        result = await call()
        self._pass(f"after {what}")
        return result


@dataclass
class Mortal:
    """Stands before a database, an adapter or the delivery. Reading never kills: it changes nothing."""

    inner: Any
    kills: Kills
    names: tuple[str, ...]

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.inner, name)
        if name not in self.names:
            return method

        async def mortal(*arguments: Any, **named: Any) -> Any:
            return await self.kills.around(name, lambda: method(*arguments, **named))

        return mortal
