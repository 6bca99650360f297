"""Where log lines go: stderr, each with time, level, logger and message."""

from __future__ import annotations

import logging
import sys

from filmgate.cli.exits import usage_error

LEVELS = ("debug", "info", "warning", "error", "critical")

# Each says more at INFO than an operator wants to read.
_CHATTY = ("pgqueuer", "httpx", "httpcore", "alembic", "uvicorn.error", "asyncio")


def configure_logging(level: str) -> None:
    """Plain lines, or Rich's on a terminal. Raises CommandFailed for a level that does not exist."""
    if level.lower() not in LEVELS:
        raise usage_error(f"--log-level: {level!r} is not known; allowed are {', '.join(LEVELS)}", "log_level")
    handler, line = _handler()
    handler.setFormatter(logging.Formatter(line, "%Y-%m-%d %H:%M:%S"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    if level.lower() == "debug":
        return
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


def _handler() -> tuple[logging.Handler, str]:
    if not sys.stderr.isatty():
        return logging.StreamHandler(), "%(asctime)s %(levelname)s %(name)s: %(message)s"
    from rich.logging import RichHandler

    from filmgate.cli.output import error_console

    handler = RichHandler(console=error_console(), show_path=False, log_time_format="%Y-%m-%d %H:%M:%S", markup=False)
    return handler, "%(name)s: %(message)s"
