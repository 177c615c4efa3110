"""What a user asks by hand: names with titles and marks of the past, and when nobody is known in an office."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.codebook.queries import Asked, find_gaps, find_holdings, read_asked
from olivebranch.codebook.tables import Country, Holder, Office, Person
from olivebranch.errors import CodebookError, UsageError
from olivebranch.surfaces.cli import app


@pytest.mark.parametrize(
    ("words", "on", "names"),
    [
        ("Bush", "2003-03-20", ["George W. Bush"]),
        ("Bush", "1991-01-17", ["George H.W. Bush"]),
        ("President Bush", "2003-03-20", ["George W. Bush"]),
        ("Foreign Minister Lavrov", "2014-09-29", ["Sergey Lavrov"]),
        ("Russian Foreign Minister Sergei Lavrov", "2014-09-29", ["Sergey Lavrov"]),
        ("Lawrow", "2014-09-29", ["Sergey Lavrov"]),
        ("Mr. Zelenskiy", "2022-03-01", ["Volodymyr Zelenskyy"]),
        ("Selenskyj", "2022-03-01", ["Volodymyr Zelenskyy"]),
        ("then-Secretary of State Hillary Clinton", "2014-09-29", ["Hillary Clinton"]),
        ("then-Secretary of State Clinton", "2009-03-06", ["Hillary Clinton"]),
        ("former US President Bill Clinton", "2009-08-05", ["Bill Clinton"]),
        ("ex-President Yushchenko", "2012-01-01", ["Viktor Yushchenko"]),
        ("Israeli Prime Minister Sharif", "2014-01-01", []),
        ("President-elect Trump", "2016-12-01", []),
        ("Nemo", "2014-09-29", []),
        ("", "2014-09-29", []),
        ("foreign minister", "2014-09-29", []),
    ],
)
def test_the_best_match_comes_first(words, on, names):
    found = find_holdings(load_codebook(), words, date.fromisoformat(on))
    assert [holding.person.name for holding in found][:1] == names


def test_a_title_chooses_between_offices_of_one_surname():
    on = date(2009, 6, 1)
    assert find_holdings(load_codebook(), "Prime Minister Putin", on)[0].office.kind == "head_of_government"
    assert find_holdings(load_codebook(), "former President Putin", on)[0].office.kind == "head_of_state"


def test_former_means_an_office_left_before_the_day():
    assert find_holdings(load_codebook(), "former Foreign Minister Lavrov", date(2014, 9, 29)) == []


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Lavrov", Asked("Lavrov")),
        ("then-Russian Foreign Minister Sergei Lavrov", Asked("Sergei Lavrov", "Foreign Minister", "RUS", "then")),
        ("the former Mr Lavrov", Asked("Lavrov", mark="former")),
        ("Germany's Merkel", Asked("Merkel", None, "DEU")),
        ("acting President Turchynov", Asked("Turchynov", "President")),
    ],
)
def test_what_is_asked(words, asked):
    assert read_asked(load_codebook(), words) == asked


@pytest.fixture(scope="module")
def small():
    """One young state with a president, a gap in the ministry, and no other office."""
    holder = ("stated", None)
    return Codebook(
        {
            "countries": [Country("ARD", None, None, None, None, "Arda", (), (), None, "2000-01-01", None)],
            "offices": [
                Office("ARD", "president", "head_of_state", "President", ("president",), "GOV"),
                Office("ARD", "minister", "foreign_minister", "Minister", ("minister",), "GOV"),
            ],
            "people": [Person("Ana Voss", (), "ARD", None), Person("Ivo Lind", (), "ARD", None)],
            "holders": [
                Holder("ARD", "president", "1999-05", None, "Ana Voss", False, *holder),
                Holder("ARD", "minister", "2000-01-01", "2003-06-30", "Ivo Lind", False, *holder),
                Holder("ARD", "minister", "2003-07-05", "2004-12", "Ivo Lind", False, *holder),
                Holder("ARD", "minister", "2005-03-01", "2009-12-31", "Ivo Lind", False, *holder),
            ],
        }
    )


def test_gaps_since_the_state_began(small):
    gaps = [
        (gap.kind, gap.begins.isoformat(), gap.ends and gap.ends.isoformat())
        for gap in find_gaps(small, "ARD", date(2012, 1, 1))
    ]
    assert gaps == [
        ("foreign_minister", "2005-01-01", "2005-02-28"),
        ("foreign_minister", "2010-01-01", "2012-01-01"),
        ("defence_minister", "2000-01-01", "2012-01-01"),
    ]  # fmt: skip


def test_gaps_of_an_unknown_state(small):
    with pytest.raises(CodebookError, match="ZZZ"):
        find_gaps(small, "ZZZ")


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_who_as_json():
    rows = json.loads(run("who", "Lavrov", "--on", "2014-09-29", "--json").stdout)
    assert rows[0] == {
        "name": "Sergey Lavrov", "office": "Minister of Foreign Affairs", "kind": "foreign_minister", "of": "RUS",
        "from": "2004-03-09", "to": None, "acting": False, "basis": "cross-checked", "reference": "Phoenix 2014",
    }  # fmt: skip


def test_partial_days_are_given_as_known():
    rows = json.loads(run("who", "Alexander Lukashevich", "--on", "2012-01-01", "--json").stdout)
    assert [(row["from"], row["to"]) for row in rows] == [("2011", "2015-08-10")]


def test_nobody_is_an_empty_list():
    result = run("who", "Nemo", "--json")
    assert (json.loads(result.stdout), result.exit_code) == ([], 0)


def test_members_as_json():
    rows = json.loads(run("members", "EU", "--on", "2014-09-30", "--json").stdout)
    assert len(rows) == 28
    assert {"code": "HRV", "name": "Croatia", "from": "2013-07-01", "to": None} in rows


def test_gaps_as_json():
    rows = json.loads(run("who", "--gaps", "--of", "rus", "--json").stdout)
    assert all(set(row) == {"of", "kind", "from", "to"} and row["of"] == "RUS" for row in rows)


@pytest.mark.parametrize(
    "words", [("who", "Lavrov", "--of", "ZZZ"), ("members", "ZZZ"), ("who",), ("who", "--gaps", "--of", "ZZZ")]
)
def test_wrong_use_is_told_apart(words):
    error = run(*words).exception
    assert isinstance(error, UsageError)
    assert error.exit_code == 2
