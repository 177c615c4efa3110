"""Contradictions: none in what is bundled, and every kind found where it is planted."""

import csv
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from olivebranch.analysis.contradictions import Record, find_contradictions
from olivebranch.codebook import load_codebook
from olivebranch.ledger import Ledger, Writer
from olivebranch.ledger.chronology import read_chronology
from olivebranch.ledger.rows import Coverage, Criterion, Fact, LedgerOverture, Outcome
from olivebranch.surfaces.cli import app

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = date(2020, 1, 1)


def day(text):
    return date.fromisoformat(text) if text else None


def make_fact(fact_id="f1", on="2014-07-31", **values):
    plain = {
        "fact_id": fact_id, "origin": "x", "article_id": None, "span": None, "actors": ("EU",), "actor_sectors": ("",),
        "recipients": ("RUS",), "recipient_sectors": ("",), "type": "SANCTION", "mode": None, "cameo": "163", "is_deed": True,
        "factuality": "asserted", "score": -5.0, "summary": "Measures.", "regime": "EU:RUS", "happened_from": day(on),
        "happened_to": day(on), "known_on": day(on), "basis": "checked", "reference": "an act",
    }  # fmt: skip
    return Fact(**plain | values)


def make_overture(on="2014-08-01", outcome=None, **values):
    criterion = Criterion("easing", ("085",), 180, day(on), date(2015, 1, 28), "the EU eases measures")
    plain = {
        "overture_id": "o1", "origin": "x", "article_id": None, "span": None, "source": "EU", "targets": ("RUS",), "who": None, "office": None,
        "grade": "specific", "is_restraint": False, "words": "we may ease them", "cost_flags": (), "said_on": day(on),
        "known_on": day(on), "dyad_state": None, "basis": "checked", "reference": "a speech", "criterion": criterion, "outcome": outcome,
    }  # fmt: skip
    return LedgerOverture(**plain | values)


def make_outcome(name="kept", happened="2014-12-01", known="2014-12-02", facts=("e1",)):
    return Outcome(name, "completed", day(known), day(happened), facts, None)


EASED = make_fact("e1", "2014-12-01", type="CONCEDE", cameo="085")
COVERED = Coverage("x", "EU", "RUS", date(2014, 1, 1), date(2016, 1, 1), ("easing",), "all acts")
MEETING = Criterion("meeting", ("04",), 30, date(2014, 8, 1), date(2014, 8, 31), "they meet")


def kinds(*facts, overtures=(), coverage=(COVERED,)):
    record = Record((make_fact(), *facts), overtures, coverage)
    return [fault.kind for fault in find_contradictions(record, load_codebook(), TODAY)]


def test_a_sound_record_has_none():
    overtures = [
        make_overture(outcome=make_outcome()),
        make_overture(overture_id="o2", outcome=make_outcome("lapsed", None, "2015-02-01", ())),
        make_overture(overture_id="o3", who="Federica Mogherini", on="2015-01-10"),
        make_overture(overture_id="o4", who="A. Nobody"),
    ]
    assert kinds(EASED, overtures=overtures) == []


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        (make_fact("e1", "2014-03-01", type="CONCEDE", cameo="085"), "eased_before_imposed"),
        (make_fact("e1", "2014-12-01", type="CONCEDE", cameo="0855", regime="USA:CUB"), "eased_before_imposed"),
        (make_fact("f2", "2999-01-01"), "in_the_future"),
        (make_fact("f2", "2014-08-02", known_on=date(2014, 8, 1)), "known_before"),
        (make_fact("f2", happened_to=date(2014, 7, 1)), "days"),
        (make_fact("f2", reference=None), "no_reference"),
        (make_fact("f2", "1999-01-01", actors=("MNE",), regime=None), "no_such_state"),
        (make_fact("f2", "2012-01-01", actors=("HRV",), type="SANCTION"), "no_member"),
        (make_fact("f2", "2014-09-01", actors=("DEU",), cameo="129", type="REJECT", regime=None, summary="Veto in the Security Council."), "no_member"),
        (make_fact("f2", "2015-09-01", actors=("MNE",), regime=None, summary="NATO member Montenegro expels a diplomat."), "no_member"),
    ],
)  # fmt: skip
def test_a_planted_fact_is_found(fact, kind):
    assert kinds(fact) == [kind]


@pytest.mark.parametrize(
    "fact",
    [
        make_fact("e1", "2014-03-01", type="CONCEDE", cameo="085", factuality="planned"),
        make_fact("e1", None, type="CONCEDE", cameo="085", known_on=date(2014, 3, 1)),
        make_fact("e1", "2014-03-01", type="CONCEDE", cameo="085", actors=("CHN",), recipients=("JPN",), regime=None),
        make_fact("f2", reference=None, article_id="a1"),
        make_fact("f2", "2014-09-01", actors=("EU", "NOR")),
    ],
    ids=["planned", "no day", "no regime", "a story", "with the body"],
)
def test_what_is_no_contradiction(fact):
    assert kinds(fact) == []


@pytest.mark.parametrize(
    ("overture", "kind"),
    [
        (make_overture(who="Federica Mogherini"), "not_in_office"),
        (make_overture(on="2999-01-01"), "in_the_future"),
        (make_overture(reference=None), "no_reference"),
        (make_overture(outcome=make_outcome(facts=())), "kept_without_fact"),
        (make_overture(outcome=make_outcome(facts=("gone",))), "evidence_missing"),
        (make_overture(outcome=make_outcome("late", "2014-12-01")), "out_of_window"),
        (make_overture(outcome=make_outcome("kept", "2015-12-01", "2015-12-02")), "out_of_window"),
        (make_overture(outcome=make_outcome("lapsed", None, "2014-12-01", ())), "out_of_window"),
        (make_overture(outcome=make_outcome("kept", None)), "outcome_without_day"),
        (make_overture(outcome=make_outcome("kept", "2014-12-01", "2014-11-30")), "evidence_late"),
        (make_overture(outcome=make_outcome("met")), "wrong_outcome"),
        (make_overture(outcome=make_outcome(facts=("e2",))), "evidence_alleged"),
        (make_overture(outcome=make_outcome(facts=("f1",))), "evidence_early"),
        (make_overture(outcome=make_outcome(facts=("e3",))), "evidence_early"),
        (make_overture(criterion=MEETING, outcome=make_outcome("kept", "2014-08-20", facts=("e1",))), "wrong_outcome"),
        (make_overture(criterion=Criterion(None, (), None, None, None, ""), outcome=make_outcome()), "outcome_without_measure"),
    ],
)  # fmt: skip
def test_a_planted_overture_is_found(overture, kind):
    alleged = replace(EASED, fact_id="e2", factuality="alleged")
    same_day = replace(EASED, fact_id="e3", happened_from=date(2014, 8, 2), happened_to=date(2014, 8, 2))
    assert kind in kinds(EASED, alleged, same_day, overtures=[overture])


def test_silence_without_coverage_is_a_contradiction():
    silent = make_overture(outcome=make_outcome("lapsed", None, "2015-02-01", ()))
    assert kinds(overtures=[silent], coverage=()) == ["out_of_window"]


def test_restraint_is_kept_on_the_last_day_of_its_window():
    kept = make_overture(is_restraint=True, outcome=make_outcome("kept", "2015-01-28", "2015-01-29"))
    assert kinds(EASED, overtures=[kept]) == []
    early = make_overture(is_restraint=True, outcome=make_outcome("kept", "2014-12-01"))
    assert kinds(EASED, overtures=[early]) == ["out_of_window"]


FOLDERS = sorted(path.parent for path in EXAMPLES.glob("*/facts.csv"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_bundled_chronologies_have_none(folder):
    read = read_chronology(folder)
    outcomes = dict(read.outcomes)
    overtures = [replace(overture, outcome=outcomes.get(overture.overture_id)) for overture in read.overtures]
    record = Record(read.facts, overtures, read.coverage)
    assert find_contradictions(record, load_codebook(), date.today()) == []


@pytest.fixture
def ledger(tmp_path):
    """Makes a ledger of one chronology, with one cell of its facts changed."""

    def make(column=None, value=None):
        folder = Path(shutil.copytree(EXAMPLES / "russia-west", tmp_path / "russia-west"))
        path = folder / "facts.csv"
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        if column:
            rows[3][column] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        with Ledger(tmp_path / "l.duckdb") as opened:
            Writer(opened).add_chronology(read_chronology(folder))
        return str(tmp_path / "l.duckdb"), rows[3]["fact_id"]

    return make


def test_the_command_finds_nothing_in_a_sound_ledger(ledger):
    path, _ = ledger()
    result = CliRunner().invoke(app, ["ledger", "check", "--ledger", path])
    assert result.exit_code == 0, result.output
    assert "no contradiction" in result.output


def test_the_command_tells_record_kind_and_why(ledger):
    path, fact_id = ledger("reference", "")
    result = CliRunner().invoke(app, ["ledger", "check", "--ledger", path, "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output) == [
        {"record_id": fact_id, "kind": "no_reference", "why": "neither a reference nor a story"}
    ]
