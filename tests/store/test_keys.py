"""Keys and projects. A secret exists once, in the answer that made it."""

import asyncio
import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa
from rows import NOW, add_key

from databases import open_database
from filmgate.core.errors import NotFound
from filmgate.store import instance, keys
from filmgate.store.database import Database, Transaction
from filmgate.store.records import Key
from filmgate.store.schema import metadata

pytestmark = pytest.mark.anyio


def make(tx: Transaction, **limits: object) -> tuple[Key, str]:
    project_id = keys.ensure_project(tx, "default", now=NOW)
    return keys.create_key(tx, project_id=project_id, mode="live", name="mine", now=NOW, limits=limits)


async def test_the_secret_is_nowhere_in_the_database(database: Database, tmp_path: Path) -> None:
    _, secret = await database.write(make)
    random_part = secret.removeprefix("sk-live-")

    def everything(conn: sa.Connection) -> str:
        return repr([conn.execute(sa.select(table)).all() for table in metadata.sorted_tables])

    stored = await database.read(everything)
    assert hashlib.sha256(secret.encode()).hexdigest() in stored
    assert secret not in stored
    assert random_part[:8] not in stored
    for path in tmp_path.glob("filmgate.db*"):
        assert random_part[:8].encode() not in path.read_bytes()


async def test_a_key_is_found_by_the_digest_of_its_secret_alone(database: Database) -> None:
    key, secret = await database.write(make)
    await database.write(make)
    assert await database.read(lambda conn: keys.find_key(conn, keys.secret_digest(secret))) == key
    assert await database.read(lambda conn: keys.find_key(conn, keys.secret_digest(secret + "x"))) is None
    assert await database.read(lambda conn: keys.find_key(conn, secret)) is None


async def test_limits_come_back_as_given(database: Database) -> None:
    limits = {
        "models": ["kling-3.0", "animatic-1"],
        "requests_per_minute": 7,
        "max_active_videos": 3,
        "budget_usd_micros": 5_000_000_000_000,
        "expires_at": NOW + 1.5,
        "scopes": ["admin"],
    }
    key, secret = await database.write(lambda tx: make(tx, **limits))
    found = await database.read(lambda conn: keys.find_key(conn, keys.secret_digest(secret)))
    assert found == key
    assert (key.models, key.scopes) == (("kling-3.0", "animatic-1"), ("admin",))
    assert (key.requests_per_minute, key.max_active_videos, key.budget_usd_micros) == (7, 3, 5_000_000_000_000)
    assert (key.expires_at, key.revoked_at, key.livemode) == (NOW + 1.5, None, True)


async def test_no_models_is_not_every_model(database: Database) -> None:
    key, _ = await database.write(lambda tx: make(tx, models=[]))
    unlimited, _ = await database.write(make)
    listed = await database.read(keys.list_keys)
    assert {found.id: found.models for found in listed} == {key.id: (), unlimited.id: None}


async def test_revoking_twice_keeps_the_first_time(database: Database) -> None:
    key, secret = await database.write(make)
    first = await database.write(lambda tx: keys.revoke_key(tx, key.id, now=NOW + 1))
    again = await database.write(lambda tx: keys.revoke_key(tx, key.id, now=NOW + 2))
    assert first.revoked_at == again.revoked_at == NOW + 1
    # Revoked is not unknown: who decides what a revoked key may do has to see it.
    assert await database.read(lambda conn: keys.find_key(conn, keys.secret_digest(secret))) == first


async def test_revoking_what_does_not_exist(database: Database) -> None:
    with pytest.raises(NotFound) as caught:
        await database.write(lambda tx: keys.revoke_key(tx, "key_none", now=NOW))
    assert caught.value.code == "key_not_found"


async def test_keys_are_listed_oldest_first(database: Database) -> None:
    assert await database.read(keys.list_keys) == []
    made = [await add_key(database, mode=mode) for mode in ("live", "test", "live")]
    listed = await database.read(keys.list_keys)
    assert {key.id for key in listed} == {key.id for key in made}
    assert [(key.created_at, key.id) for key in listed] == sorted((key.created_at, key.id) for key in listed)


async def test_servers_that_start_at_once_share_their_project_and_secret(
    database: Database, database_place: Path | str
) -> None:
    other = open_database(database_place, [])
    starts = [
        start.write(change)
        for start in (database, other) * 4
        for change in (lambda tx: keys.ensure_project(tx, "default", now=NOW), instance.signing_secret)
    ]
    results = await asyncio.gather(*starts)
    await other.close()
    assert len(set(results[0::2])) == 1
    assert len(set(results[1::2])) == 1
    assert len(results[1]) == 32


async def test_projects_are_known_by_name(database: Database) -> None:
    made = await database.write(lambda tx: keys.ensure_project(tx, "studio", now=1.0))

    assert (await database.read(keys.project_names))[made] == "studio"
