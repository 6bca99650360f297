"""What upstreams call when a task moves: a hint to poll now, never a proof.

Each attempt has an address of its own, which nobody can guess; where the vendor signs, the signature is checked too.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from filmgate.core.clock import Clock
from filmgate.core.errors import AuthenticationFailed, NotFound
from filmgate.core.provider import HearsCallbacks
from filmgate.engine.accounts import Account, Roster
from filmgate.engine.changes import Signals
from filmgate.store import attempts
from filmgate.store.database import Database

CALLBACK_PATH = "/callbacks"


class Callbacks:
    """`public_url` None: nobody outside can reach us, so no upstream is asked to call."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        signals: Signals,
        clock: Clock,
        *,
        secret: bytes,
        public_url: str | None,
    ) -> None:
        self._database = database
        self._roster = roster
        self._signals = signals
        self._clock = clock
        self._secret = secret
        self._public_url = public_url.rstrip("/") if public_url else None

    def url_for(self, account: Account, client_ref: str) -> str | None:
        """Where the upstream may call about this attempt; None where it cannot or would not."""
        if self._public_url is None or not isinstance(account.adapter, HearsCallbacks):
            return None
        return f"{self._public_url}{CALLBACK_PATH}/{account.provider}/{client_ref}.{self._signature(client_ref)}"

    async def hear(self, provider: str, token: str, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """Poll the attempt's task now. Returns what to answer; the same call twice does no harm.

        Raises NotFound for an address that we never gave out, AuthenticationFailed for a bad signature.
        """
        client_ref, _, signature = token.partition(".")
        if not hmac.compare_digest(self._signature(client_ref).encode(), signature.encode()):
            raise _unknown_address()
        attempt = await self._database.read(lambda conn: attempts.get_attempt(conn, client_ref))
        account = await self._roster.of_attempt(attempt) if attempt else None
        if attempt is None or account is None or account.provider != provider:
            raise _unknown_address()
        if not isinstance(account.adapter, HearsCallbacks):
            raise _unknown_address()
        heard = account.adapter.hear(headers, body, now=self._clock.now())
        if not heard.genuine:
            raise AuthenticationFailed("The signature of this callback is missing or wrong", code="invalid_signature")
        await self._database.write(lambda tx: attempts.hasten_poll(tx, client_ref, now=self._clock.now()))
        self._signals.wakeups.publish(attempt.video_id)
        return heard.answer

    def _signature(self, client_ref: str) -> str:
        return hmac.new(self._secret, f"callback\n{client_ref}".encode(), hashlib.sha256).hexdigest()[:40]


def _unknown_address() -> NotFound:
    return NotFound("This callback address is not known", code="callback_not_found")
