import io

import av
import pytest

from filmgate.simulators.clips import make_clip

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("audio", [True, False])
async def test_clips_are_real_and_of_the_size_and_length_asked_for(audio: bool) -> None:
    with av.open(io.BytesIO(await make_clip(64, 48, 0.5, audio))) as clip:
        (video,) = clip.streams.video
        assert (video.width, video.height, video.codec_context.name) == (64, 48, "h264")
        assert [stream.codec_context.name for stream in clip.streams.audio] == (["aac"] if audio else [])
        assert sum(1 for _ in clip.decode(video)) == 12


async def test_odd_sides_lose_a_pixel() -> None:
    with av.open(io.BytesIO(await make_clip(65, 49, 0.1, False))) as clip:
        assert (clip.streams.video[0].width, clip.streams.video[0].height) == (64, 48)


async def test_the_same_call_gives_the_same_file() -> None:
    assert await make_clip(64, 48, 0.2, True) == await make_clip(64, 48, 0.2, True)
    assert await make_clip(64, 48, 0.2, True) != await make_clip(64, 48, 0.3, True)
