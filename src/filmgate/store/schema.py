"""The tables. Times are Unix seconds (float); money is micro-dollars (integer); JSON holds what is never searched."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
# SQLite gives out row numbers only to a column of exactly this type.
Sequence64 = BigInteger().with_variant(Integer(), "sqlite")

projects = Table(
    "projects",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("project_id", String(40), ForeignKey("projects.id"), nullable=False),
    Column("mode", String(8), nullable=False),  # live or test
    Column("name", String(200), nullable=False),
    Column("hint", String(40), nullable=False),  # first and last characters, enough to recognise a key by
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("models", Json),  # None: every model
    Column("requests_per_minute", Integer),
    Column("max_active_videos", Integer),
    Column("budget_usd_micros", BigInteger),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float),
    Column("revoked_at", Float),
)

_ACTIVE = text("status IN ('queued', 'in_progress')")
_UNFINISHED = text("phase NOT IN ('done', 'failed')")
_WITH_FILES = text("files_deleted_at IS NULL")
_WATCHED = text("state = 'watched'")

videos = Table(
    "videos",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("project_id", String(40), ForeignKey("projects.id"), nullable=False),
    Column("key_id", String(40), ForeignKey("keys.id"), nullable=False),
    Column("livemode", Boolean, nullable=False),
    Column("model", String(200), nullable=False),
    Column("status", String(16), nullable=False),
    Column("progress", Integer, nullable=False),
    Column("prompt", Text),
    Column("seconds", String(32), nullable=False),
    Column("size", String(32)),
    Column("user_tag", Text),
    Column("response_format", String(16), nullable=False),
    Column("n", Integer, nullable=False),
    Column("metadata", Json, nullable=False),  # the client's own
    Column("adjustments", Json, nullable=False),
    Column("warnings", Json, nullable=False),
    Column("quoted_usd_micros", BigInteger),  # None: the price is not known
    Column("charged_usd_micros", BigInteger),
    Column("error_code", String(64)),
    Column("error_message", Text),
    Column("body_sha256", String(64), nullable=False),
    Column("client_retry", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("completed_at", Float),
    Column("expires_at", Float),
    Column("cancel_requested_at", Float),
    Column("deleted_at", Float),
    Column("files_deleted_at", Float),
    Index("ix_videos_project_id_id", "project_id", "id"),
    Index("ix_videos_active", "project_id", "key_id", sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
    Index("ix_videos_key_id_body_sha256", "key_id", "body_sha256"),
    Index("ix_videos_key_id_created_at", "key_id", "created_at"),
    Index(
        "ix_videos_expires_at",
        "expires_at",
        sqlite_where=_WITH_FILES,
        postgresql_where=_WITH_FILES,
    ),
)

outputs = Table(
    "outputs",
    metadata,
    Column("video_id", String(40), ForeignKey("videos.id"), nullable=False),
    Column("idx", Integer, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("account", String(200), nullable=False),
    Column("request", Json, nullable=False),  # core.request.VideoRequest
    Column("conform", Json),  # the size and rate asked for, where the model makes another
    Column("seed", BigInteger),
    Column("progress", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Float),
    Column("delivery_failures", Integer, nullable=False),
    Column("error_code", String(64)),
    Column("error_message", Text),
    Column("created_at", Float, nullable=False),
    Column("submitted_at", Float),
    Column("generated_at", Float),
    Column("finished_at", Float),
    # What the stored file really is, measured.
    Column("width_px", Integer),
    Column("height_px", Integer),
    Column("fps", Float),
    Column("duration_seconds", Float),
    Column("has_audio", Boolean),
    Column("size_bytes", BigInteger),
    Column("sha256", String(64)),
    PrimaryKeyConstraint("video_id", "idx"),
    Index(
        "ix_outputs_unfinished",
        "account",
        "phase",
        "created_at",
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    ),
)

attempts = Table(
    "attempts",
    metadata,
    Column("client_ref", String(64), primary_key=True),  # sent upstream; finds a task whose reply was lost
    Column("video_id", String(40), ForeignKey("videos.id"), nullable=False),
    Column("idx", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("provider", String(64), nullable=False),
    Column("account", String(200), nullable=False),
    Column("upstream_model", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("task_id", Text),
    Column("task_data", Json),
    Column("result", Json),  # where the finished file lies upstream
    Column("charged", String(8)),
    Column("error_code", String(64)),
    Column("error_message", Text),
    Column("upstream_code", Text),
    Column("started_at", Float, nullable=False),
    Column("accepted_at", Float),
    Column("finished_at", Float),
    Column("next_poll_at", Float),
    Column("polls", Integer, nullable=False),
    Column("credential_id", String(64)),  # None: a local engine
    UniqueConstraint("video_id", "idx", "number"),
    Index("ix_attempts_account_started_at", "account", "started_at"),
    Index("ix_attempts_watched", "next_poll_at", sqlite_where=_WATCHED, postgresql_where=_WATCHED),
)

assets = Table(
    "assets",
    metadata,
    Column("video_id", String(40), ForeignKey("videos.id"), nullable=False),
    Column("idx", Integer, nullable=False),
    Column("variant", String(16), nullable=False),
    Column("key", Text, nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created_at", Float, nullable=False),
    PrimaryKeyConstraint("video_id", "idx", "variant"),
)

events = Table(
    "events",
    metadata,
    Column("seq", Sequence64, primary_key=True, autoincrement=True),
    Column("video_id", String(40), ForeignKey("videos.id"), nullable=False),
    Column("idx", Integer),
    Column("at", Float, nullable=False),
    Column("type", String(64), nullable=False),
    Column("data", Json, nullable=False),
    Index("ix_events_video_id_seq", "video_id", "seq"),
    sqlite_autoincrement=True,
)

# Signed movements. Held money is a reservation not yet settled or released; a key's budget covers held + spent.
ledger = Table(
    "ledger",
    metadata,
    Column("seq", Sequence64, primary_key=True, autoincrement=True),
    Column("video_id", String(40), ForeignKey("videos.id"), nullable=False),
    Column("idx", Integer, nullable=False),
    Column("project_id", String(40), ForeignKey("projects.id"), nullable=False),
    Column("key_id", String(40), ForeignKey("keys.id"), nullable=False),
    Column("kind", String(16), nullable=False),  # reservation, settlement, release
    Column("held_usd_micros", BigInteger, nullable=False),
    Column("spent_usd_micros", BigInteger, nullable=False),
    Column("at", Float, nullable=False),
    # Each output is reserved once and closed once, whatever runs twice.
    UniqueConstraint("video_id", "idx", "kind"),
    Index("ix_ledger_key_id", "key_id"),
    sqlite_autoincrement=True,
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("project_id", String(40), ForeignKey("projects.id"), nullable=False),
    Column("livemode", Boolean, nullable=False),
    Column("key", String(255), nullable=False),
    Column("body_sha256", String(64), nullable=False),
    Column("video_id", String(40), ForeignKey("videos.id"), nullable=False),
    Column("created_at", Float, nullable=False),
    PrimaryKeyConstraint("project_id", "livemode", "key"),
    Index("ix_idempotency_keys_created_at", "created_at"),
)

# What reaches an upstream, as it was when an attempt used it: kept until no unfinished video needs it any more.
credentials = Table(
    "credentials",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account", String(200), nullable=False),
    Column("provider", String(64), nullable=False),
    Column("settings", Json, nullable=False),  # holds secrets
    Column("used_at", Float, nullable=False),
    Index("ix_credentials_account", "account"),
)

# Accounts that failed lately; one that works has no row.
circuits = Table(
    "circuits",
    metadata,
    Column("account", String(200), primary_key=True),
    Column("failures", Integer, nullable=False),  # in a row
    Column("openings", Integer, nullable=False),  # in a row
    Column("reason", Text, nullable=False),
    Column("error_class", String(16), nullable=False),
    Column("first_failed_at", Float, nullable=False),
    Column("open_until", Float),  # None: still closed
    Column("probe_until", Float),  # one output is trying it until then
)

instance = Table(
    "instance",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
