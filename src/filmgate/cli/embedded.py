"""A server inside this process for one command: in a folder that is thrown away, or in one that is kept."""

from __future__ import annotations

import contextlib
import signal
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from filmgate.cli.local_database import in_transaction, open_folder
from filmgate.cli.logs import configure_logging
from filmgate.cli.serving import EmbeddedServer, embedded_server
from filmgate.config import Settings, load_settings
from filmgate.core.clock import SystemClock
from filmgate.store import keys
from filmgate.store.database import Transaction

KEY_NAME = "filmgate create"


@contextlib.contextmanager
def server_inside(data: Path | None, log_level: str) -> Generator[EmbeddedServer]:
    """A server on a free port with a test key of its own. The key is of no use once the block is left.

    Without `data` everything is removed at the end, also on SIGTERM. Raises ConfigError.
    """
    configure_logging(log_level)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_stopped_cleanly_by_sigterm())
        if data is None:
            temporary = tempfile.TemporaryDirectory(prefix="filmgate-", ignore_cleanup_errors=True)
            yield stack.enter_context(embedded_server(_settings(Path(stack.enter_context(temporary)))))
            return
        settings = _settings(data)
        open_folder(settings)
        secret = stack.enter_context(_passing_key(settings))
        yield stack.enter_context(embedded_server(settings, secret))


def _settings(data: Path) -> Settings:
    """The caller's settings, but for this machine alone: a database for a fleet is none of this command's business."""
    return load_settings(data=data, host="127.0.0.1", port=0, database_url="", public_url="")


@contextlib.contextmanager
def _passing_key(settings: Settings) -> Generator[str]:
    clock = SystemClock()

    def create(tx: Transaction) -> tuple[str, str]:
        project_id = keys.ensure_project(tx, keys.DEFAULT_PROJECT, now=clock.now())
        key, secret = keys.create_key(tx, project_id=project_id, mode="test", name=KEY_NAME, now=clock.now())
        return key.id, secret

    key_id, secret = in_transaction(settings, create)
    try:
        yield secret
    finally:
        in_transaction(settings, lambda tx: keys.revoke_key(tx, key_id, now=clock.now()))


@contextlib.contextmanager
def _stopped_cleanly_by_sigterm() -> Generator[None]:
    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + signal.SIGTERM)

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
