import random

import pytest

from filmgate.simulators.faults import Fault, FaultPlan, Rule, parse_rule


def test_a_rule_is_spent_after_its_times() -> None:
    plan = FaultPlan()
    plan.add(Fault.POLL_500, times=2)
    assert [plan.strikes(Fault.POLL_500) for _ in range(4)] == [True, True, False, False]
    assert not plan.strikes(Fault.POLL_503)


def test_rules_of_one_fault_add_up() -> None:
    plan = FaultPlan()
    plan.add(Fault.POLL_500)
    plan.add(Fault.POLL_500)
    assert [plan.strikes(Fault.POLL_500) for _ in range(3)] == [True, True, False]


def test_a_rule_without_a_number_strikes_for_ever() -> None:
    plan = FaultPlan()
    plan.add(Fault.STUCK, times=None)
    assert all(plan.strikes(Fault.STUCK) for _ in range(100))


def test_a_probability_is_a_share_of_the_calls() -> None:
    plan = FaultPlan(random=random.Random(3))
    plan.add(Fault.POLL_429, times=None, probability=0.2)
    assert 150 < sum(plan.strikes(Fault.POLL_429) for _ in range(1000)) < 250


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("poll_500", Rule(Fault.POLL_500)),
        (" poll_500:3", Rule(Fault.POLL_500, times=3)),
        ("lost_reply:always", Rule(Fault.LOST_REPLY, times=None)),
        ("poll_500:20%", Rule(Fault.POLL_500, times=None, probability=0.2)),
        ("poll_500:2.5%", Rule(Fault.POLL_500, times=None, probability=0.025)),
    ],
)
def test_rules_as_text(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    "text", ["", "poll_501", "poll_500:0", "poll_500:-1", "poll_500:x", "poll_500:101%", "poll_500:%"]
)
def test_texts_that_are_no_rules(text: str) -> None:
    with pytest.raises(ValueError, match="poll_500"):
        parse_rule(text)
