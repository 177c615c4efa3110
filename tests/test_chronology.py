"""The bundled chronologies keep their own rules, and the checker finds what breaks them."""

import importlib.util
import shutil
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from olivebranch.ledger.chronology import read_chronology

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "russia-west"
FOLDERS = sorted(path.parent for path in (ROOT / "examples").glob("*/facts.csv"))


def _load_checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_chronology", ROOT / "scripts" / "check_chronology.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


checker = _load_checker()


@pytest.fixture(scope="module")
def chronology():
    return checker.read_chronology(FOLDER)


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def each(request):
    """Every bundled chronology in turn: its folder and its rows."""
    return request.param, checker.read_chronology(request.param)


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "russia-west"))


@pytest.mark.parametrize("check", checker.INNER, ids=lambda check: check.__name__)
def test_check_finds_no_contradiction(each, check):
    notes = list(check(each[1]))
    assert notes, "the check looked at no row"
    assert [note for note in notes if note[1]] == []


def test_is_as_large_as_an_outline(each):
    assert len(each[1].facts) >= 60
    assert len(each[1].overtures) >= 12


def test_holds_what_the_readme_promises(chronology):
    early = [row for row in chronology.facts if row["happened_on"] <= "2014-12-31"]
    west = [
        row
        for row in chronology.overtures
        if row["from"] == "RUS" and {"USA", "EU"} & set(row["to"].split("|")) and row["said_on"] < "2014-09-28"
    ]
    assert len(early) >= 120
    assert len(chronology.facts) >= 350
    assert len(chronology.overtures) >= 40
    assert len(west) >= 13
    assert {row["outcome"] for row in chronology.outcomes} >= {
        "kept", "partly", "late", "met", "reversed", "lapsed", "not_examined",
    }  # fmt: skip


def test_leaves_the_days_of_28_and_29_september_2014_out(chronology):
    days = {row["known_on"] for row in (*chronology.facts, *chronology.overtures, *chronology.outcomes)}
    assert not days & {"2014-09-28", "2014-09-29"}


def test_ledger_reads_it(each):
    folder, chronology = each
    read = read_chronology(folder)
    assert len(read.facts) == len(chronology.facts)
    testable = {o.overture_id for o in read.overtures if o.criterion.is_testable}
    assert {overture_id for overture_id, _ in read.outcomes} <= testable


def test_every_testable_overture_whose_window_is_over_has_an_outcome(each):
    chronology = each[1]
    judged = {row["overture_id"] for row in chronology.outcomes}
    over = {
        row["overture_id"]
        for row in chronology.overtures
        if row["window_days"] and checker.window_end(row) < date(2020, 1, 1)
    }
    assert over == judged


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("facts", "2014-07-31-eu-sectoral,2014-07-31,2014-07-31", "2014-07-31-eu-sectoral,2014-07-31,2014-07-30", "days"),
        ("facts", "2014-07-31-eu-sectoral,2014-07-31,2014-07-31", "2014-07-31-eu-sectoral,2014-07-31,2999-01-01", "days"),
        ("facts", "2014-08-06-russia-food-embargo,", "2014-08-06-other,", "outcomes"),
        ("facts", ",UNSC,IRN,SANCTION,", ",XXXX,IRN,SANCTION,", "facts"),
        ("facts", "SANCTION,discontinue,163", "AID,discontinue,163", "facts"),
        ("overtures", "Sergey Lavrov,Minister of Foreign Affairs of Russia,RUS", "Sergey Lavrov,Minister,USA", "holders"),
        ("overtures", "meeting,04,30", "meeting,04,90", "overtures"),
        ("outcomes", ",completed,reversed,2014-08-06,2014-08-06-russia-food-embargo,", ",completed,reversed,2014-08-06,,", "outcomes"),
        ("outcomes", "2008-12-02,completed,met,2008-12-02", "2008-12-12,completed,met,2008-12-12", "outcomes"),
        ("coverage", "EU,RUS,2014-03-06,2018-12-31,easing", "EU,RUS,2014-03-06,2014-12-31,easing", "outcomes"),
        ("checks", "2014-07-28-lavrov-no-hysterics,", "2014-07-28-nobody,", "basis"),
    ],
)  # fmt: skip
def test_checker_finds_a_planted_fault(copy, file, old, new, complaint, capsys):
    path = copy / f"{file}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert checker.main([str(copy)]) == 1
    assert f"\n{complaint}: " in capsys.readouterr().out


def test_checker_says_what_is_missing(tmp_path, capsys):
    assert checker.main([str(tmp_path)]) == 2
    assert "facts.csv" in capsys.readouterr().err
