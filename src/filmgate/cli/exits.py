"""Exit codes that scripts may rely on, and the error that carries one."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from filmgate.core.errors import ClientError, FilmgateError


class Exit(IntEnum):
    OK = 0
    ERROR = 1
    USAGE = 2
    VIDEO_FAILED = 3
    NOT_FOUND = 4
    NOT_ALLOWED = 5
    TIMED_OUT = 6
    INTERRUPTED = 130


MEANINGS = {
    Exit.OK: "ok",
    Exit.ERROR: "an error of the server, the network or this machine",
    Exit.USAGE: "the command line or the request is not valid",
    Exit.VIDEO_FAILED: "the video failed",
    Exit.NOT_FOUND: "not found",
    Exit.NOT_ALLOWED: "no valid API key, or it may not do this",
    Exit.TIMED_OUT: "--timeout or --wait passed before the video was finished",
    Exit.INTERRUPTED: "interrupted",
}

_BY_HTTP_STATUS = {
    400: Exit.USAGE,
    401: Exit.NOT_ALLOWED,
    402: Exit.NOT_ALLOWED,
    403: Exit.NOT_ALLOWED,
    404: Exit.NOT_FOUND,
    410: Exit.NOT_FOUND,
    413: Exit.USAGE,
    415: Exit.USAGE,
}


def exit_for_http_status(status: int) -> Exit:
    return _BY_HTTP_STATUS.get(status, Exit.ERROR)


def help_text() -> str:
    """The table of exit codes, as the foot of `filmgate --help`."""
    rows = [f"{code.value:>4}  {meaning}" for code, meaning in MEANINGS.items()]
    return "\n".join(["Exit codes:", *rows])


class CommandFailed(FilmgateError):
    """A command ends with `exit_code`. `message` is one line and says what to do; it never holds a secret.

    `code`, `type` and `param` are those of the error envelope: the server's own where the server spoke.
    """

    def __init__(
        self,
        message: str,
        exit_code: Exit = Exit.ERROR,
        *,
        code: str = "error",
        type_: str = "cli_error",
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.code = code
        self.type = type_
        self.param = param

    def envelope(self) -> dict[str, Any]:
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": error}

    def but(self, advice: str) -> CommandFailed:
        """The same failure with another sentence: what it means for the command that met it."""
        message = f"{self.message.rstrip('.')}. {advice}"
        return CommandFailed(message, self.exit_code, code=self.code, type_=self.type, param=self.param)


def usage_error(message: str, param: str | None = None) -> CommandFailed:
    return CommandFailed(message, Exit.USAGE, code="usage", type_="usage_error", param=param)


def from_filmgate_error(error: FilmgateError) -> CommandFailed:
    """Errors of our own packages, met without HTTP in between (keys, migrate, the embedded server)."""
    if isinstance(error, CommandFailed):
        return error
    if isinstance(error, ClientError):
        code = exit_for_http_status(error.http_status)
        return CommandFailed(error.message, code, code=error.code, type_=error.type, param=error.param)
    return CommandFailed(error.message)
