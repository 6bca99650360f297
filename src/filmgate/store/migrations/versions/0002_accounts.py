"""accounts"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "circuits",
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("error_class", sa.String(length=16), nullable=False),
        sa.Column("first_failed_at", sa.Float(), nullable=False),
        sa.Column("open_until", sa.Float(), nullable=True),
        sa.Column("probe_until", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_circuits")),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("used_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
    )
    with op.batch_alter_table("credentials", schema=None) as batch_op:
        batch_op.create_index("ix_credentials_account", ["account"], unique=False)

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("credential_id", sa.String(length=64), nullable=True))
        batch_op.create_index("ix_attempts_account_started_at", ["account", "started_at"], unique=False)
        batch_op.create_index(
            "ix_attempts_watched",
            ["next_poll_at"],
            unique=False,
            sqlite_where=sa.text("state = 'watched'"),
            postgresql_where=sa.text("state = 'watched'"),
        )


def downgrade() -> None:
    raise RuntimeError("Filmgate's migrations go forward only: restore a backup to go back")
