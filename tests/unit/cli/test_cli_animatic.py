from __future__ import annotations

from pathlib import Path

import pytest
from cli_harness import Cli
from PIL import Image

from filmgate.cli.exits import Exit


def test_read_says_how_each_shot_is_understood(cli: Cli) -> None:
    shots = cli("animatic", "read", "Shot 1: a red car in the desert. Cut to: 夜晚的城市").json
    assert [(shot["scene"], shot["share"]) for shot in shots] == [("desert", 0.5), ("city", 0.5)]
    assert shots[0]["subjects"] == [{"kind": "car", "count": 1, "colour": "#d63a34"}]
    assert cli("animatic", "read", "sea", "--camera", "orbit", "--style", "noir").json[0]["camera"] == ["orbit"]


@pytest.mark.parametrize(("name", "frames"), [("sheet.png", 1), ("sheet.jpg", 1), ("sheet.webp", 36)])
def test_sheet_of_prompts(cli: Cli, tmp_path: Path, name: str, frames: int) -> None:
    path = tmp_path / name
    prompts = ("--prompt", "sea", "--prompt", "海底", "--prompt", "moon")
    ran = cli("animatic", "sheet", str(path), *prompts, "--width", "64", "--columns", "2")
    assert (ran.exit_code, ran.stdout.strip()) == (Exit.OK, str(path))
    with Image.open(path) as sheet:
        assert sheet.size == (128, 2 * (36 + 22))
        assert getattr(sheet, "n_frames", 1) == frames


def test_sheet_of_a_file_of_prompts(cli: Cli, tmp_path: Path) -> None:
    listed = tmp_path / "prompts.txt"
    listed.write_text("# two\nsea\n\n沙漠\n", encoding="utf-8")
    path = tmp_path / "sheet.png"
    ran = cli("animatic", "sheet", str(path), "--prompts", str(listed), "--width", "64", "--no-labels")
    assert ran.exit_code == Exit.OK
    with Image.open(path) as sheet:
        assert sheet.size == (128, 36)


def test_what_a_sheet_cannot_be_is_said(cli: Cli, tmp_path: Path) -> None:
    other = cli("animatic", "sheet", str(tmp_path / "sheet.bmp"), "--prompt", "sea")
    assert other.exit_code == Exit.USAGE
    assert "allowed are .jpg and .png for stills, .webp and .gif for motion" in other.stderr
    missing = cli("animatic", "sheet", str(tmp_path / "sheet.png"), "--prompts", str(tmp_path / "no.txt"))
    assert missing.exit_code == Exit.USAGE
    assert "no.txt" in missing.stderr
