"""What Google's simulators share: the error bodies of its APIs, and the access tokens of OAuth.

Source: the error model of cloud.google.com/apis/design/errors and developers.google.com/identity/protocols/oauth2
(service accounts: RFC 7523), read 2026-11-22.
"""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import parse_qs

import jwt
from jwt.types import Options
from starlette.requests import Request
from starlette.responses import Response

from filmgate.simulators.faults import Fault
from filmgate.simulators.kit import Refusal, Simulation, json_answer

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
# What Google's own libraries write into an assertion, wherever they send it.
_AUDIENCE = "https://oauth2.googleapis.com/token"
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_TOKEN_SECONDS = 3600
_SKEW_SECONDS = 300

# HTTP status and words for each google.rpc code.
_ERRORS = {
    "INVALID_ARGUMENT": (400, "Request contains an invalid argument."),
    "FAILED_PRECONDITION": (400, "This API method requires billing to be enabled. Please enable billing."),
    "UNAUTHENTICATED": (401, "Request had invalid authentication credentials. Expected OAuth 2 access token."),
    "PERMISSION_DENIED": (403, "Permission denied on resource project."),
    "NOT_FOUND": (404, "Requested entity was not found."),
    "RESOURCE_EXHAUSTED": (429, "Resource has been exhausted (e.g. check quota)."),
    "INTERNAL": (500, "Internal error encountered."),
    "UNAVAILABLE": (503, "The service is currently unavailable."),
    "DEADLINE_EXCEEDED": (504, "Deadline expired before operation could complete."),
}


def word_google(_request: Request, refusal: Refusal) -> Response:
    """The answer to a refusal whose code is one of google.rpc's."""
    status, words = _ERRORS[str(refusal.code)]
    error = {"code": status, "message": refusal.message or words, "status": refusal.code}
    return json_answer({"error": error}, status)


class AccessTokens:
    """The token endpoint, and the check of what it issued.

    `keys`: access_token, which never expires; public_key_pem and client_email, for the assertions of a service
    account; refresh_token, client_id and client_secret.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._expiries: dict[str, float] = {}

    def check(self, request: Request) -> None:
        """Raises Refusal."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        fixed = self._simulation.keys.get("access_token")
        is_fixed = fixed is not None and hmac.compare_digest(token.encode(), fixed.encode())
        is_issued = self._expiries.get(token, 0.0) > self._simulation.now()
        refused = scheme != "Bearer" or not (is_fixed or is_issued)
        if refused or self._simulation.strikes(Fault.UNAUTHORISED):
            self._simulation.books.unauthorised += 1
            raise Refusal("UNAUTHENTICATED")

    async def issue(self, request: Request) -> Response:
        """POST /token, of the grants "refresh_token" and JWT bearer."""
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        sent = {name: values[0] for name, values in form.items()}
        match sent.get("grant_type"):
            case "refresh_token":
                trouble = self._wrong_refresh(sent)
            case grant if grant == _JWT_BEARER:
                trouble = self._wrong_assertion(sent.get("assertion", ""), f"{request.base_url}token")
            case grant:
                trouble = ("unsupported_grant_type", f"Invalid grant_type: {grant}")
        if trouble is not None:
            self._simulation.books.unauthorised += 1
            status = 401 if trouble[0] == "invalid_client" else 400
            return json_answer({"error": trouble[0], "error_description": trouble[1]}, status)
        token = f"ya29.{self._simulation.random.getrandbits(256):064x}"
        self._expiries[token] = self._simulation.now() + _TOKEN_SECONDS
        return json_answer({"access_token": token, "expires_in": _TOKEN_SECONDS - 1, "token_type": "Bearer"})

    def _wrong_refresh(self, sent: dict[str, str]) -> tuple[str, str] | None:
        keys = self._simulation.keys
        for name in ("client_id", "client_secret"):
            if sent.get(name) != keys.get(name):
                return "invalid_client", "The OAuth client was not found."
        right = "refresh_token" in keys and sent.get("refresh_token") == keys["refresh_token"]
        return None if right else ("invalid_grant", "Bad Request")

    def _wrong_assertion(self, assertion: str, here: str) -> tuple[str, str] | None:
        keys = self._simulation.keys
        try:
            # The times are compared below, with the simulation's clock.
            options: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
            claims: dict[str, Any] = jwt.decode(
                assertion, keys.get("public_key_pem", ""), algorithms=["RS256"], options=options
            )
        except (jwt.InvalidTokenError, jwt.InvalidKeyError, ValueError):
            return "invalid_grant", "Invalid JWT Signature."
        now, issued, expires = self._simulation.now(), claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            return "invalid_grant", "Invalid JWT: iat and exp are required."
        if issued > now + _SKEW_SECONDS or expires <= now or expires - issued > _TOKEN_SECONDS:
            return "invalid_grant", (
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                "Check your iat and exp values in the JWT claim."
            )
        if claims.get("iss") != keys.get("client_email", claims.get("iss")):
            return "invalid_grant", "Invalid grant: account not found"
        if claims.get("aud") not in (_AUDIENCE, here):
            return "invalid_grant", "Invalid JWT: Failed audience check."
        if SCOPE not in str(claims.get("scope", "")).split():
            return "invalid_scope", "Invalid OAuth scope or ID token audience provided."
        return None
