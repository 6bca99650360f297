import base64

import pytest
from simulated_worlds import image

from filmgate.simulators.pictures import BadPicture, PictureRules, aspect_of, look_at, size_with

BARE = PictureRules(
    frozenset({"JPEG", "PNG"}),
    10_000,
    100,
    1000,
    least_aspect=0.5,
    most_aspect=2,
    data_uri=False,
    schemes=("https://",),
)
AS_URI = PictureRules(frozenset({"PNG", "HEIF"}), 10_000)


def kind_of_trouble(given: str, rules: PictureRules) -> str:
    with pytest.raises(BadPicture) as caught:
        look_at(given, rules)
    return caught.value.kind


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_size_of_what_was_sent(kind: str) -> None:
    assert look_at(image(200, 100, kind), BARE) == (200, 100)
    assert look_at(f"data:image/png;base64,{image(30, 20)}", AS_URI) == (30, 20)


def test_what_cannot_be_seen_has_no_size() -> None:
    heic = base64.b64encode(b"\0\0\0\x18ftypheic" + b"\0" * 12).decode()
    assert look_at("https://ex.org/a.png", BARE) is None
    assert look_at(f"data:image/heic;base64,{heic}", AS_URI) is None
    assert kind_of_trouble(heic, BARE) == "format"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("http://ex.org/a.png", "form"),
        (f"data:image/png;base64,{image(200, 200)}", "form"),
        ("not base64!", "form"),
        ("é", "form"),
        (base64.b64encode(b"hello").decode(), "format"),
        (image(200, 200, "GIF"), "format"),
        (base64.b64encode(base64.b64decode(image(200, 200)) + b"\0" * 10_000).decode(), "weight"),
        (image(99, 150), "size"),
        (image(1001, 900), "size"),
        (image(300, 149), "size"),
        (image(149, 300), "size"),
    ],
)
def test_bare_images_that_are_not_taken(given: str, kind: str) -> None:
    assert kind_of_trouble(given, BARE) == kind


@pytest.mark.parametrize(
    "prefix", ["", "data:,", "data:image/PNG;base64,", "data:image/png,", "data:video/mp4;base64,"]
)
def test_data_uris_have_one_form(prefix: str) -> None:
    assert kind_of_trouble(prefix + image(), AS_URI) == "form"


@pytest.mark.parametrize(
    ("ratio", "short", "size"),
    [("16:9", 720, (1280, 720)), ("9:16", 768, (768, 1366)), ("1:1", 480, (480, 480)), ("21:9", 1440, (3360, 1440))],
)
def test_sizes_are_even_and_keep_their_short_side(ratio: str, short: int, size: tuple[int, int]) -> None:
    assert size_with(aspect_of(ratio), short) == size
