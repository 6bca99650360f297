"""Playing one golden case: the call that it names, against its own upstream, compared with its `then`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filmgate.core.errors import UpstreamError
from filmgate.core.provider import ProviderTask
from golden.exchange import GoldenTransport, Mismatch, check_same
from golden.format import Case, GoldenFile
from golden.opening import CLIENT_REF, fitted, open_provider, stored_images, time_of
from golden.outcomes import in_words, verdicts_in_words


@dataclass(frozen=True, slots=True)
class Play:
    provider: str
    file: GoldenFile
    case: Case


async def mismatch_of(play: Play, work_dir: Path) -> str:
    """Play the case once. Empty where the adapter did all that it says."""
    case = play.case
    transport = GoldenTransport(case.upstream, stored_images(case))
    provider = open_provider(play.provider, play.file, case, work_dir=work_dir, transport=transport)
    wanted = case.then.wanted()
    try:
        got = await _outcome(provider, play, wanted)
        transport.check_finished()
        check_same(wanted, got)
    except Mismatch as mismatch:
        return str(mismatch)
    finally:
        await provider.close()
    return ""


async def _outcome(provider: Any, play: Play, wanted: dict[str, Any]) -> Any:
    """What the case does to `provider`, in the words of `wanted`. Errors outside the contract pass through."""
    case = play.case
    try:
        if case.poll_many is not None:
            verdicts = await provider.poll_many([ProviderTask(each.id, each.data) for each in case.poll_many])
            return verdicts_in_words(verdicts, wanted)
        if case.download_headers is not None:
            return {"download_headers": dict(await provider.download_headers(case.download_headers.url))}
        return in_words(await _call(provider, play), wanted)
    except UpstreamError as error:
        return in_words(error, wanted)


async def _call(provider: Any, play: Play) -> Any:
    case = play.case
    if case.submit is not None:
        request = fitted(play.provider, case.submit, play.file.models)
        return await provider.submit(request, client_ref=CLIENT_REF, callback_url=case.submit.callback_url)
    if case.find is not None:
        request = fitted(play.provider, case.find, play.file.models)
        submitted_at, taken = case.find.submitted_at, case.find.taken
        return await provider.find(request, client_ref=CLIENT_REF, submitted_at=submitted_at, taken=taken)
    if case.hear is not None:
        return provider.hear(case.hear.headers, case.hear.body.encode(), now=time_of(play.file, case))
    if case.poll is not None:
        return await provider.poll(ProviderTask(case.poll.id, case.poll.data))
    assert case.cancel is not None
    return await provider.cancel(ProviderTask(case.cancel.id, case.cancel.data))
