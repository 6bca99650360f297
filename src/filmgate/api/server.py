"""The ASGI application: routes, error handlers and middleware around the given services."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from filmgate import __version__
from filmgate.api import callbacks, content, models, system, videos
from filmgate.api.errors import install_error_handlers
from filmgate.api.middleware import BodyLimitMiddleware, RequestIdMiddleware
from filmgate.api.openapi import finish_schema
from filmgate.api.services import Services


def create_api(services: Services) -> FastAPI:
    """`services` must be open for as long as the application answers."""
    # The pages under /docs bring their own scripts: a server without internet shows them, too.
    app = FastAPIOffline(
        title="Filmgate",
        version=__version__,
        summary="One API in front of every video model",
        redirect_slashes=False,
    )
    app.state.services = services
    for module in (videos, content, models, system, callbacks):
        app.include_router(module.router)
    finish_schema(app)
    install_error_handlers(app)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(RequestIdMiddleware)
    return app
