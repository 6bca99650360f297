"""What happens to a value that a model cannot do: refused, or replaced by the nearest and reported."""

from __future__ import annotations

from typing import Any, TypeVar

from filmgate.catalogue.numbers import plain
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Adjustment

_Value = TypeVar("_Value")

_LONGEST_QUOTED = 80  # characters of the client's own text in a message


class Mismatches:
    """Collects what the client has to be told of one request. `on_mismatch` is the client's choice."""

    def __init__(self, on_mismatch: str) -> None:
        self.nearest = on_mismatch == "nearest"
        self.adjustments: list[Adjustment] = []
        self.warnings: list[str] = []

    def settle(self, param: str, *, asked: Any, used: _Value, reason: str, code: str = "invalid_parameter") -> _Value:
        """`used`, noted as an adjustment. Raises InvalidRequest instead unless the client takes the nearest value."""
        asked_plainly, used_plainly = _plainly(asked), _plainly(used)
        if not self.nearest:
            raise InvalidRequest(f"{param}: {reason}; got {_shortly(asked_plainly)}", code=code, param=param)
        self.adjustments.append(Adjustment(param, asked_plainly, used_plainly, reason))
        return used

    def drop(self, param: str, *, asked: Any, reason: str) -> None:
        """Do without something that the model does not have. Raises InvalidRequest (`unsupported_parameter`)."""
        self.settle(param, asked=asked, used=None, reason=reason, code="unsupported_parameter")

    def warn(self, warning: str) -> None:
        self.warnings.append(warning)


def _shortly(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"


def _plainly(value: Any) -> Any:
    return plain(value) if isinstance(value, float) else value
