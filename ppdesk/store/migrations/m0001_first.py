"""The first schema: meta, events with their openings, artifacts in parts and chunks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = ("event", "opening", "artifact", "part", "chunk")
_KEYS = {
    "opening": "seq = NEW.seq AND field = NEW.field",
    "artifact": "digest = NEW.digest",
    "part": "artifact = NEW.artifact AND position = NEW.position",
    "chunk": "artifact = NEW.artifact AND part = NEW.part AND number = NEW.number",
}


def upgrade() -> None:
    _tables()
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _refuse(f"{table}_no_{verb.lower()}", f"BEFORE {verb} ON {table}")
    # INSERT OR REPLACE deletes without firing the trigger for DELETE
    for table, same in _KEYS.items():
        _refuse(
            f"{table}_no_replace",
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",  # noqa: S608
        )
    _refuse(
        "event_next",
        "BEFORE INSERT ON event WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)",
    )
    _refuse(
        "event_follows",
        "BEFORE INSERT ON event WHEN NEW.seq > 1 AND json_extract(NEW.content, '$.prev')"
        " IS NOT (SELECT hash FROM event WHERE seq = NEW.seq - 1)",
    )
    _refuse("meta_no_update", "BEFORE UPDATE ON meta WHEN OLD.name <> 'written_by' OR NEW.name <> OLD.name")
    _refuse("meta_no_delete", "BEFORE DELETE ON meta")


def _refuse(name: str, when: str) -> None:
    op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'append-only'); END")


def _tables() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.Text, sa.Computed(f"json_extract(content, '$.{name}')", persisted=False))
            for name in ("time", "actor", "kind", "outcome")
        ),
    )
    op.create_table(
        "opening",
        sa.Column("seq", sa.Integer, sa.ForeignKey("event.seq"), primary_key=True),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("salt", sa.BLOB, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "artifact",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("head", sa.Text, nullable=False),
    )
    op.create_table(
        "part",
        sa.Column("artifact", sa.Text, sa.ForeignKey("artifact.digest"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media", sa.Text, nullable=False),
        sa.Column("personal", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chunk",
        sa.Column("artifact", sa.Text, primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("data", sa.BLOB, nullable=False),
        sa.ForeignKeyConstraint(["artifact", "part"], ["part.artifact", "part.position"]),
    )
