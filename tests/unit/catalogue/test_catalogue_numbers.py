from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filmgate.catalogue.numbers import Listed, Numbers, Span, numbers_from_toml

SETS: list[Numbers] = [
    Listed((5.0, 10.0)),
    Span(3.0, 15.0, 1.0),
    Span(0.5, 60.0),
    Span(0.1, 2.0, 0.1),
    Span(29.0, 289.0, 4.0),
]
values = st.floats(min_value=0.01, max_value=400.0)


@given(st.sampled_from(SETS), values)
def test_at_most_is_allowed_and_the_largest_that_is_not_above(numbers: Numbers, value: float) -> None:
    used = numbers.at_most(value)
    assert numbers.allows(used)
    if value >= min(numbers.samples()) and not numbers.allows(value):
        assert used < value
        assert not any(used < sample <= value for sample in numbers.samples())
    if value < min(numbers.samples()):
        assert used == min(numbers.samples())


@given(st.sampled_from(SETS), values)
def test_closest_is_allowed_and_no_sample_is_closer(numbers: Numbers, value: float) -> None:
    used = numbers.closest(value)
    assert numbers.allows(used)
    assert all(abs(used - value) <= abs(sample - value) + 1e-6 for sample in numbers.samples())


@given(st.sampled_from(SETS), values)
def test_an_allowed_value_is_its_own_nearest(numbers: Numbers, value: float) -> None:
    allowed = numbers.at_most(value)
    assert numbers.at_most(allowed) == allowed
    assert numbers.closest(allowed) == pytest.approx(allowed)


def test_steps_that_have_no_exact_binary_form_are_still_on_the_grid() -> None:
    tenths = Span(0.1, 2.0, 0.1)
    assert all(tenths.allows(count / 10) for count in range(1, 21))
    assert not tenths.allows(0.15)
    assert tenths.at_most(0.35) == 0.3


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (Listed((5.0,)), "5"),
        (Listed((5.0, 10.0)), "5 or 10"),
        (Listed((4.0, 6.0, 8.5)), "4, 6 or 8.5"),
        (Span(0.5, 60.0), "0.5 to 60"),
        (Span(3.0, 15.0, 1.0), "3 to 15 in steps of 1"),
    ],
)
def test_numbers_read_as_people_write_them(numbers: Numbers, text: str) -> None:
    assert str(numbers) == text


def test_a_set_lies_within_another_only_with_all_its_values() -> None:
    assert Listed((5.0, 10.0)).lies_within(Span(3.0, 10.0, 1.0))
    assert not Listed((5.0, 12.0)).lies_within(Span(3.0, 10.0, 1.0))
    assert Span(4.0, 8.0, 2.0).lies_within(Span(2.0, 10.0, 1.0))
    assert Span(4.0, 8.0).lies_within(Span(2.0, 10.0))
    assert not Span(4.0, 8.0).lies_within(Span(2.0, 10.0, 1.0))
    assert not Span(5.0, 10.0).lies_within(Listed((5.0, 10.0)))


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ([], "at least one number"),
        ([10, 5], "ascending"),
        ([5, 5], "ascending"),
        ([0], "above 0"),
        ([True], "above 0"),
        (["5"], "above 0; got '5'"),
        ({"min": 5}, "lacks max"),
        ({"min": 5, "max": 3}, "min must be below max"),
        ({"min": 5, "max": 8, "steps": 1}, "got steps"),
        ({"min": 5, "max": 8, "step": 2}, "max 8 lies on no step"),
        ({"min": 5, "max": float("inf")}, "above 0"),
        ("5-10", "must be a list"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(toml: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        numbers_from_toml(toml)


def test_numbers_as_json_keep_whole_numbers_whole() -> None:
    assert Listed((5.0, 7.5)).as_json() == [5, 7.5]
    assert Span(3.0, 15.0, 1.0).as_json() == {"min": 3, "max": 15, "step": 1}
    assert Span(0.5, 60.0).as_json() == {"min": 0.5, "max": 60, "step": None}
