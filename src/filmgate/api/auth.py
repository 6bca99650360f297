"""Bearer keys: who asks, and which project it is for."""

from __future__ import annotations

from filmgate.core.clock import Clock
from filmgate.core.errors import AuthenticationFailed
from filmgate.store import keys
from filmgate.store.database import Database
from filmgate.store.records import Key

# A revoked key works for at most this long; a key that is new works at once, since misses are not remembered.
REMEMBERED_SECONDS = 5.0
_MOST_REMEMBERED = 10_000


class Authenticator:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._remembered: dict[str, tuple[float, Key]] = {}

    async def authenticate(self, authorization: str | None) -> Key:
        """The key of an `Authorization: Bearer …` header.

        Raises AuthenticationFailed: missing_api_key without a usable header, else invalid_api_key.
        """
        if not authorization:
            raise AuthenticationFailed(
                "You sent no API key. Send the header `Authorization: Bearer sk-test-…`; `filmgate keys create --test` "
                "makes a key",
                code="missing_api_key",
            )
        scheme, _, secret = authorization.partition(" ")
        secret = secret.strip()
        if scheme.lower() != "bearer" or not secret:
            raise AuthenticationFailed(
                "The Authorization header has not the form `Bearer sk-…`", code="missing_api_key"
            )
        key = await self._find(keys.secret_digest(secret))
        now = self._clock.now()
        if key is None:
            raise AuthenticationFailed("This API key is not known here. `filmgate keys list` shows the keys there are")
        if key.revoked_at is not None:
            raise AuthenticationFailed(f"The API key {key.hint} was revoked")
        if key.expires_at is not None and key.expires_at <= now:
            raise AuthenticationFailed(f"The API key {key.hint} has expired")
        return key

    async def _find(self, digest: str) -> Key | None:
        now = self._clock.now()
        known = self._remembered.get(digest)
        if known is not None and known[0] > now:
            return known[1]
        key = await self._database.read(lambda conn: keys.find_key(conn, digest))
        if key is not None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[digest] = (now + REMEMBERED_SECONDS, key)
        else:
            self._remembered.pop(digest, None)
        return key
