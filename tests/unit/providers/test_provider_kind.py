"""What is checked of every account, whoever its provider is."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import SecretStr, ValidationError

from filmgate.providers.kind import Credentials, matching
from filmgate.providers.registry import provider_kinds


class AcmeCredentials(Credentials):
    api_key: SecretStr | None = None
    base_url: str | None = None
    files_base_url: str = "https://files.acme.example"
    region: Annotated[str, matching("[a-z]+", "small letters")] = "north"


@pytest.mark.parametrize("secret", ["", "with space", "schlüssel", "line\n"])
def test_a_secret_that_no_header_can_hold_is_told_and_not_shown(secret: str) -> None:
    with pytest.raises(ValidationError) as caught:
        AcmeCredentials.model_validate({"api_key": secret})
    told = caught.value.errors()[0]["msg"]
    assert "api_key must be plain ASCII characters without spaces, at least one" in told
    assert not secret or secret not in told


@pytest.mark.parametrize("name", ["base_url", "files_base_url"])
@pytest.mark.parametrize(
    "url",
    ["", "acme.example", "ftp://acme.example", "https://", "https://a b", "https://a?x=1", "https://a#b", "http://a:x"],
)  # fmt: skip
def test_an_address_that_cannot_be_asked_is_told(name: str, url: str) -> None:
    with pytest.raises(ValidationError, match=rf"{name} must be an http\(s\) address without user, query or fragment"):
        AcmeCredentials.model_validate({name: url})


@pytest.mark.parametrize("url", ["https://me:hunter22222@acme.example", "https://acme.example/?key=hunter22222"])
def test_a_secret_in_an_address_is_not_repeated(url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        AcmeCredentials.model_validate({"base_url": url})
    assert "hunter22222" not in caught.value.errors()[0]["msg"]


@pytest.mark.parametrize("url", ["https://acme.example", "http://127.0.0.1:9/v1/", "https://[::1]:8000/x"])
def test_an_address_is_taken_as_it_stands(url: str) -> None:
    assert AcmeCredentials.model_validate({"base_url": url}).base_url == url


def test_a_text_of_another_shape_is_told_in_words() -> None:
    with pytest.raises(ValidationError, match="must be small letters; got 'North 1'"):
        AcmeCredentials.model_validate({"region": "North 1"})


def test_every_provider_checks_its_secrets_and_its_addresses() -> None:
    assert all(issubclass(kind.credentials, Credentials) for kind in provider_kinds().values())
