"""`filmgate migrate`: the database at the newest schema."""

from __future__ import annotations

from filmgate.cli.options import Config, Data, Json
from filmgate.cli.output import say, say_json


def migrate(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Bring the database to the newest schema.

    It is created if there is none. `filmgate serve` does the same by itself when it starts.
    """
    from filmgate.cli.local_database import database_name, open_folder
    from filmgate.config import load_settings
    from filmgate.store.migrate import HEAD

    settings = load_settings(config, data=data)
    changed = open_folder(settings)
    database = database_name(settings)
    if as_json:
        say_json({"database": database, "schema": HEAD, "changed": changed})
    elif changed:
        say(f"{database} is now at schema {HEAD}")
    else:
        say(f"{database} was at schema {HEAD} already; nothing to do")
