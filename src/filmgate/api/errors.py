"""Every error as `{"error": {"message", "type", "param", "code"}}`, also the framework's own."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from filmgate.core.errors import (
    BodyTooLarge,
    ClientError,
    InvalidRequest,
    NotFound,
    ServiceUnavailable,
    StorageError,
    UnsupportedMediaType,
)

logger = logging.getLogger(__name__)


def error_body(message: str, type_: str, code: str, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": type_, "param": param, "code": code}}


def client_error_response(error: ClientError) -> JSONResponse:
    headers = {"retry-after": str(error.retry_after_seconds)} if error.retry_after_seconds is not None else None
    body = error_body(error.message, error.type, error.code, error.param)
    return JSONResponse(body, status_code=error.http_status, headers=headers)


def install_error_handlers(app: FastAPI) -> None:
    async def on_client_error(_request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, ClientError):
            raise error
        return client_error_response(error)

    async def on_storage_error(_request: Request, error: Exception) -> JSONResponse:
        logger.error("file store: %s", error)
        message = "The file store cannot answer now, so nothing was stored or charged; try again"
        return client_error_response(ServiceUnavailable(message, code="storage_unavailable", retry_after_seconds=5))

    async def on_framework_error(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, HTTPException):
            raise error
        return _framework_error_response(request, error)

    async def on_validation_error(_request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, RequestValidationError):
            raise error
        return client_error_response(_from_validation(error))

    async def on_anything_else(request: Request, error: Exception) -> JSONResponse:
        message = "Filmgate made an error of its own while answering; the server's log has it under this request id"
        logger.error("request %s failed", request.scope.get("filmgate.request_id"), exc_info=error)
        # The framework answers this outside of our middleware, so the id is set here.
        headers = {"x-request-id": str(request.scope.get("filmgate.request_id"))}
        return JSONResponse(error_body(message, "server_error", "internal_error"), status_code=500, headers=headers)

    app.add_exception_handler(ClientError, on_client_error)
    app.add_exception_handler(StorageError, on_storage_error)
    app.add_exception_handler(HTTPException, on_framework_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(Exception, on_anything_else)


def _framework_error_response(request: Request, error: HTTPException) -> JSONResponse:
    method, path = request.method, request.url.path[:200]
    match error.status_code:
        case 404:
            return client_error_response(NotFound(f"There is no route {method} {path}", code="route_not_found"))
        case 405:
            allowed = (error.headers or {}).get("Allow") or "another method"
            body = error_body(
                f"{path} does not take {method}; allowed: {allowed}", "invalid_request_error", "method_not_allowed"
            )
            return JSONResponse(body, status_code=405, headers={"Allow": allowed} if error.headers else None)
        case 413:
            return client_error_response(BodyTooLarge(str(error.detail)))
        case 415:
            return client_error_response(UnsupportedMediaType(str(error.detail)))
        case status:
            type_ = "server_error" if status >= 500 else "invalid_request_error"
            return JSONResponse(error_body(str(error.detail), type_, "invalid_request"), status_code=status)


def _from_validation(error: RequestValidationError) -> InvalidRequest:
    first = error.errors()[0]
    where = first.get("loc", ())
    name = str(where[-1]) if where else "request"
    got = repr(first.get("input"))[:100]
    return InvalidRequest(f"{name}: {first.get('msg', 'is not valid')}; got {got}", param=name)
