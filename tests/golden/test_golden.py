"""Every golden case, played through the real catalogue and the real adapter. README.md explains the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from golden.format import BadGoldenFile, golden_paths, read_golden_file
from golden.plays import Play, mismatch_of

pytestmark = pytest.mark.anyio


def plays() -> list[Any]:
    """One parameter for each case. A file that is not in the format is one case that fails and says why."""
    parameters: list[Any] = []
    for path in golden_paths():
        provider, stem = path.parent.name, path.stem
        try:
            file = read_golden_file(path)
        except BadGoldenFile as error:
            parameters.append(pytest.param(error, id=f"{provider}/{stem}"))
            continue
        parameters += [
            pytest.param(Play(provider, file, case), id=f"{provider}/{stem}: {case.name}") for case in file.cases
        ]
    return parameters


@pytest.mark.parametrize("play", plays())
async def test_golden(play: Play | BadGoldenFile, tmp_path: Path) -> None:
    mismatch = await mismatch_of(play, tmp_path) if isinstance(play, Play) else str(play)
    if mismatch:
        pytest.fail(mismatch, pytrace=False)
