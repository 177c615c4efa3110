"""The ledger's tables, as named migrations: each runs once, in one transaction, and is recorded."""

from collections.abc import Callable

import duckdb

Migration = Callable[[duckdb.DuckDBPyConnection], None]


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Version 1: stories, facts, overtures with their criteria, outcomes, coverage and corrections.

    A row's origin belongs to its key: two chronologies may hold the same fact, and each may be replaced alone.
    """
    connection.execute("""
        CREATE TABLE articles (
            article_id VARCHAR PRIMARY KEY, story_id VARCHAR NOT NULL, title VARCHAR, outlet VARCHAR, url VARCHAR,
            sha256 VARCHAR NOT NULL, text VARCHAR NOT NULL, published_on DATE, published_on_how VARCHAR NOT NULL,
            known_on DATE, signature BLOB, reading JSON NOT NULL, recorded_at TIMESTAMP NOT NULL
        );
        CREATE TABLE facts (
            fact_id VARCHAR NOT NULL, origin VARCHAR NOT NULL, article_id VARCHAR, story_id VARCHAR,
            span_start INTEGER, span_end INTEGER,
            actors VARCHAR[] NOT NULL, actor_sectors VARCHAR[] NOT NULL,
            recipients VARCHAR[] NOT NULL, recipient_sectors VARCHAR[] NOT NULL,
            type VARCHAR NOT NULL, mode VARCHAR, cameo VARCHAR, is_deed BOOLEAN NOT NULL, factuality VARCHAR NOT NULL,
            score DOUBLE NOT NULL, summary VARCHAR NOT NULL, regime VARCHAR,
            happened_from DATE, happened_to DATE, known_on DATE, basis VARCHAR NOT NULL, reference VARCHAR,
            recorded_at TIMESTAMP NOT NULL, PRIMARY KEY (fact_id, origin)
        );
        CREATE TABLE overtures (
            overture_id VARCHAR NOT NULL, origin VARCHAR NOT NULL, article_id VARCHAR, story_id VARCHAR,
            span_start INTEGER, span_end INTEGER, source VARCHAR NOT NULL, targets VARCHAR[] NOT NULL,
            who VARCHAR, office VARCHAR, grade VARCHAR NOT NULL, is_restraint BOOLEAN NOT NULL, words VARCHAR NOT NULL,
            cost_flags VARCHAR[] NOT NULL, said_on DATE, known_on DATE, dyad_state VARCHAR,
            basis VARCHAR NOT NULL, reference VARCHAR, recorded_at TIMESTAMP NOT NULL,
            PRIMARY KEY (overture_id, origin)
        );
        CREATE TABLE criteria (
            overture_id VARCHAR NOT NULL, origin VARCHAR NOT NULL, family VARCHAR, cameo VARCHAR[] NOT NULL,
            window_days INTEGER, opens_on DATE, closes_on DATE, wording VARCHAR NOT NULL,
            recorded_at TIMESTAMP NOT NULL, PRIMARY KEY (overture_id, origin)
        );
        CREATE TABLE outcomes (
            overture_id VARCHAR NOT NULL, origin VARCHAR NOT NULL, known_on DATE NOT NULL, stage VARCHAR,
            outcome VARCHAR NOT NULL, happened_on DATE, facts VARCHAR[] NOT NULL, note VARCHAR,
            recorded_at TIMESTAMP NOT NULL
        );
        CREATE TABLE coverage (
            origin VARCHAR NOT NULL, source VARCHAR NOT NULL, target VARCHAR NOT NULL,
            begins DATE NOT NULL, ends DATE NOT NULL, types VARCHAR[] NOT NULL, how VARCHAR NOT NULL
        );
        CREATE SEQUENCE correction_numbers;
        CREATE TABLE corrections (
            correction_id INTEGER PRIMARY KEY, record_id VARCHAR NOT NULL, field VARCHAR NOT NULL, value VARCHAR,
            who VARCHAR NOT NULL, why VARCHAR NOT NULL, recorded_at TIMESTAMP NOT NULL, undoes INTEGER
        );
        CREATE TABLE chronologies (name VARCHAR PRIMARY KEY, sha256 VARCHAR NOT NULL, recorded_at TIMESTAMP NOT NULL);
    """)


def add_fingerprints(connection: duckdb.DuckDBPyConnection) -> None:
    """Version 2: what a story was read from and by, so that a corpus run need not read it again."""
    connection.execute("ALTER TABLE articles ADD COLUMN fingerprint VARCHAR")


MIGRATIONS: tuple[tuple[int, str, Migration], ...] = (
    (1, "create_tables", create_tables),
    (2, "add_fingerprints", add_fingerprints),
)
"""Every migration in order: number, name, function. Never edited once released; a change is a new one."""

NEWEST = MIGRATIONS[-1][0]


def applied_version(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The number of the newest migration applied, 0 for an empty file, None for a file that is no ledger."""
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return 0
    if not {"migrations", "articles", "facts", "overtures"} <= tables:
        return None
    try:
        row = connection.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchone()
    except duckdb.BinderException:  # somebody else's tables of the same names
        return None
    return int(row[0]) if row else 0


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Brings an empty or older ledger to the newest version, all or nothing."""
    version = applied_version(connection) or 0
    if version >= NEWEST:
        return
    connection.execute("BEGIN")
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name VARCHAR, applied_at TIMESTAMP)"
        )
        for number, name, change in MIGRATIONS:
            if number > version:
                change(connection)
                connection.execute("INSERT INTO migrations VALUES (?, ?, now()::TIMESTAMP)", [number, name])
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
