from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from live.scrubbing import MOST_TEXT_CHARACTERS, Scrubber, SecretLeft, check_clean, links_in, scrub_query, shortened

KEY = "sk/real+key=0123"
SIGNED = "https://cdn.example/a/b.mp4?X-Amz-Signature=0123456789abcdef&alt=media&Expires=1795400000"
CLEAN = "https://cdn.example/a/b.mp4?X-Amz-Signature=scrubbed&alt=media&Expires=scrubbed"


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (SIGNED, CLEAN),
        ("https://cdn.example/b.mp4", "https://cdn.example/b.mp4"),
        ("https://cdn.example/b.mp4?0123456789", "https://cdn.example/b.mp4?0123456789"),
        ("https://cdn.example/b.mp4?sig=a=b=c=d=e=f#there", "https://cdn.example/b.mp4?sig=scrubbed"),
        ("https://[not-a-host/b.mp4?sig=0123456789", "https://[not-a-host/b.mp4?sig=scrubbed"),
    ],
)
def test_the_query_of_a_link_keeps_its_names(url: str, clean: str) -> None:
    assert scrub_query(url) == clean


def test_texts_are_replaced_wherever_they_stand_and_the_longest_first() -> None:
    scrubber = Scrubber({KEY: "test-key", "att_01": "att_golden", "att_0123": "another"})
    told = {"note": f"Bearer {KEY} is wrong", KEY: [1, None, {"ref": "att_0123"}, "?key=sk%2Freal%2Bkey%3D0123"]}
    assert scrubber.value(told) == {
        "note": "Bearer test-key is wrong",
        "test-key": [1, None, {"ref": "another"}, "?key=test-key"],
    }


def test_links_in_texts_lose_their_signatures() -> None:
    told = {"video": {"url": SIGNED}, "message": f'see "{SIGNED}" or <{SIGNED}>.'}
    assert Scrubber({}).value(told) == {"video": {"url": CLEAN}, "message": f'see "{CLEAN}" or <{CLEAN}>.'}
    assert links_in([told, 5, None]) == [SIGNED] * 3


def test_a_request_keeps_its_own_query_but_not_that_of_a_link_it_was_given() -> None:
    scrubber = Scrubber({KEY: "test-key"}, told=[SIGNED, "https://cdn.example/caf\u00e9/x?token=0123456789"])
    own = "https://api.example/tasks?task_ids=867283741759111202"
    assert scrubber.requested(own) == own
    assert scrubber.requested(f"{own}&key=sk%2Freal%2Bkey%3D0123") == f"{own}&key=test-key"
    assert scrubber.requested(SIGNED) == CLEAN
    # As httpx writes it when it is used.
    assert scrubber.requested("https://cdn.example/caf%C3%A9/x?token=0123456789").endswith("?token=scrubbed")


def test_inline_clips_are_cut_to_base64_that_still_decodes() -> None:
    clip = base64.b64encode(bytes(30_000)).decode()
    cut = shortened({"clip": clip, "n": 5, "list": ["x" * 9000]})
    assert (len(cut["clip"]), len(cut["list"][0]), cut["n"]) == (MOST_TEXT_CHARACTERS, MOST_TEXT_CHARACTERS, 5)
    assert base64.b64decode(cut["clip"], validate=True) == bytes(MOST_TEXT_CHARACTERS * 3 // 4)


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        "sk%2Freal%2Bkey%3D0123",
        base64.b64encode(KEY.encode()).decode(),
        base64.b64encode(KEY.encode()).decode()[:-1],
    ],
)
def test_a_secret_that_is_left_is_found_in_any_spelling(written: str) -> None:
    told: Any = {"cases": [{"reply": {"text": f"you said {written}!"}}]}
    with pytest.raises(SecretLeft, match="nothing was written") as caught:
        check_clean(json.dumps(told), [KEY])
    assert KEY not in str(caught.value)
    check_clean(json.dumps(told), ["another-secret"])
