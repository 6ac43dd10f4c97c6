"""The tables of a project file, as the newest migration leaves them.

Everything is append-only; triggers (in the migrations) refuse update, delete and replace. What is
not content, hash or opening is computed from them, so that two columns cannot disagree.
"""

from sqlalchemy import (
    BLOB,
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
)

# The migrations, oldest first; repeated here so that opening a file need not load Alembic.
REVISIONS = ("0001",)
NEWEST = REVISIONS[-1]

METADATA = MetaData()

META = Table(  # project_id, created, written_by (the program that last wrote the schema)
    "meta",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

EVENT = Table(
    "event",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("content", Text, nullable=False),  # canonical JSON, see chain.py
    Column("hash", Text, nullable=False),
    Column("time", Text, Computed("json_extract(content, '$.time')", persisted=False)),
    Column("actor", Text, Computed("json_extract(content, '$.actor')", persisted=False)),
    Column("kind", Text, Computed("json_extract(content, '$.kind')", persisted=False)),
    Column("outcome", Text, Computed("json_extract(content, '$.outcome')", persisted=False)),
)

OPENING = Table(  # what opens the commitments of an event; a redacted copy leaves rows out
    "opening",
    METADATA,
    Column("seq", Integer, ForeignKey("event.seq"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("salt", BLOB, nullable=False),
    Column("value", Text, nullable=False),  # canonical JSON
)

ARTIFACT = Table(
    "artifact",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("head", Text, nullable=False),  # canonical JSON
)

PART = Table(
    "part",
    METADATA,
    Column("artifact", Text, ForeignKey("artifact.digest"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("personal", Integer, nullable=False),
    Column("sha256", Text, nullable=False),  # of the chunks' bytes, one after the other
    Column("bytes", Integer, nullable=False),
)

CHUNK = Table(
    "chunk",
    METADATA,
    Column("artifact", Text, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("data", BLOB, nullable=False),
    ForeignKeyConstraint(["artifact", "part"], ["part.artifact", "part.position"]),
)

GUARDS = frozenset(  # the triggers that keep the tables append-only
    f"{table}_no_{verb}"
    for table, verbs in {
        "meta": ("update", "delete"),
        "event": ("update", "delete"),
        "opening": ("update", "delete", "replace"),
        "artifact": ("update", "delete", "replace"),
        "part": ("update", "delete", "replace"),
        "chunk": ("update", "delete", "replace"),
    }.items()
    for verb in verbs
) | {"event_next", "event_follows"}
