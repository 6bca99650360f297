from collections.abc import Callable
from typing import Any

import pytest

from filmgate.simulators.fields import Fields
from filmgate.simulators.kit import Refusal


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    assert caught.value.code == 2013
    return caught.value.message


def fields(**values: Any) -> Fields:
    return Fields(values, 2013)


def test_missing_and_null_are_the_same() -> None:
    for empty in (fields(), fields(a=None)):
        assert (empty.text("a"), empty.number("a", 0, 1), empty.flag("a", default=True)) == (None, None, True)
        assert (empty.items("a"), empty.inside("a").values, empty.choice("a", ("x",), "x")) == ([], {}, "x")
        assert not empty.has("a")
        assert refusal(lambda empty=empty: empty.required_text("a")) == "a is required"
        assert refusal(lambda empty=empty: empty.choice("a", ("x", "y"))) == "a is required, one of x, y"


def test_a_choice_is_of_just_its_type() -> None:
    assert fields(a=5).choice("a", range(3, 16)) == 5
    assert refusal(lambda: fields(a=16).choice("a", range(3, 16))) == "a is 16, must be one of 3 to 15"
    for value in ("5", 5.0, True, [5]):
        refusal(lambda value=value: fields(a=value).choice("a", range(16)))
    for value in (1, "true"):
        refusal(lambda value=value: fields(a=value).flag("a"))


def test_a_choice_from_many_is_quick() -> None:
    assert fields(seed=2**31 - 1).choice("seed", range(2**31)) == 2**31 - 1
    refusal(lambda: fields(seed=2**31).choice("seed", range(2**31)))


def test_texts_and_numbers() -> None:
    assert fields(a="xyz").text("a", most_chars=3) == "xyz"
    assert refusal(lambda: fields(a="wxyz").text("a", most_chars=3)) == "a has 4 characters, at most 3 are allowed"
    refusal(lambda: fields(a=5).text("a"))
    refusal(lambda: fields(a=" ").required_text("a"))
    assert fields(a=0.5).number("a", 0, 1) == 0.5
    assert fields(a=5).integer("a", 0, 9) == 5
    refusal(lambda: fields(a=5.5).integer("a", 0, 9))
    for value in (2, True, "0.5", float("nan"), float("inf")):
        refusal(lambda value=value: fields(a=value).number("a", 0, 1))


def test_numbers_of_a_query() -> None:
    query = fields(page="2", size="x", far="9" * 5000)
    assert (query.decimal("page", range(1, 10), 1), query.decimal("other", range(1, 10), 7)) == (2, 7)
    for name in ("size", "far"):
        refusal(lambda name=name: query.decimal(name, range(1, 10), 1))


def test_the_place_is_told_all_the_way_down() -> None:
    outer = fields(a={"b": [{"c": 1}, {"c": "x"}]})
    first, second = outer.inside("a").items("b", most=2)
    assert refusal(lambda: first.text("c")) == "a.b[0].c must be a string"
    assert second.text("c") == "x"
    assert refusal(lambda: outer.inside("a").items("b", most=1)) == "a.b has 2 items, at most 1 are allowed"
    assert refusal(lambda: fields(a=[{}, 1]).items("a")) == "a[1] must be an object"
    assert refusal(lambda: fields(a=[]).inside("a")) == "a must be an object"
    assert refusal(lambda: fields(a={}).items("a")) == "a must be an array"


def test_what_nobody_asked_for_is_refused() -> None:
    body = fields(a="x", seed=7, image="y", fps=24)
    body.text("a")
    body.skip("image")
    assert refusal(body.close) == "fps, seed is not allowed in this request"
    body.skip("fps", "seed")
    body.close()
