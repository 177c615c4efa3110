"""The scripts that check and audit the tables: the sampler repeats itself, the counts are right, a README keeps its words."""

import csv
import importlib
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
AUDIT = SCRIPTS.parent / "docs" / "audit"


@pytest.fixture
def script(monkeypatch):
    """Loads a script by its name, as it would be run."""
    monkeypatch.syspath_prepend(str(SCRIPTS))

    def load(name):
        monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module(name)

    return load


def test_the_same_seed_draws_the_same_rows(script):
    audit = script("audit_codebook")
    drawn = audit.draw_rows(7, 40)
    assert drawn == audit.draw_rows(7, 40) != audit.draw_rows(8, 40)
    assert {table for table, _, _ in drawn} == set(audit.SHARES)
    assert len({(table, key) for table, key, _ in drawn}) == len(drawn)
    assert sum(audit.SHARES.values()) == pytest.approx(1)


def test_the_audit_says_what_its_sheets_say(script):
    audit = script("audit_codebook")
    sheets = sorted(AUDIT.glob("*.csv"))
    rows = [row for sheet in sheets for row in csv.DictReader(sheet.read_text(encoding="utf-8").splitlines())]
    assert len(rows) >= 150
    assert {row["verdict"] for row in rows} <= set(audit.VERDICTS)
    assert all(row["reference"] for row in rows if row["verdict"] != "unverifiable")
    assert all(row["note"] for row in rows if row["verdict"] == "wrong")
    readme = (AUDIT / "README.md").read_text(encoding="utf-8")
    for sheet in sheets:
        assert sheet.name in readme
        assert audit.count_verdicts([sheet]) in readme


def test_the_agreement_is_put_between_its_marks(script, tmp_path):
    check = script("check_codebook")
    page = tmp_path / "table.md"
    page.write_text("# table\n\nWords.\n", encoding="utf-8")
    check.write_section(page, ["| a | b | 1 | 1 | 0 | - |"])
    page.write_text(page.read_text(encoding="utf-8") + "\nMore words.\n", encoding="utf-8")
    check.write_section(page, ["| c | d | 2 | 1 | 1 | - |"])
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# table\n\nWords.\n")
    assert text.endswith("\nMore words.\n")
    assert "| c | d | 2 | 1 | 1 | - |" in text
    assert "| a | b |" not in text


def write_csv(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_difference_is_told(script, tmp_path):
    check = script("check_codebook")
    head = "country.name.en,cow.name,iso.name.en,iso2c,iso3c,cowc,cown,eu28\n"
    write_csv(
        tmp_path / "actors" / "codelist.csv",
        head + "France,France,France,FR,FRA,FRN,221,EU\nNorway,Norway,Norway,NO,NOR,NOR,385,EU\n",
    )
    assert [note for note in check.compare_codes(tmp_path) if note[1]] == [("FRA cow_number", "220; the list has 221")]
    differing = [name for name, why in check.compare_eu28(tmp_path) if why]
    assert differing == ["NOR"]
    veto = "date_veto;ms_veto;issue\n2012-01-01;HR;budget\n2014-01-01;HR;budget\n2019-01-01;UK;budget\n2021-01-01;UK;budget\n"
    write_csv(tmp_path / "collective" / "eu_veto_data.csv", veto)
    write_csv(tmp_path / "actors" / "codelist.csv", head + "Croatia,Croatia,Croatia,HR,HRV,CRO,344,EU\n")
    assert [name for name, why in check.compare_eu_vetoes(tmp_path) if why] == ["HRV 2012-01-01", "GBR 2021-01-01"]
