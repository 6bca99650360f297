"""What holds for every request, whatever is asked of whichever model of the shipped catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalogue_examples import DRAWN_SEED, an_image, shipped
from hypothesis import assume, given
from hypothesis import strategies as st

from filmgate.catalogue.fit import Fitted, fit
from filmgate.catalogue.limits import Limits, limits_in
from filmgate.catalogue.model import Case, ModelEntry
from filmgate.catalogue.sizes import resolution_lines
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images, VideoParams

entries = st.sampled_from(shipped().entries())
priced_entries = st.sampled_from([entry for entry in shipped().entries() if entry.prices])


def rarely(usual: st.SearchStrategy[Any], unusual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what fits some model, so that most examples get past the refusals."""
    return st.integers(0, 9).flatmap(lambda draw: unusual if draw == 9 else usual)


images = st.builds(
    an_image,
    width_px=rarely(st.integers(600, 1400), st.integers(100, 5000)),
    height_px=rarely(st.integers(600, 1400), st.integers(100, 5000)),
    media_type=rarely(st.sampled_from(["image/png", "image/jpeg"]), st.just("image/webp")),
)
frames = st.one_of(
    st.just(Images()),
    st.builds(Images, first_frame=images),
    st.builds(Images, first_frame=images, last_frame=images),
    st.builds(Images, references=st.lists(images, min_size=1, max_size=9).map(tuple)),
    st.builds(Images, first_frame=st.none() | images, last_frame=st.none() | images, references=st.tuples(images)),
)
sides = st.integers(8, 4096).map(lambda half: half * 2)
asked_sizes = st.one_of(
    st.fixed_dictionaries({}),
    st.fixed_dictionaries({"width_px": sides, "height_px": sides}),
    st.sampled_from([(1280, 720), (1080, 1920), (960, 960), (3840, 2160), (641, 361)]).map(
        lambda size: {"width_px": size[0], "height_px": size[1]}
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "aspect_ratio": rarely(
                st.sampled_from(["16:9", "9:16", "1:1", "4:3", "2.39:1"]), st.sampled_from(["wide", "0.001:50"])
            ),
            "resolution": rarely(st.sampled_from(["480p", "720p", "1080P", "4k", "900p"]), st.just("huge")),
        },
    ),
    st.fixed_dictionaries(
        {
            "width_px": sides,
            "height_px": sides,
            "aspect_ratio": st.sampled_from([None, "16:9", "1:1"]),
            "resolution": st.sampled_from([None, "720p", "4k", "900p"]),
        }
    ),
)
durations = st.none() | st.floats(0.01, 200) | st.integers(1, 20).map(float)


def requests(
    on_mismatch: str, duration_seconds: st.SearchStrategy[float | None] = durations
) -> st.SearchStrategy[VideoParams]:
    """Any request that the API's parser lets through."""
    others = st.fixed_dictionaries(
        {
            "model": st.just("any"),
            "prompt": rarely(st.just("a boat"), st.sampled_from(["", None, "x" * 2600])),
            "duration_seconds": duration_seconds,
            "fps": st.none() | st.integers(1, 120),
            "seed": st.none() | st.integers(-1, 4294967295),
            "n": st.integers(1, 9),
            "negative_prompt": st.sampled_from([None, "", "blur"]),
            "style": st.sampled_from([None, "noir", "y" * 70]),
            "quality_level": st.sampled_from([None, "high", "best"]),
            "generate_audio": st.none() | st.booleans(),
            "camera": st.sampled_from([None, "down_back", "pan left"]),
            "on_mismatch": st.just(on_mismatch),
            "conform": st.sampled_from(["auto", "native"]),
        }
    )
    return st.builds(lambda size, other: VideoParams(**other, **size), asked_sizes, others)


def run(params: VideoParams, given_images: Images, entry: ModelEntry) -> Fitted | None:
    """None where the request was refused; any other error than InvalidRequest fails the test."""
    try:
        return fit(params, given_images, entry, draw_seed=lambda: DRAWN_SEED)
    except InvalidRequest:
        return None


def limits_of(result: Fitted, entry: ModelEntry) -> Limits:
    request = result.request
    return limits_in(entry, Case(request.mode, request.generate_audio, request.resolution))


@given(requests("nearest"), frames, entries)
def test_what_is_fitted_is_within_the_limits_of_the_model(
    params: VideoParams, given_images: Images, entry: ModelEntry
) -> None:
    result = run(params, given_images, entry)
    assume(result is not None)
    assert result is not None
    request, limits = result.request, limits_of(result, entry)
    assert request.mode in entry.modes
    assert limits.durations_seconds.allows(request.duration_seconds)
    assert 1 <= result.outputs <= entry.n_max
    assert request.prompt or request.mode not in entry.prompt_required
    assert len(request.prompt or "") <= limits.prompt_max_characters
    assert request.generate_audio in {"none": (False,), "always": (True,), "optional": (True, False)}[limits.audio]
    assert (request.seed is None) == (entry.seed_max is None)
    assert request.fps is None or (entry.fps.allows(request.fps) if entry.fps else request.fps == limits.native_fps)
    for feature in ("negative_prompt", "style", "quality_level", "camera"):
        assert getattr(request, feature) is None or (entry.takes(feature) and feature not in limits.without)
    assert len(request.images.references) <= entry.images.references_max
    if entry.free_size is not None:
        free = entry.free_size
        assert request.width_px
        assert request.height_px
        for side_px in (request.width_px, request.height_px):
            assert free.min_px <= side_px <= free.max_px
            assert side_px % free.multiple_of_px == 0
    else:
        assert entry.sizes is not None
        assert request.resolution in limits.resolutions
        assert (request.width_px is None) == (request.mode in entry.follows_image_in)
        if request.width_px is not None:
            assert request.aspect_ratio is not None
            size = entry.sizes[request.resolution or ""][request.aspect_ratio]
            assert (request.width_px, request.height_px) == (size.width_px, size.height_px)


@given(requests("nearest"), frames, entries)
def test_fitting_what_was_fitted_changes_nothing(params: VideoParams, given_images: Images, entry: ModelEntry) -> None:
    result = run(params, given_images, entry)
    assume(result is not None)
    assert result is not None
    request = result.request
    again = replace(
        params,
        prompt=request.prompt,
        duration_seconds=request.duration_seconds,
        width_px=request.width_px,
        height_px=request.height_px,
        aspect_ratio=request.aspect_ratio,
        resolution=request.resolution,
        fps=request.fps,
        seed=request.seed,
        n=result.outputs,
        negative_prompt=request.negative_prompt,
        style=request.style,
        quality_level=request.quality_level,
        generate_audio=request.generate_audio,
        camera=request.camera,
        on_mismatch="reject",
    )
    for conform in ("auto", "native"):
        repeated = fit(replace(again, conform=conform), request.images, entry, draw_seed=lambda: DRAWN_SEED)
        assert (repeated.request, repeated.outputs, repeated.price) == (request, result.outputs, result.price)
        assert (repeated.adjustments, repeated.warnings) == ((), ())


@given(requests("reject"), frames, entries)
def test_reject_and_nearest_agree_wherever_nothing_had_to_be_changed(
    params: VideoParams, given_images: Images, entry: ModelEntry
) -> None:
    strict = run(params, given_images, entry)
    lenient = run(replace(params, on_mismatch="nearest"), given_images, entry)
    if strict is not None:
        assert strict.adjustments == ()
        assert strict == lenient
    elif lenient is not None:
        assert lenient.adjustments


@given(requests("nearest"), frames, entries)
def test_what_money_hangs_on_is_rounded_down_unless_nothing_is_lower(
    params: VideoParams, given_images: Images, entry: ModelEntry
) -> None:
    """A changed duration, resolution or n is the largest allowed value below the asked one, else the smallest."""
    result = run(params, given_images, entry)
    assume(result is not None)
    assert result is not None
    limits = limits_of(result, entry)
    asked_seconds, used_seconds = params.duration_seconds, result.request.duration_seconds
    if asked_seconds is not None and used_seconds != asked_seconds:
        assert used_seconds < asked_seconds or used_seconds == min(limits.durations_seconds.samples())
        assert not any(used_seconds < each <= asked_seconds for each in limits.durations_seconds.samples())
    if result.outputs != params.n:
        assert result.outputs < params.n
    asked_lines, used = resolution_lines((params.resolution or "").lower()), result.request.resolution
    if asked_lines is not None and used is not None and params.width_px is None:
        cheaper = [name for name in limits.resolutions if (resolution_lines(name) or 0) <= asked_lines]
        allowed = limits_in(entry, Case(result.request.mode, result.request.generate_audio)).resolutions
        assert used == (cheaper[-1] if cheaper else allowed[0])


@given(requests("nearest", st.floats(0.01, 200)), frames, priced_entries)
def test_no_allowed_duration_above_the_asked_one_is_cheaper_than_the_used_one(
    params: VideoParams, given_images: Images, entry: ModelEntry
) -> None:
    result = run(params, given_images, entry)
    assume(result is not None)
    assert result is not None
    for seconds in limits_of(result, entry).durations_seconds.samples():
        if seconds >= (params.duration_seconds or 0):
            longer = run(replace(params, duration_seconds=seconds), given_images, entry)
            assert longer is not None
            assert longer.price.usd_micros is not None
            assert result.price.usd_micros is not None
            assert longer.price.usd_micros >= result.price.usd_micros


@given(requests("nearest"), frames, entries)
def test_a_refusal_names_its_field_first(params: VideoParams, given_images: Images, entry: ModelEntry) -> None:
    for on_mismatch in ("nearest", "reject"):
        try:
            fit(replace(params, on_mismatch=on_mismatch), given_images, entry, draw_seed=lambda: DRAWN_SEED)
        except InvalidRequest as error:
            refusal = error
            break
    else:
        return
    assert refusal.param
    assert refusal.message.startswith(f"{refusal.param}: ")
