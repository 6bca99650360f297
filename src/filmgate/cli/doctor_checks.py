"""The checks of `filmgate doctor`. Each looks at one thing, changes nothing, and says what to do."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from filmgate.cli.api_client import Api
from filmgate.cli.exits import CommandFailed
from filmgate.cli.options import DEFAULT_URL
from filmgate.cli.outside import Outside
from filmgate.config import Settings, load_settings
from filmgate.core.errors import FilmgateError

if TYPE_CHECKING:
    from filmgate.cli.accounts import AccountState

LIBRARIES = ("av", "numpy", "opencv-python-headless", "pillow", "fastapi", "sqlalchemy", "httpx")
LITTLE_FREE_BYTES = 2 * 1024**3
NO_FREE_BYTES = 100 * 1024**2
RENDERER_SECONDS = 60.0
# Wall time and monotonic time may drift apart by so much while the checks run, and a file's time from ours.
CLOCK_TOLERANCE_SECONDS = 2.0
# No clock that is right shows an earlier year: this code did not exist.
FIRST_YEAR = 2026


class Health(StrEnum):
    GOOD = "ok"
    DOUBTFUL = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    health: Health
    found: str
    advice: str | None = None


def examine(
    config: Path | None, data: Path | None, url: str | None, api_key: str | None, outside: Outside
) -> list[Finding]:
    """Every check in order. One that fails in an unexpected way is broken, and the others go on."""
    wall_minus_monotonic = time.time() - time.monotonic()
    findings = [_looked_at("versions", _versions)]
    try:
        settings = load_settings(config, data=data)
    except FilmgateError as error:
        findings.append(Finding("settings", Health.BROKEN, error.message, "Mend this setting; the rest needs it"))
    else:
        findings += [
            _looked_at("data folder", lambda: data_folder(settings)),
            _looked_at("database", lambda: database(settings)),
            _looked_at("models", lambda: models(settings)),
            *accounts(settings),
        ]
    return [
        *findings,
        _looked_at("encoder", encoder),
        _looked_at("renderer", renderer),
        _looked_at("clock", lambda: clock(wall_minus_monotonic)),
        _looked_at("server", lambda: server(url, outside)),
        _looked_at("API key", lambda: key(url, api_key, outside)),
    ]


def _looked_at(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except FilmgateError as error:
        return Finding(name, Health.BROKEN, error.message)
    except Exception as error:  # noqa: BLE001 - a doctor survives whatever the patient has
        return Finding(name, Health.BROKEN, f"{type(error).__name__}: {error}", "Reinstall filmgate, or report this")


def _versions() -> Finding:
    missing: list[str] = []
    found = [f"Python {platform.python_version()}"]
    for library in ("filmgate", *LIBRARIES):
        try:
            found.append(f"{library} {metadata.version(library)}")
        except metadata.PackageNotFoundError:
            missing.append(library)
    if missing:
        return Finding("versions", Health.BROKEN, f"missing: {', '.join(missing)}", "Reinstall filmgate")
    return Finding("versions", Health.GOOD, ", ".join(found))


def data_folder(settings: Settings) -> Finding:
    """Whether the server can write there; a folder that does not exist yet is judged by the one it would be made in."""
    folder = settings.data.resolve()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        advice = "Give this user the right to write there, or name another folder with --data"
        return Finding("data folder", Health.BROKEN, f"{existing} cannot be written to ({error.strerror})", advice)
    free_bytes = shutil.disk_usage(existing).free
    found = f"{folder}{'' if existing == folder else ' (will be made)'}, {free_bytes / 1024**3:.1f} GB free"
    if free_bytes < NO_FREE_BYTES:
        return Finding("data folder", Health.BROKEN, found, "Make room; videos cannot be stored")
    if free_bytes < LITTLE_FREE_BYTES:
        return Finding("data folder", Health.DOUBTFUL, found, "Make room, or shorten FILMGATE_RETENTION")
    return Finding("data folder", Health.GOOD, found)


def database(settings: Settings) -> Finding:
    from filmgate.cli.local_database import database_name, inspect_database
    from filmgate.store.migrate import HEAD

    name = database_name(settings)
    if not settings.database_url and not settings.database_path.exists():
        return Finding("database", Health.GOOD, f"{name} (will be made by `filmgate serve`)")
    state = inspect_database(settings)
    if state.problem:
        advice = "Stop the server and restore a backup of the data folder"
        return Finding("database", Health.BROKEN, f"{name} is damaged: {state.problem}", advice)
    if state.revision is None:
        return Finding("database", Health.DOUBTFUL, f"{name} is empty", "Run `filmgate migrate`, or `filmgate serve`")
    if state.revision != HEAD:
        advice = "Run `filmgate migrate`; if this schema is newer than the program, upgrade filmgate"
        return Finding("database", Health.DOUBTFUL, f"{name} is at schema {state.revision}, not at {HEAD}", advice)
    return Finding("database", Health.GOOD, f"{name}, schema {HEAD}, sound")


def encoder() -> Finding:
    """Ten frames to H.264 and back."""
    import io

    import av
    import numpy as np

    frames = 10
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(frames):
            picture = np.full((64, 64, 3), number * 20, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as container:
        decoded = sum(1 for _ in container.decode(video=0))
    ffmpeg = ".".join(str(part) for part in av.library_versions["libavcodec"])
    if decoded != frames:
        advice = "Reinstall the package av"
        return Finding("encoder", Health.BROKEN, f"{frames} frames encoded, {decoded} came back", advice)
    return Finding("encoder", Health.GOOD, f"H.264: {frames} frames encoded and decoded (libavcodec {ffmpeg})")


def renderer() -> Finding:
    """Start the process that draws animatic-1, and let it go."""
    command = [sys.executable, "-m", "filmgate.animatic.child"]
    started_at = time.monotonic()
    try:
        # Its input is at its end at once, so it leaves after saying that it is ready.
        ended = subprocess.run(command, input=b"", capture_output=True, timeout=RENDERER_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        advice = "See whether the machine is overloaded or out of memory"
        return Finding("renderer", Health.BROKEN, f"did not start within {RENDERER_SECONDS:g} s", advice)
    took_seconds = time.monotonic() - started_at
    lines = ended.stdout.splitlines()
    if not lines or json.loads(lines[0]).get("event") != "ready":
        words = ended.stderr.decode(errors="replace").strip().splitlines()
        reason = words[-1] if words else f"exit code {ended.returncode}"
        return Finding("renderer", Health.BROKEN, f"animatic-1 does not start: {reason}", "Reinstall filmgate")
    return Finding("renderer", Health.GOOD, f"animatic-1 starts in {took_seconds:.1f} s")


def models(settings: Settings) -> Finding:
    from filmgate.catalogue.loader import load_catalogue

    entries = load_catalogue(settings.catalogue_tables(), aliases=settings.aliases).entries()
    providers = sorted({entry.provider for entry in entries})
    return Finding("models", Health.GOOD, f"{len(entries)} models of {', '.join(providers)}; all can be rehearsed")


def accounts(settings: Settings) -> list[Finding]:
    """One finding for each account, or one that says that there is none. Nobody outside is asked."""
    from filmgate.cli.accounts import account_states

    try:
        states = account_states(settings)
    except FilmgateError as error:
        return [Finding("accounts", Health.BROKEN, error.message, "Mend this account; the server does not start")]
    if not states:
        return [Finding("accounts", Health.GOOD, "none; animatic-1 and rehearsals work without one")]
    return [_account(state) for state in states]


def _account(state: AccountState) -> Finding:
    name = f"account {state.name}"
    slots = f"{state.slots_in_use} of {state.max_concurrent}" if state.max_concurrent else str(state.slots_in_use)
    found = f"{state.provider or 'former'}, {slots} slots in use, {state.waiting} waiting"
    if state.state == "closed":
        return Finding(name, Health.GOOD, found)
    if state.state == "former":
        return Finding(name, Health.DOUBTFUL, f"{found}; {state.reason}", "Put it back if videos wait for it")
    advice = "Mend what the vendor says; one video tries the account again when its time is over"
    return Finding(name, Health.DOUBTFUL, f"{found}; {state.state}: {state.reason}", advice)


def clock(wall_minus_monotonic: float) -> Finding:
    """`wall_minus_monotonic` was taken when the checks began: a jump in between is seen."""
    now = time.time()
    year = datetime.fromtimestamp(now, UTC).year
    jump_seconds = now - time.monotonic() - wall_minus_monotonic
    with tempfile.NamedTemporaryFile() as file:
        file_seconds = Path(file.name).stat().st_mtime - time.time()
    found = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    advice = "Set the clock (NTP): links, expiry and signatures of providers depend on it"
    if year < FIRST_YEAR:
        return Finding("clock", Health.BROKEN, f"{found} cannot be", advice)
    if abs(jump_seconds) > CLOCK_TOLERANCE_SECONDS:
        return Finding("clock", Health.DOUBTFUL, f"{found}; it jumped by {jump_seconds:+.1f} s just now", advice)
    if abs(file_seconds) > CLOCK_TOLERANCE_SECONDS:
        return Finding("clock", Health.DOUBTFUL, f"{found}; new files are {file_seconds:+.1f} s off", advice)
    return Finding("clock", Health.GOOD, found)


def server(url: str | None, outside: Outside) -> Finding:
    from filmgate import __version__

    if url is None:
        return Finding("server", Health.GOOD, "none named (FILMGATE_URL); `filmgate create` starts one of its own")
    api = Api(url, None, outside)
    try:
        version = str(api.call("GET", "/healthz").get("version"))
        api.call("GET", "/readyz")
    except CommandFailed as failed:
        return Finding("server", Health.BROKEN, failed.message, "Start it with `filmgate serve`, or see its log")
    finally:
        api.close()
    if version != __version__:
        advice = "Bring both to the same version"
        return Finding("server", Health.DOUBTFUL, f"{url} has version {version}, this is {__version__}", advice)
    return Finding("server", Health.GOOD, f"{url} is ready, version {version}")


def key(url: str | None, api_key: str | None, outside: Outside) -> Finding:
    """Whether there is a key, and whether the server that is named takes it. The key itself is not shown."""
    if not api_key:
        if url is None:
            return Finding("API key", Health.GOOD, "none, and no server that would need one")
        advice = "Make one with `filmgate keys create --test`, and set FILMGATE_API_KEY"
        return Finding("API key", Health.DOUBTFUL, "FILMGATE_API_KEY is not set", advice)
    if not api_key.startswith(("sk-test-", "sk-live-")):
        advice = "Copy it again: sk-test-… or sk-live-…"
        return Finding("API key", Health.DOUBTFUL, "FILMGATE_API_KEY has not the form of a key", advice)
    mode = api_key[3:7]
    if url is None:
        return Finding("API key", Health.GOOD, f"a {mode} key is set (for {DEFAULT_URL}, as FILMGATE_URL is not set)")
    api = Api(url, api_key, outside)
    try:
        found = api.call("GET", "/v1/models")["data"]
    except CommandFailed as failed:
        return Finding("API key", Health.BROKEN, failed.message)
    finally:
        api.close()
    available = sum(1 for model in found if model["filmgate"]["available"])
    return Finding("API key", Health.GOOD, f"a {mode} key; {available} of {len(found)} models are available to it")
