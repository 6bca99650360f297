from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filmgate.core.lenient import at, int_at, list_at, number_at, text_at

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
ANY_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
ANY_PATH = st.lists(st.text(max_size=3) | st.integers(-4, 4), max_size=4)


@given(ANY_JSON, ANY_PATH)
def test_no_value_and_no_path_raises(value: Any, path: list[str | int]) -> None:
    at(value, *path)
    assert isinstance(list_at(value, *path), list)
    text = text_at(value, *path)
    assert text is None or text.strip() == text != ""
    assert type(int_at(value, *path)) in (int, type(None))
    number = number_at(value, *path)
    assert number is None or abs(number) != float("inf")


@given(ANY_JSON)
def test_what_is_there_is_found(value: Any) -> None:
    assert at({"a": [{"b": value}]}, "a", 0, "b") is value
    assert at([value], -1) is value
    assert at(value) is value


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (None, ("a",)),
        ({"a": 1}, ("b",)),
        ({"a": 1}, ("a", "b")),
        ({"0": 1}, (0,)),
        ([1], ("0",)),
        ([1], (1,)),
        ([1], (-2,)),
        ("text", (0,)),
        ({"a": None}, ("a", "b")),
    ],
)
def test_what_is_missing_or_of_another_shape_is_none(value: Any, path: tuple[str | int, ...]) -> None:
    assert at(value, *path) is None
    assert (text_at(value, *path), int_at(value, *path), number_at(value, *path)) == (None, None, None)
    assert list_at(value, *path) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("running", "running"),
        ("  running\n", "running"),
        ("", None),
        (" \t", None),
        (893605946402811985, "893605946402811985"),
        (0, "0"),
        (-7, "-7"),
        (5.0, "5"),
        (5.25, "5.25"),
        (1e300, str(int(1e300))),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        (False, None),
        ([], None),
        ({}, None),
    ],
)
def test_texts(value: Any, text: str | None) -> None:
    assert text_at({"status": value}, "status") == text


def test_a_text_can_be_stored_whatever_the_upstream_escaped() -> None:
    assert text_at("half \ud83d of a pair") == "half ? of a pair"
    assert text_at("a\x00b") == "ab"
    assert text_at("\x00") is None
    assert text_at("海浪 🌊") == "海浪 🌊"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1303, 1303),
        ("1303", 1303),
        (" 0 ", 0),
        ("-1", -1),
        (0.0, 0),
        ("1.5", None),
        (1.5, None),
        ("", None),
        ("0x10", None),
        ("ten", None),
        (True, None),
        (None, None),
        ([1], None),
    ],
)
def test_whole_numbers(value: Any, number: int | None) -> None:
    assert int_at([value], 0) == number


def test_numbers_longer_than_python_writes_out_are_none() -> None:
    assert text_at([10**5000], 0) is None
    assert int_at([10**5000], 0) is None
    assert int_at(["9" * 5000], 0) is None
    assert number_at([10**5000], 0) is None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1, 1.0),
        (1.5, 1.5),
        ("1.5", 1.5),
        (" 2 ", 2.0),
        ("1e3", 1000.0),
        (1790001234.5, 1790001234.5),
        (1790001234567.25, 1790001234567.25),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("", None),
        (True, None),
        (None, None),
        ({}, None),
        (float("-inf"), None),
    ],
)
def test_numbers(value: Any, number: float | None) -> None:
    assert number_at([value], 0) == number
