"""The command line as people run it: real processes, a real server, real files."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import av

from .conftest import Served

SMALL = ("--size", "128x72", "--fps", "12", "--duration", "1")
LONG_WAIT = '{"rehearse": {"wait_seconds": 600}}'


def start(
    *arguments: str, folder: Path, server: Served | None = None, stderr: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """`filmgate …` in `folder`, with its temporary files there, too."""
    named = {"FILMGATE_URL": server.url, "FILMGATE_API_KEY": server.key} if server else {}
    return subprocess.Popen(
        [sys.executable, "-m", "filmgate", *arguments],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder), "FILMGATE_RENDER_SLOTS": "1", "COLUMNS": "300"} | named,
    )


def run(*arguments: str, folder: Path, server: Served | None = None) -> tuple[int, str, str]:
    process = start(*arguments, folder=folder, server=server)
    stdout, stderr = process.communicate(timeout=120)
    return process.returncode, stdout, stderr


def interrupted_in_progress(*arguments: str, folder: Path, server: Served | None = None) -> tuple[int, str, str]:
    """A command on a terminal, interrupted by Ctrl-C as soon as its bar shows that the video is in progress."""
    terminal, slave = pty.openpty()
    process = start(*arguments, folder=folder, server=server, stderr=slave)
    os.close(slave)
    shown = b""
    with contextlib.suppress(OSError):  # Linux says so when the other side is closed
        while chunk := os.read(terminal, 65536):
            if b"in progress" not in shown and b"in progress" in shown + chunk:
                process.send_signal(signal.SIGINT)
            shown += chunk
    os.close(terminal)
    stdout, _ = process.communicate(timeout=30)
    return process.returncode, stdout, shown.decode()


def test_a_prompt_becomes_a_file_without_any_server(tmp_path: Path) -> None:
    code, stdout, stderr = run("create", "waves in the sea", *SMALL, "--seed", "7", folder=tmp_path)
    assert (code, stderr) == (0, "")
    assert stdout.startswith("waves-in-the-sea.mp4  128x72, 12 fps, 1 s, seed 7, ")
    with av.open(str(tmp_path / "waves-in-the-sea.mp4")) as container:
        frames = [(frame.width, frame.height) for frame in container.decode(video=0)]
    assert frames == [(128, 72)] * 12
    assert [path.name for path in tmp_path.iterdir()] == ["waves-in-the-sea.mp4"], "nothing else is left behind"


def test_data_keeps_the_video_and_leaves_no_key_that_works(tmp_path: Path) -> None:
    code, stdout, stderr = run("create", "waves", *SMALL, "--data", "kept", "--json", folder=tmp_path)
    assert (code, stderr) == (0, "")
    assert json.loads(stdout)["files"] == ["waves.mp4"]
    stored = [path.read_bytes() for path in (tmp_path / "kept" / "media").rglob("*.mp4")]
    assert stored == [(tmp_path / "waves.mp4").read_bytes()]
    _, stdout, _ = run("keys", "list", "--data", "kept", "--json", folder=tmp_path)
    assert all(key["revoked_at"] for key in json.loads(stdout)["data"])


def test_the_commands_together_on_a_server(server: Served, tmp_path: Path) -> None:
    made = json.loads(run("keys", "create", "--data", str(server.data), "--json", folder=tmp_path)[1])
    served = Served(server.url, made["key"], server.process, server.data)

    code, stdout, stderr = run("create", "waves", *SMALL, "--user", "cli", "--no-wait", folder=tmp_path, server=served)
    assert code == 0, stderr
    video_id = stdout.strip()
    assert run("get", video_id, "--wait", "60", folder=tmp_path, server=served)[0] == 0
    _, stdout, _ = run("list", "--user", "cli", folder=tmp_path, server=served)
    assert [line.split()[:2] for line in stdout.splitlines()[1:]] == [[video_id, "completed"]]
    assert run("download", video_id, "-o", "clip.mp4", folder=tmp_path, server=served)[0] == 0
    assert (tmp_path / "clip.mp4").read_bytes()[4:8] == b"ftyp"
    assert run("download", video_id, "--variant", "spritesheet", folder=tmp_path, server=served)[0] == 0
    code, _, stderr = run("cancel", video_id, folder=tmp_path, server=served)
    assert (code, stderr) == (1, f"error: Video '{video_id}' is completed already\n")
    assert run("delete", video_id, folder=tmp_path, server=served)[0] == 0
    assert run("get", video_id, folder=tmp_path, server=served)[0] == 4


def test_ctrl_c_leaves_the_video_to_a_server(server: Served, tmp_path: Path) -> None:
    arguments = ("create", "waves", "--user", "ctrl-c", "--metadata", LONG_WAIT)
    code, stdout, shown = interrupted_in_progress(*arguments, folder=tmp_path, server=server)
    with server.http as http:
        [video] = http.get("/v1/videos", params={"user": "ctrl-c"}).json()["data"]
        http.delete(f"/v1/videos/{video['id']}")
    assert (code, stdout) == (130, "")
    assert f"filmgate get {video['id']} --wait" in shown
    assert video["status"] == "in_progress"


def test_ctrl_c_on_a_server_of_its_own_leaves_nothing_behind(tmp_path: Path) -> None:
    code, stdout, shown = interrupted_in_progress("create", "waves", "--duration", "60", folder=tmp_path)
    assert (code, stdout) == (130, "")
    assert "interrupted. The video was given up, since its server ends with this command" in shown
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_is_no_error(server: Served, tmp_path: Path) -> None:
    process = start("models", "--json", folder=tmp_path, server=server)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait(timeout=30)
