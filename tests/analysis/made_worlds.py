"""Made-up archives with a known truth: pairs of states that meet and aid at rates of their own, and offers that tell."""

from datetime import timedelta

import duckdb
import numpy as np
from tests.analysis.tiny_archives import COLUMNS, DAY_0, NAMES

DAYS = 240
STATES = ("FJI", "TON", "WSM", "VUT", "SLB", "PNG", "KIR", "TUV", "NRU", "PLW", "FSM", "MHL")
MEETING, AID, OFFER, TALK = "042", "071", "0331", "020"


def make_rows(seed=1, *, kept=0.0, days=DAYS):
    """(day, actor, recipient, cameo) of every dyad; `kept`: the chance that an offer of aid is followed by aid."""
    chance = np.random.default_rng(seed)
    rows = []
    for actor in STATES:
        for recipient in STATES:
            if actor == recipient:
                continue
            meets, gives = chance.gamma(0.6, 1 / 40), chance.gamma(0.5, 1 / 120)
            rows += [(d, actor, recipient, MEETING) for d in np.flatnonzero(chance.random(days) < meets)]
            rows += [(d, actor, recipient, AID) for d in np.flatnonzero(chance.random(days) < gives)]
            rows += [(d, actor, recipient, TALK) for d in np.flatnonzero(chance.random(days) < 0.12)]
            for said in np.flatnonzero(chance.random(days) < 1 / 45):
                rows.append((said, actor, recipient, OFFER))
                if chance.random() < kept:
                    rows.append((said + int(chance.integers(5, 26)), actor, recipient, AID))
    return [(int(d), a, r, c) for d, a, r, c in rows if d < days]


def make_world(rows, *, copies=1, known_late=()):
    """A connection with these rows; `copies` of each; rows in `known_late` are known 60 days after."""
    con = duckdb.connect(config={"threads": "2"})
    con.execute(f"CREATE TABLE coded_events ({COLUMNS})")
    late = set(known_late)
    table = [(day, day + 60 * ((day, *rest) in late), *rest) for day, *rest in rows for _ in range(copies)]
    days, known, actors, recipients, codes = (list(column) for column in zip(*table, strict=True))
    con.execute(
        """INSERT INTO coded_events BY NAME
           SELECT 'icews' AS source, row_number() OVER ()::VARCHAR AS source_row, ?::DATE + d AS happened_on,
                  ?::DATE + k AS known_on, a AS actor, r AS recipient, 'GOV' AS actor_sector, 'GOV' AS recipient_sector,
                  c AS cameo, 'AGREE' AS type, false AS is_deed, 1.0 AS score, 1.0 AS goldstein, 1 AS reports,
                  true AS is_state_pair, false AS is_former, true AS names_dyads, false AS is_sampled, false AS is_repeat
           FROM (SELECT unnest(?::INTEGER[]) AS d, unnest(?::INTEGER[]) AS k, unnest(?::VARCHAR[]) AS a,
                        unnest(?::VARCHAR[]) AS r, unnest(?::VARCHAR[]) AS c)""",
        [DAY_0, DAY_0, days, known, actors, recipients, codes],
    )
    assert len(NAMES) == 25
    return con


def on(number):
    """Day `number` of the world."""
    return DAY_0 + timedelta(days=number)
