"""Settings inside a prompt are taken out, all of them, and nothing else is touched."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from catalogue_examples import fitted, shipped, with_dolly
from hypothesis import example, given
from hypothesis import strategies as st

from filmgate.catalogue.prompt_flags import take_out_flags
from filmgate.core.errors import InvalidRequest

NAMES = shipped().get("seedance-1.0-pro").prompt_flags
# Another reading than that of the code under test: two hyphens, a name, and no letter that makes it a longer word.
OBEYED = [re.compile(rf"--{name}(?![^\W\d_])", re.IGNORECASE) for name in NAMES]


def cleaned(prompt: str) -> str:
    return take_out_flags(prompt, NAMES)[0]


@pytest.mark.parametrize(
    ("prompt", "kept"),
    [
        ("a cat --dur 12", "a cat"),
        ("--dur 12 a cat", "a cat"),
        ("a cat --dur 12 yawns", "a cat yawns"),
        ("a cat --DUR=12 yawns", "a cat yawns"),
        ("a cat --Duration: 12, slowly", "a cat , slowly"),
        ("a cat --dur12 yawns", "a cat yawns"),
        ("a cat--dur 12", "a cat"),
        ("a cat ---dur 12", "a cat"),
        ("a cat --dur\n12\nyawns", "a cat yawns"),
        ("a cat --dur --rs 1080p", "a cat"),
        ("a cat --rs 720p --rt 16:9 --dur 5 --fps 24 --wm true --seed -1 --cf false", "a cat"),
        ("a cat --resolution 4k --ratio adaptive --frames 289 --framespersecond 24", "a cat"),
        ("a cat --camerafixed true --camera_fixed false --watermark TRUE", "a cat"),
        ("小猫打哈欠--dur 12", "小猫打哈欠"),
        ("小猫--dur 12秒", "小猫 12秒"),
        ("the --ratio of gold", "the of gold"),
        ("a --watermark on a shirt", "a on a shirt"),
        ("--frames 12monkeys", "12monkeys"),
        ("--du--rs 4k r 5", "--du r 5"),
        ("--dur 12", ""),
    ],
)
def test_a_flag_goes_with_its_value_and_no_more(prompt: str, kept: str) -> None:
    assert cleaned(prompt) == kept


@pytest.mark.parametrize(
    "prompt",
    [
        "a -- dash",
        "--- title",
        "two seconds -- frames slowly fade",
        "a --durable thing, --seedling, --ratios, --durée, --fpsx",
        "-dur 5",
        "well-known --style raw",
        "  spaces   stay  \n",
        "—dur 12",
        "",
    ],
)
def test_other_hyphens_are_text(prompt: str) -> None:
    assert take_out_flags(prompt, NAMES) == (prompt, ())


def test_the_names_are_told_once_each_in_their_order() -> None:
    assert take_out_flags("--RS 4k a --dur 5 --rs 720p", NAMES)[1] == ("rs", "dur")


pieces = st.one_of(
    st.sampled_from(["--", "-", " ", "\n", "=", ":", "12", "720p", "16:9", "true", "cat", "é", "猫", "_", "\0"]),
    st.sampled_from([*NAMES, *(name.upper() for name in NAMES), *(name[:2] for name in NAMES)]),
)
prompts = st.lists(pieces, max_size=20).map("".join) | st.text(max_size=60)


@given(prompts)
@example("--du--rs 4k r 5")
@example("--d----dur 1ur 5")
def test_no_flag_is_left(prompt: str) -> None:
    kept = cleaned(prompt)
    assert not any(obeyed.search(kept) for obeyed in OBEYED)
    assert cleaned(kept) == kept


@given(st.text(alphabet="abc -\n", max_size=60))
def test_a_prompt_without_flags_is_the_same_prompt(prompt: str) -> None:
    assert cleaned(prompt) == prompt


@given(st.lists(st.sampled_from(["a cat", "yawns", "slowly", "at dusk"]), min_size=2, max_size=5), st.data())
def test_the_words_around_flags_stay(words: list[str], data: st.DataObject) -> None:
    flags = [
        f" --{data.draw(st.sampled_from(NAMES))} {data.draw(st.sampled_from(['12', '720p', 'true']))} " for _ in words
    ]
    prompt = "".join(itertools.chain.from_iterable(zip(words, flags, strict=True)))
    assert cleaned(prompt) == " ".join(words)


@pytest.mark.parametrize("prompt", ["-" * 200_000, "--dur" * 40_000, "--dur " + "1" * 200_000, "--dur" + " " * 200_000])
def test_no_prompt_takes_long(prompt: str) -> None:
    started = time.process_time()
    cleaned(prompt)
    assert time.process_time() - started < 2.0


# --- in a request


def test_the_client_is_told_and_the_rest_of_the_prompt_is_sent() -> None:
    result = fitted("seedance-1.0-pro", prompt="a cat --dur 12 yawns --rs 1080p")
    assert result.request.prompt == "a cat yawns"
    assert (result.request.duration_seconds, result.request.resolution) == (5, "720p")
    assert result.warnings == (
        "prompt: seedance-1.0-pro would obey --dur, --rs; taken out, use the fields of the request instead",
    )


def test_a_prompt_of_nothing_but_settings_is_none() -> None:
    with pytest.raises(InvalidRequest) as caught:
        fitted("seedance-2.0", prompt="--dur 12")
    assert (caught.value.code, caught.value.param) == ("missing_parameter", "prompt")
    assert caught.value.message.endswith("got only settings")


def test_the_prompt_is_counted_as_it_is_sent() -> None:
    catalogue = with_dolly(prompt_max_characters=6, prompt_flags=["dur"])
    assert fitted("dolly-2", among=catalogue, prompt="a boat --dur 12").request.prompt == "a boat"


def test_a_model_that_reads_no_flags_gets_the_prompt_as_it_is() -> None:
    result = fitted("kling-3.0", prompt="a cat --dur 12")
    assert (result.request.prompt, result.warnings) == ("a cat --dur 12", ())
