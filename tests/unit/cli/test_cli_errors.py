from __future__ import annotations

import ast
import re
import subprocess
import sys

import httpx
import pytest
from cli_harness import VIDEO_ID, Cli, FakeServer, answer, refusal, video

from filmgate.cli.exits import Exit, help_text

GET = f"GET /v1/videos/{VIDEO_ID}"


@pytest.mark.parametrize(
    ("status", "exit_code"),
    [
        (400, Exit.USAGE),
        (401, Exit.NOT_ALLOWED),
        (402, Exit.NOT_ALLOWED),
        (403, Exit.NOT_ALLOWED),
        (404, Exit.NOT_FOUND),
        (409, Exit.ERROR),
        (410, Exit.NOT_FOUND),
        (429, Exit.ERROR),
        (500, Exit.ERROR),
    ],
)
def test_the_answer_decides_the_exit_code_and_its_message_is_the_one_line(
    cli: Cli, server: FakeServer, status: int, exit_code: Exit
) -> None:
    server.on(GET, refusal(status, "some_code", "size: 3 is not allowed"))
    ran = cli("get", VIDEO_ID)
    assert (ran.exit_code, ran.stdout, ran.stderr) == (exit_code, "", "error: size: 3 is not allowed\n")


def test_with_json_the_servers_envelope_is_on_stderr_and_nothing_on_stdout(cli: Cli, server: FakeServer) -> None:
    server.on(GET, refusal(404, "video_not_found", "no such video"))
    ran = cli("get", VIDEO_ID, "--json")
    assert ran.stdout == ""
    assert ran.error == {
        "message": "no such video",
        "type": "invalid_request_error",
        "param": None,
        "code": "video_not_found",
    }


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (httpx.ConnectError("[Errno 111] Connection refused"), "(Connection refused). Start a server there with"),
        (httpx.ConnectError("[Errno -2] Name or service not known"), "host name 'filmgate.test' is not known"),
        (httpx.ReadTimeout("timed out"), "did not answer in time"),
        (httpx.RemoteProtocolError("Server disconnected"), "broke (Server disconnected)"),
    ],
)
def test_a_server_that_cannot_be_reached(cli: Cli, server: FakeServer, error: Exception, told: str) -> None:
    server.on(GET, error)
    ran = cli("get", VIDEO_ID)
    assert ran.exit_code == Exit.ERROR
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert cli.slept == []


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="<html>Welcome to nginx</html>"),
        httpx.Response(502, text="<html>Bad gateway</html>"),
        httpx.Response(302, headers={"location": "/login"}),
        httpx.Response(200, json=["a", "list"]),
    ],
)
def test_an_answer_that_is_not_filmgates(cli: Cli, server: FakeServer, response: httpx.Response) -> None:
    server.on(GET, response)
    ran = cli("get", VIDEO_ID)
    assert ran.exit_code == Exit.ERROR
    assert "not Filmgate's JSON" in ran.stderr


def test_json_that_is_no_video(cli: Cli, server: FakeServer) -> None:
    server.on(GET, answer({"hello": "world"}))
    ran = cli("get", VIDEO_ID)
    assert ran.exit_code == Exit.ERROR
    assert "is no Video" in ran.stderr


def test_without_a_key_no_request_is_made(cli: Cli, server: FakeServer) -> None:
    cli.environment["FILMGATE_API_KEY"] = None
    ran = cli("list")
    assert ran.exit_code == Exit.NOT_ALLOWED
    assert "filmgate keys create --test" in ran.stderr
    assert server.requests == []


@pytest.mark.parametrize("url", ["ftp://x", "localhost:2424", "http://", "http://[::1"])
def test_an_address_that_is_none(cli: Cli, url: str) -> None:
    ran = cli("list", "--url", url)
    assert ran.exit_code == Exit.USAGE
    assert "give one such as http://127.0.0.1:2424" in ran.stderr


def test_an_address_with_the_v1_of_openai_clients(cli: Cli, server: FakeServer) -> None:
    server.on(GET, answer(video()))
    assert cli("get", VIDEO_ID, "--url", "http://filmgate.test/v1/").exit_code == Exit.OK


@pytest.mark.parametrize("key", ["sk-test-ключ", "sk-test-a\nb"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(cli: Cli, key: str) -> None:
    ran = cli("list", "--api-key", key)
    assert ran.exit_code == Exit.NOT_ALLOWED
    assert key not in ran.stderr


def test_control_characters_of_others_do_not_reach_the_terminal(cli: Cli, server: FakeServer) -> None:
    server.on(GET, answer(video(prompt="a\x1b[2Jfox\nin snow", metadata={})))
    ran = cli("get", VIDEO_ID)
    assert "prompt     a [2Jfox in snow\n" in ran.stdout
    server.on(GET, refusal(404, "x", "no\x1b[31m such"))
    assert "\x1b[31m such" not in cli("get", VIDEO_ID).stderr


def test_a_usage_error_of_typer_as_json(cli: Cli) -> None:
    ran = cli("list", "--json", "--limit", "0")
    assert ran.exit_code == Exit.USAGE
    assert ran.error["type"] == "usage_error"
    assert "--limit" in ran.error["message"]


def test_an_interrupt_is_one_line_and_130(cli: Cli, server: FakeServer) -> None:
    def interrupt(_request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    server.on("GET /v1/videos", interrupt)
    ran = cli("list")
    assert (ran.exit_code, ran.stderr) == (Exit.INTERRUPTED, "error: interrupted\n")


def test_an_error_of_ours_is_told_without_a_traceback(cli: Cli, server: FakeServer) -> None:
    server.on("GET /v1/videos", answer({"data": "not a list", "has_more": False}))
    ran = cli("list")
    assert ran.exit_code == Exit.ERROR
    assert "FILMGATE_TRACEBACK=1" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_help_names_every_exit_code(cli: Cli) -> None:
    shown = cli("--help").stdout
    assert all(f"{code.value}  " in shown for code in Exit)
    assert help_text().count("\n") == len(Exit)


def test_version(cli: Cli) -> None:
    assert cli("--version").stdout.startswith("filmgate ")


def test_a_log_level_that_does_not_exist(cli: Cli) -> None:
    ran = cli("serve", "--log-level", "loud")
    assert (ran.exit_code, ran.stdout) == (Exit.USAGE, "")
    assert "allowed are debug, info, warning, error, critical" in ran.stderr


def test_log_lines_go_to_stderr_with_time_level_and_logger() -> None:
    # In a process of its own: logging is configured for a whole process.
    code = """
import logging
from filmgate.cli.logs import configure_logging
configure_logging("info")
logging.getLogger("filmgate.engine").info("a %s", "word")
logging.getLogger("pgqueuer.qm").info("chatter")
logging.getLogger("pgqueuer.qm").warning("trouble")
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == ""
    lines = [re.sub(r"^[0-9-]{10} [0-9:]{8} ", "TIME ", line) for line in ran.stderr.splitlines()]
    assert lines == ["TIME INFO filmgate.engine: a word", "TIME WARNING pgqueuer.qm: trouble"]


def test_a_command_starts_without_what_it_does_not_need() -> None:
    code = "import filmgate.cli.main, sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"av", "cv2", "numpy", "fastapi", "starlette", "sqlalchemy", "pydantic", "httpx", "uvicorn", "rich"}
    assert heavy & set(ast.literal_eval(ran.stdout)) == set()
