"""Who held which office on which day, and what names resolve to."""

import csv
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.codebook.names import Name, NameIndex, fold_name, surname_of
from olivebranch.codebook.tables import Country, Holder, Membership, Office, Organisation, Person
from olivebranch.errors import CodebookError

CASES = Path(__file__).parents[1] / "cases" / "office_at_date.csv"
BODIES = list(csv.DictReader((CASES.parent / "bodies.csv").read_text(encoding="utf-8").splitlines()))
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines()))


def make_country(iso3, name, *names, demonyms=(), capital=None):
    return Country(iso3, None, None, None, None, name, names, demonyms, capital, None, None)


def make_office(of, office, kind, title, *titles):
    return Office(of, office, kind, title, titles, "GOV")


def make_holder(of, office, begins, ends, person, acting=False):
    return Holder(of, office, begins, ends, person, acting, "stated", None)


@pytest.fixture(scope="module")
def small():
    """Two states that don't exist, a body of both, and four people of theirs."""
    return Codebook(
        {
            "countries": [
                make_country("ARD", "Arda", "Ardan Republic", demonyms=("Ardan", "Ardans"), capital="Port Arda"),
                make_country("BEL", "Belmar", demonyms=("Belmarian",), capital="Belm"),
            ],
            "organisations": [
                Organisation("LIGA", "the League", ("League of Arda",), "igo", None, None, None, None, None),
                Organisation("FRONT", "the Front", (), "armed", None, "BEL", "REB", None, None),
            ],
            "memberships": [
                Membership("LIGA", "ARD", "1990", None, "member", "stated", None),
                Membership("LIGA", "BEL", "2001-05", "2010-06-30", "member", "stated", None),
                Membership("LIGA", "COR", "1990", None, "observer", "stated", None),
            ],
            "offices": [
                make_office("ARD", "president", "head_of_state", "President", "president"),
                make_office(
                    "ARD", "foreign_minister", "foreign_minister", "Minister of the Outside", "foreign minister"
                ),
                make_office("ARD", "mfa_spokesman", "spokesman", "Spokesman of the Ministry", "spokesman"),
                make_office("ARD", "army_spokesman", "spokesman", "Spokesman of the Army", "spokesman"),
                make_office("BEL", "foreign_minister", "foreign_minister", "Lord of Letters", "lord of letters"),
                *(
                    make_office(f"X{n}", "fm", "foreign_minister", f"Minister {n}", "foreign minister")
                    for n in range(5)
                ),
            ],
            "people": [
                Person("Ana Voss", ("Anna Voss",), "ARD", None),
                Person("Petar Voss", (), "ARD", None),
                Person("Ivo Lind", (), "ARD", None),
                Person("Émile de Rocha", (), "BEL", None),
            ],
            "holders": [
                make_holder("ARD", "president", "2004-03-01", "2012-03-01", "Ana Voss"),
                make_holder("ARD", "president", "2012-03-01", None, "Ivo Lind"),
                make_holder("ARD", "foreign_minister", "2006", "2009", "Petar Voss"),
                make_holder("BEL", "foreign_minister", "2008-02", None, "Émile de Rocha"),
                make_holder("BEL", "foreign_minister", "2008-02", None, "Ivo Lind", acting=True),
            ],
        }
    )


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['name']} {row['on']}" for row in ROWS])
def test_office_at_date(row):
    held = load_codebook().holdings(row["name"], date.fromisoformat(row["on"]))
    assert held, f"nobody called {row['name']} held an office on {row['on']}"
    office = held[0].office
    assert office.of == row["of"]
    if row["kind"]:
        assert office.kind == row["kind"]
    if row["office"]:
        assert office.title.startswith(row["office"])


@pytest.mark.parametrize("row", BODIES, ids=[f"{row['body']} {row['member']} {row['on']}" for row in BODIES])
def test_who_sat_in_a_body(row):
    codebook, on = load_codebook(), date.fromisoformat(row["on"])
    assert codebook.organisation(row["body"])
    assert codebook.is_member(row["member"], row["body"], on) == (row["is_member"] == "yes")
    assert (row["member"] in codebook.members(row["body"], on)) == (row["is_member"] == "yes")


def test_a_surname_means_the_higher_office_first(small):
    assert [h.person.name for h in small.holdings("Voss", date(2008, 1, 1))] == ["Ana Voss", "Petar Voss"]


def test_a_variant_is_the_person(small):
    assert small.holdings("Anna Voss", date(2008, 1, 1))[0].person.name == "Ana Voss"


def test_an_office_ends_on_its_last_day(small):
    assert not small.holdings("Petar Voss", date(2010, 1, 1))
    assert small.holdings("Petar Voss", date(2009, 12, 31))


def test_past_holdings_are_the_latest_first(small):
    past = small.past_holdings("Voss", date(2015, 1, 1))
    assert [h.person.name for h in past] == ["Ana Voss", "Petar Voss"]


def test_nobody_of_that_name(small):
    assert small.holdings("Nemo", date(2008, 1, 1)) == ()


def test_on_the_day_of_change_the_newcomer_holds(small):
    assert small.holder_of("ARD", "head_of_state", date(2012, 3, 1)).person.name == "Ivo Lind"
    assert small.holder_of("ARD", "president", date(2012, 2, 29)).person.name == "Ana Voss"


def test_the_full_holder_goes_before_the_acting_one(small):
    assert small.holder_of("BEL", "foreign_minister", date(2009, 1, 1)).person.name == "Émile de Rocha"


def test_a_vacant_office_has_no_holder(small):
    assert small.holder_of("ARD", "president", date(1999, 1, 1)) is None


def test_a_title_most_states_share_names_the_kind(small):
    assert small.office_by_title("foreign minister", "BEL").title == "Lord of Letters"


def test_a_title_of_two_offices_names_neither(small):
    assert small.office_by_title("spokesman", "ARD") is None


def test_printed_title(small):
    assert small.printed_title("ARD", "foreign_minister") == "Minister of the Outside"
    with pytest.raises(CodebookError, match=r"offices\.csv"):
        small.printed_title("ARD", "jester")


@pytest.mark.parametrize(
    ("on", "members"),
    [
        (date(1995, 1, 1), ("ARD",)),
        (date(2001, 5, 1), ("ARD", "BEL")),
        (date(2010, 6, 30), ("ARD", "BEL")),
        (date(2010, 7, 1), ("ARD",)),
    ],
)
def test_members_by_date_without_observers(small, on, members):
    assert small.members("LIGA", on) == members
    assert small.is_member("BEL", "LIGA", on) == ("BEL" in members)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ard", "ARD"),
        ("Ardans", "ARD"),
        ("ardan republic", "ARD"),
        ("Port Arda", "ARD"),
        ("the League", "LIGA"),
        ("liga", "LIGA"),
        ("Atlantis", None),
    ],
)
def test_resolve(small, words, code):
    assert small.resolve(words) == code


def test_states_and_groups(small):
    assert small.is_state("ARD")
    assert not small.is_state("LIGA")
    assert small.is_group("LIGA")
    assert not small.is_group("FRONT")
    assert small.name_of("BEL") == "Belmar"
    assert small.name_of("LIGA") == "the League"
    with pytest.raises(CodebookError, match="ZZZ"):
        small.name_of("ZZZ")


def test_a_holder_without_a_person_is_a_damaged_table(small):
    rows = {
        "people": [Person("Nemo", (), None, None)],
        "holders": [make_holder("ARD", "president", None, None, "Nemo")],
    }
    broken = Codebook(rows)
    with pytest.raises(CodebookError, match=r"holders\.csv"):
        broken.holdings("Nemo", date(2000, 1, 1))


def test_names_are_found_whole_and_longest_first():
    index = NameIndex.of(
        [Name("North Arda", "country", "NAR"), Name("North", "surname", "x"), Name("Ard", "capital", "y")]
    )
    assert [name.code for name in index.names_at("North Arda fell", 0)] == ["NAR"]
    assert [name.code for name in index.names_at("North wind", 0)] == ["x"]
    assert index.names_at("Arda", 0) == []


@pytest.mark.parametrize(
    ("name", "country", "surname"),
    [
        ("Sergey Lavrov", "RUS", "Lavrov"),
        ("Xi Jinping", "CHN", "Xi"),
        ("Herman Van Rompuy", "BEL", "Van Rompuy"),
        ("Staffan de Mistura", "SWE", "de Mistura"),
        ("Tony Blair Jr", "GBR", "Blair"),
    ],
)
def test_surname(name, country, surname):
    assert surname_of(name, country) == surname


def test_fold_name():
    assert fold_name("Jean-Yves  Le\u00a0Drian") == fold_name("jean yves le drian")
    assert fold_name("Erdoğan") == "erdogan"


def test_real_tables_hang_together():
    codebook = load_codebook()
    codes = {row.iso3 for row in codebook.table("countries")} | {row.code for row in codebook.table("organisations")}
    offices = {(row.of, row.office) for row in codebook.table("offices")}
    people = {row.name for row in codebook.table("people")}
    assert {row.of for row in codebook.table("offices")} <= codes
    assert {(row.of, row.office) for row in codebook.table("holders")} <= offices
    assert {row.person for row in codebook.table("holders")} <= people
    assert {row.code for row in codebook.table("metonyms")} <= codes
    assert {row.body for row in codebook.table("memberships")} <= codes
