"""Hand-made archives of a few rows, for tests that count by hand."""

from datetime import date, timedelta
from random import Random

import duckdb

DAY_0 = date(2018, 1, 1)

COLUMNS = """source VARCHAR, source_row VARCHAR, happened_on DATE, known_on DATE, actor VARCHAR, actor_name VARCHAR,
    actor_sector VARCHAR, recipient VARCHAR, recipient_name VARCHAR, recipient_sector VARCHAR, cameo VARCHAR,
    type VARCHAR, mode VARCHAR, is_deed BOOLEAN, score DOUBLE, goldstein DOUBLE, place VARCHAR, outlet VARCHAR,
    story VARCHAR, reports INTEGER, is_state_pair BOOLEAN, is_former BOOLEAN, names_dyads BOOLEAN,
    is_sampled BOOLEAN, is_repeat BOOLEAN"""
NAMES = [part.split()[0] for part in COLUMNS.split(",")]


def day(number):
    """Day `number` of the archive; day 0 is 1 Jan 2018."""
    return DAY_0 + timedelta(days=number)


def coded(number, dyad, cameo, **fields):
    """A row on day `number`, as in coded(3, "RUS>USA", "036")."""
    actor, recipient = dyad.split(">")
    known = fields.pop("known", number)
    row = dict.fromkeys(NAMES) | {
        "source": "icews", "happened_on": day(number), "known_on": day(known), "actor": actor, "recipient": recipient,
        "actor_sector": "GOV", "recipient_sector": "GOV", "cameo": cameo, "type": "AGREE", "is_deed": False,
        "score": 1.0, "goldstein": 1.0, "reports": 1, "is_state_pair": True, "is_former": False, "names_dyads": True,
        "is_sampled": False, "is_repeat": False,
    }  # fmt: skip
    return row | fields


def filler(first=0, last=400, every=20):
    """Rows of two powers far away, so that the archive has rows throughout."""
    return [coded(number, "FJI>TON", "010") for number in range(first, last + 1, every)] + [
        coded(last, "FJI>TON", "010")
    ]


def make_archive(rows, shuffle=None):
    """A connection with `coded_events`; `shuffle` is a seed for the order of the rows."""
    con = duckdb.connect()
    con.execute(f"CREATE TABLE coded_events ({COLUMNS})")
    if shuffle is not None:
        rows = Random(shuffle).sample(rows, len(rows))
    filled = [row | {"source_row": row["source_row"] or str(number)} for number, row in enumerate(rows)]
    marks = f"({', '.join('?' * len(NAMES))})"
    values = [row[name] for row in filled for name in NAMES]
    con.execute(f"INSERT INTO coded_events VALUES {', '.join([marks] * len(filled))}", values)
    return con


def fetch(con, table, columns, where="true"):
    """The rows of a table as tuples of these columns, in their order."""
    return con.execute(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY ALL").fetchall()
