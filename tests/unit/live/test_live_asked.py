from __future__ import annotations

from pathlib import Path

import pytest

from live.asked import Asked, AskedWrongly, asked


@pytest.mark.parametrize(
    "environ", [{}, {"FILMGATE_LIVE": ""}, {"FILMGATE_LIVE": "0"}, {"FILMGATE_LIVE_BUDGET_USD": "9"}]
)
def test_nothing_is_asked_without_the_one_variable(environ: dict[str, str]) -> None:
    assert asked(environ) is None


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, Asked()),
        ({"FILMGATE_LIVE_BUDGET_USD": "0"}, Asked(0)),
        ({"FILMGATE_LIVE_BUDGET_USD": "1.50"}, Asked(1_500_000)),
        ({"FILMGATE_LIVE_UNPRICED": "1"}, Asked(unpriced=True)),
        ({"FILMGATE_LIVE_RECORD": "here", "FILMGATE_LIVE_UNPRICED": "0"}, Asked(record_dir=Path("here"))),
    ],
)
def test_what_is_asked(environ: dict[str, str], wanted: Asked) -> None:
    assert asked({"FILMGATE_LIVE": "1", **environ}) == wanted


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"FILMGATE_LIVE": "yes"}, "FILMGATE_LIVE: 'yes' is neither 1 nor 0"),
        ({"FILMGATE_LIVE": "1", "FILMGATE_LIVE_UNPRICED": "true"}, "FILMGATE_LIVE_UNPRICED: 'true'"),
        ({"FILMGATE_LIVE": "1", "FILMGATE_LIVE_BUDGET_USD": "1,50"}, "FILMGATE_LIVE_BUDGET_USD: '1,50' is no amount"),
        ({"FILMGATE_LIVE": "1", "FILMGATE_LIVE_BUDGET_USD": "-1"}, "'-1' is no amount in US dollars"),
        ({"FILMGATE_LIVE": "1", "FILMGATE_LIVE_BUDGET_USD": "Infinity"}, "'Infinity' is no amount"),
        ({"FILMGATE_LIVE": "1", "FILMGATE_LIVE_BUDGET_USD": "NaN"}, "'NaN' is no amount"),
    ],
)
def test_what_makes_no_sense_is_told(environ: dict[str, str], told: str) -> None:
    with pytest.raises(AskedWrongly, match=told):
        asked(environ)
