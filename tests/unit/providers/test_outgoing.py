"""What every adapter writes the same way."""

from __future__ import annotations

from urllib.parse import unquote

from hypothesis import given as for_all
from hypothesis import strategies as st

from filmgate.providers.outgoing import given, in_path


def test_what_was_not_asked_is_left_out_and_what_is_empty_or_false_is_not() -> None:
    assert given({"a": None, "b": False, "c": 0, "d": "", "e": []}) == {"b": False, "c": 0, "d": "", "e": []}


@for_all(st.text(st.characters(codec="utf-8")))
def test_an_id_is_one_part_of_a_path_whatever_is_in_it(task_id: str) -> None:
    part = in_path(task_id)
    assert not set(part) & set("/?#")
    assert unquote(part) == task_id
