"""Write the next migration from the difference between store/schema.py and the migrations so far.

Usage: uv run poe migration "What it changes". Read the file it writes, then set HEAD in store/migrate.py.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent.parent / "src" / "filmgate" / "store" / "migrations"
JSON_TYPE = re.compile(r"sa\.JSON\(none_as_null=True\)\.with_variant\(postgresql\.JSONB\([^)]*\)\), 'postgresql'\)")


def main(message: str) -> None:
    numbers = [int(path.stem[:4]) for path in (MIGRATIONS / "versions").glob("[0-9]*.py")]
    revision = f"{max(numbers, default=0) + 1:04d}"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with sa.create_engine("sqlite://").begin() as connection:
        config.attributes["connection"] = connection
        if numbers:
            command.upgrade(config, "head")
        command.revision(config, message, autogenerate=True, rev_id=revision)
    path = next((MIGRATIONS / "versions").glob(f"{revision}_*.py"))
    text = JSON_TYPE.sub("JSON", path.read_text())
    text = re.sub(r"    # ###.*\n", "", text)
    json_type = (
        'JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")\n\n\n'
    )
    path.write_text(text.replace("def upgrade()", json_type + "def upgrade()", 1))


if __name__ == "__main__":
    main(sys.argv[1])
