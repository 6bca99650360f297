"""What the routes are given. Built once, in `filmgate.app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from filmgate.api.auth import Authenticator
from filmgate.api.links import LinkSigner
from filmgate.api.wire import WireContext
from filmgate.catalogue.loader import Catalogue
from filmgate.core.clock import Clock
from filmgate.engine.accounts import Roster
from filmgate.engine.callbacks import Callbacks
from filmgate.engine.gateway import Gateway
from filmgate.engine.housekeeping import Housekeeper
from filmgate.engine.routing import Router
from filmgate.media.files import FileStore
from filmgate.store.database import Database
from filmgate.store.records import Key


@dataclass(frozen=True, slots=True)
class Services:
    gateway: Gateway
    housekeeper: Housekeeper
    authenticator: Authenticator
    catalogue: Catalogue
    roster: Roster
    router: Router
    callbacks: Callbacks
    files: FileStore
    database: Database
    signer: LinkSigner
    clock: Clock
    default_model: str
    public_url: str | None

    def wire_context(self, request: Request) -> WireContext:
        """Links name `public_url` if it is set, else the address that the client itself used."""
        base_url = self.public_url or f"{request.url.scheme}://{request.url.netloc}"
        return WireContext(base_url.rstrip("/"), self.signer)


async def services_of(request: Request) -> Services:
    """FastAPI dependency. Async, because the framework sends a plain function to a thread, for every request."""
    return cast("Services", request.app.state.services)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what can be done for them."""

    key: Key
    services: Services


async def caller_of(request: Request) -> Caller:
    """FastAPI dependency of every route that needs a key. Raises AuthenticationFailed."""
    services = cast("Services", request.app.state.services)
    return Caller(await services.authenticator.authenticate(request.headers.get("authorization")), services)


AnyCaller = Annotated[Caller, Depends(caller_of)]
Wired = Annotated[Services, Depends(services_of)]
