"""The world's tables: states, bodies, members, metonyms, sectors and decision rules hold together and are right."""

from collections import Counter
from dataclasses import fields
from datetime import date
from itertools import pairwise

import pytest

from olivebranch.codebook import load_table
from olivebranch.codebook.names import fold_name
from olivebranch.codebook.tables import first_day, last_day

KEYS = {
    "countries": ("iso3",),
    "decision_rules": ("body", "matter", "begins"),
    "memberships": ("body", "member", "begins"),
    "metonyms": ("phrase", "code"),
    "organisations": ("code",),
    "sectors": ("code",),
}
COUNTING = {"member", "elected", "permanent"}
STATUSES = COUNTING | {"observer", "suspended"}
ORGANISATION_KINDS = {"igo", "body", "group", "armed", "authority", "party", "agency", "company", "court", "ngo"}
METONYM_KINDS = {
    "authority", "capital", "court", "dynasty", "exception", "government", "legislature", "ministry", "movement", "organ",
    "place", "residence", "seat", "territory", "title",
}  # fmt: skip
RULES = {
    "85 per cent", "congressional review", "consensus", "consensus minus one", "majority", "negative consensus",
    "nine of fifteen", "nine of fifteen without veto", "president alone", "qualified majority", "reverse veto", "three fifths",
    "two thirds", "unanimity",
}  # fmt: skip
NO_UN_SEAT = {"ESH", "HKG", "PSE", "TWN", "VAT", "XKX"}


def key_of(table, row):
    return tuple(getattr(row, name) or "" for name in KEYS[table])


def members(body, day):
    return {
        row.member
        for row in load_table("memberships")
        if row.body == body and row.status in COUNTING and first_day(row.begins) <= day <= last_day(row.ends)
    }


def living_countries():
    return [row for row in load_table("countries") if row.ends is None]


def country_codes():
    return {row.iso3 for row in load_table("countries")}


def organisation_codes():
    return {row.code for row in load_table("organisations")}


def sector_codes():
    return {row.code for row in load_table("sectors")}


def is_meant(metonym, sentence):
    """The rule of metonyms.md, told here again so that the rows are tested and not the reader."""
    said = " " + fold_name("".join(c if c.isalnum() or c in " -_" else " " for c in sentence)) + " "
    has_when = not metonym.when or any(f" {fold_name(word)} " in said for word in metonym.when)
    return has_when and not any(f" {fold_name(word)} " in said for word in metonym.unless)


@pytest.mark.parametrize("table", KEYS)
def test_table_is_sorted_by_its_key_without_repeats(table):
    keys = [key_of(table, row) for row in load_table(table)]
    assert keys
    assert all(one < other for one, other in pairwise(keys))


@pytest.mark.parametrize("table", KEYS)
def test_lists_hold_no_word_twice_and_no_stray_spaces(table):
    for row in load_table(table):
        for cell in (getattr(row, field.name) for field in fields(row)):
            words = cell if isinstance(cell, tuple) else (cell,)
            assert all(word == word.strip() for word in words if isinstance(word, str)), row
            assert len(words) == len(set(words)), row


# Countries


def test_countries_are_the_members_of_the_united_nations_and_six_more():
    living = {row.iso3 for row in living_countries()}
    assert len(living) == 199
    assert living > NO_UN_SEAT
    assert country_codes() - living == {"CSK", "DDR", "SCG", "SUN", "YUG"}


def test_country_codes_have_the_right_shape():
    for row in load_table("countries"):
        assert len(row.iso3) == 3, row
        assert row.iso3.isupper(), row
        assert row.iso2 is not None, row
        assert len(row.iso2) == 2, row
        assert (row.cow is None) == (row.cow_number is None), row


@pytest.mark.parametrize("column", ["iso2", "cameo", "cow_number"])
def test_no_two_living_countries_share_a_code(column):
    codes = [getattr(row, column) for row in living_countries() if getattr(row, column) is not None]
    assert [code for code, n in Counter(codes).items() if n > 1] == []


@pytest.mark.parametrize(
    ("iso3", "cameo", "cow", "number"),
    [
        ("RUS", "RUS", "RUS", 365),
        ("USA", "USA", "USA", 2),
        ("DEU", "DEU", "GMY", 255),
        ("XKX", "KSV", "KOS", 347),
        ("GBR", "GBR", "UKG", 200),
    ],
)
def test_known_codes(iso3, cameo, cow, number):
    row = next(row for row in load_table("countries") if row.iso3 == iso3)
    assert (row.cameo, row.cow, row.cow_number) == (cameo, cow, number)


def test_names_begin_with_the_printed_one():
    for row in (*load_table("countries"), *load_table("organisations")):
        assert row.names[0] == row.name, row


def test_no_name_or_demonym_belongs_to_two_living_countries_or_bodies():
    owners = {}
    for row in living_countries():
        for name in (*row.names, *row.demonyms):
            assert owners.setdefault(name, row.iso3) == row.iso3, name
    for row in load_table("organisations"):
        for name in row.names:
            assert owners.setdefault(name, row.code) == row.code, name


def test_no_capital_belongs_to_two_living_countries():
    capitals = [row.capital for row in living_countries() if row.capital]
    assert len(capitals) == len(set(capitals))


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("U.S.", "USA"), ("Britons", "GBR"), ("Türkiye", "TUR"), ("Burma", "MMR"), ("DR Congo", "COD"), ("Nigerien", "NER"),
        ("Nigerian", "NGA"), ("Côte d’Ivoire", "CIV"), ("Azeri", "AZE"), ("Holy See", "VAT"), ("DPRK", "PRK"), ("Kosovars", "XKX"),
        ("Filipino", "PHL"), ("Dutch", "NLD"), ("Emirati", "ARE"), ("Swazi", "SWZ"),
    ],
)  # fmt: skip
def test_what_news_calls_a_country(name, iso3):
    assert [row.iso3 for row in living_countries() if name in (*row.names, *row.demonyms)] == [iso3]


# Organisations


def test_organisations_point_at_what_exists():
    codes = organisation_codes()
    assert not codes & country_codes()
    for row in load_table("organisations"):
        assert row.kind in ORGANISATION_KINDS, row
        assert row.parent is None or (row.parent in codes and row.parent != row.code), row
        assert row.country is None or row.country in country_codes(), row
        assert row.sector is None or row.sector in sector_codes(), row


def test_armed_groups_are_no_organs_of_a_state():
    state = {row.code for row in load_table("sectors") if row.is_state}
    armed = [row for row in load_table("organisations") if row.kind == "armed" and row.sector in state]
    # AZOV is in the National Guard.
    assert [row.code for row in armed] == ["AZOV"]


def test_agencies_and_companies_have_a_country_and_a_sector():
    for row in load_table("organisations"):
        if row.kind in ("agency", "company"):
            assert row.country, row
            assert row.sector, row


# Memberships


def test_memberships_point_at_what_exists():
    codes, states = organisation_codes(), country_codes()
    for row in load_table("memberships"):
        assert row.body in codes, row
        assert row.member in states | codes, row
        assert row.status in STATUSES, row
        assert first_day(row.begins) <= last_day(row.ends), row
        assert row.basis != "sourced" or row.reference, row


def test_stretches_of_one_member_do_not_overlap():
    rows = load_table("memberships")
    for one, other in pairwise(rows):
        if (one.body, one.member) == (other.body, other.member):
            assert last_day(one.ends) < first_day(other.begins), (one, other)


@pytest.mark.parametrize(
    ("body", "day", "n"),
    [
        ("EU", date(1990, 1, 1), 12), ("EU", date(2003, 1, 1), 15), ("EU", date(2004, 5, 1), 25), ("EU", date(2007, 1, 1), 27),
        ("EU", date(2014, 9, 30), 28), ("EU", date(2020, 1, 31), 28), ("EU", date(2020, 2, 1), 27), ("EU", date(2021, 1, 1), 27),
        ("EUROZONE", date(2014, 9, 30), 18), ("EUROZONE", date(2023, 1, 1), 20),
        ("NATO", date(1998, 1, 1), 16), ("NATO", date(1999, 3, 12), 19), ("NATO", date(2004, 3, 29), 26), ("NATO", date(2014, 9, 30), 28),
        ("NATO", date(2021, 1, 1), 30), ("NATO", date(2023, 4, 4), 31), ("NATO", date(2024, 4, 1), 32),
        ("G8", date(2013, 6, 17), 8), ("G8", date(2014, 6, 1), 0), ("G7", date(2014, 6, 1), 7),
        ("OSCE", date(2012, 11, 20), 56), ("OSCE", date(2014, 9, 30), 57), ("COE", date(2022, 3, 15), 47), ("COE", date(2022, 3, 16), 46),
        ("G20", date(2014, 11, 15), 20), ("G20", date(2024, 1, 1), 21), ("GCC", date(2017, 6, 5), 6), ("ASEAN", date(2015, 1, 1), 10),
        ("ECOWAS", date(2025, 1, 28), 15), ("ECOWAS", date(2025, 1, 29), 12), ("BRICS", date(2014, 7, 15), 5), ("SCO", date(2014, 9, 12), 6),
        ("UN", date(2012, 1, 1), 193), ("P5+1", date(2015, 7, 14), 6), ("E3", date(2015, 7, 14), 3), ("NORMANDY", date(2015, 2, 12), 4),
        ("SIX_PARTIES", date(2005, 9, 19), 6), ("MIDDLE_EAST_QUARTET", date(2003, 4, 30), 4), ("VISEGRAD", date(2015, 9, 4), 4),
    ],
)  # fmt: skip
def test_how_many_belong(body, day, n):
    assert len(members(body, day)) == n


@pytest.mark.parametrize("year", range(2000, 2027))
@pytest.mark.parametrize(("month", "day"), [(1, 1), (7, 1), (12, 31)])
def test_security_council_always_has_five_permanent_and_ten_elected(year, month, day):
    on = date(year, month, day)
    assert len(members("UNSC", on)) == 15
    assert members("UNSC", on) > {"CHN", "FRA", "GBR", "RUS", "USA"}


@pytest.mark.parametrize(
    ("country", "body", "day", "belongs"),
    [
        ("RUS", "G8", date(2014, 3, 23), True), ("RUS", "G8", date(2014, 3, 24), False),
        ("GBR", "EU", date(2020, 1, 31), True), ("GBR", "EU", date(2020, 2, 1), False),
        ("HRV", "EU", date(2013, 6, 30), False), ("HRV", "EU", date(2013, 7, 1), True),
        ("SYR", "ARAB_LEAGUE", date(2012, 1, 1), False), ("SYR", "ARAB_LEAGUE", date(2023, 6, 1), True),
        ("GEO", "CIS", date(2010, 1, 1), False), ("LTU", "UNSC", date(2014, 9, 30), True), ("UKR", "UNSC", date(2014, 9, 30), False),
        ("LTU", "WEST", date(2003, 1, 1), False), ("LTU", "WEST", date(2014, 9, 30), True), ("UKR", "NATO", date(2024, 4, 1), False),
    ],
)  # fmt: skip
def test_who_belongs(country, body, day, belongs):
    assert (country in members(body, day)) is belongs


def test_the_west_is_expanded_as_its_readme_says():
    west = members("WEST", date(2014, 9, 30))
    assert west == members("EU", date(2014, 9, 30)) | {"AUS", "CAN", "EU", "ISL", "NOR", "NZL", "USA"}


# Metonyms


def test_metonyms_point_at_what_exists():
    for row in load_table("metonyms"):
        assert row.code in country_codes() | organisation_codes(), row
        assert row.sector is None or row.sector in sector_codes(), row
        assert row.kind in METONYM_KINDS, row
    assert len(load_table("metonyms")) >= 150


def test_metonyms_repeat_no_name_of_a_country_or_body():
    """But for places that are told from it by their words: Georgia beside Atlanta."""
    named = {name for row in living_countries() for name in (*row.names, *row.demonyms)}
    named |= {name for row in load_table("organisations") for name in row.names}
    assert not named & {row.phrase for row in load_table("metonyms") if not (row.kind == "place" and row.when)}


@pytest.mark.parametrize("metonym", load_table("metonyms"), ids=lambda m: f"{m.phrase}-{m.code}")
def test_example_holds_its_phrase_and_means_it(metonym):
    assert metonym.phrase in metonym.example
    assert is_meant(metonym, metonym.example)


def test_example_means_no_other_power():
    for metonym in load_table("metonyms"):
        rivals = [m for m in load_table("metonyms") if m.phrase == metonym.phrase and is_meant(m, metonym.example)]
        assert rivals[0] == metonym, metonym.example


@pytest.mark.parametrize(
    ("phrase", "sentence", "code"),
    [
        ("Brussels", "Brussels weighed new sanctions on Moscow.", "EU"),
        ("Brussels", "Belgian ministers said that Brussels would pay.", "BEL"),
        ("Congress", "Congress cut the aid.", "USA"),
        ("Congress", "The Peruvian Congress cut the aid.", None),
        ("The Hague", "A Dutch minister in The Hague objected.", "NLD"),
        ("The Hague", "They met in The Hague.", None),
        ("Europe", "Europe is losing patience.", "EUROPE"),
        ("Europe", "Brussels said that Europe would answer.", "EU"),
        ("West", "He blamed the West.", "WEST"),
        ("West", "Fighting spread in the West Bank.", None),
        ("Korea", "Korea joined the ban.", "KOR"),
        ("Congo", "Congo closed the border with Rwanda.", "COD"),
        ("Victoria", "Victoria beat Tasmania.", None),
    ],
)
def test_context_decides(phrase, sentence, code):
    meant = [m.code for m in load_table("metonyms") if m.phrase == phrase and is_meant(m, sentence)]
    assert (meant[0] if meant else None) == code


# Sectors


def test_organs_of_the_state_are_marked():
    assert {row.code for row in load_table("sectors") if row.is_state} == {"COP", "GOV", "JUD", "LEG", "MIL", "SPY"}


def test_every_sector_but_the_unknown_has_words_each_in_one_sector_only():
    words = [word for row in load_table("sectors") for word in row.words]
    assert [word for word, n in Counter(map(fold_name, words)).items() if n > 1] == []
    assert all(word == word.lower() for word in words)
    assert [row.code for row in load_table("sectors") if not row.words] == ["UNK"]


@pytest.mark.parametrize("row", [row for row in load_table("sectors") if row.words], ids=lambda row: row.code)
def test_sector_example_holds_one_of_its_words(row):
    said = row.example.lower()
    assert any(word.removesuffix("y") in said for word in row.words)


# Decision rules


def test_decision_rules_point_at_what_exists():
    for row in load_table("decision_rules"):
        assert row.body in organisation_codes() | country_codes(), row
        assert row.rule in RULES, row
        assert first_day(row.begins) <= last_day(row.ends), row


def test_rules_of_one_matter_do_not_overlap():
    for one, other in pairwise(load_table("decision_rules")):
        if (one.body, one.matter) == (other.body, other.matter):
            assert last_day(one.ends) < first_day(other.begins), (one, other)


def test_members_of_a_rule_are_those_of_the_body():
    for row in load_table("decision_rules"):
        for day in (first_day(row.begins), last_day(row.ends)):
            if (
                row.body in ("EU", "NATO", "OSCE", "UNSC", "G8")
                and row.members
                and date(1999, 5, 1) <= day <= date(2026, 1, 1)
            ):
                assert len(members(row.body, day)) == row.members, (row, day)


@pytest.mark.parametrize(
    ("body", "matter", "day", "rule", "words"),
    [
        ("EU", "restrictive measures", date(2014, 9, 30), "unanimity", "all 28"),
        ("EU", "trade", date(2014, 9, 30), "qualified majority", "260 of 352"),
        ("EU", "trade", date(2012, 9, 30), "qualified majority", "255 of 345"),
        ("EU", "trade", date(2014, 11, 1), "qualified majority", "at least 4"),
        ("UNSC", "any decision", date(2014, 7, 29), "nine of fifteen without veto", "9 of 15"),
        ("UNSC", "return of sanctions", date(2020, 8, 20), "reverse veto", "lifting"),
        ("NATO", "any decision", date(2014, 9, 4), "consensus", "all 28"),
        ("OSCE", "any decision", date(2014, 9, 30), "consensus", "57"),
        ("USA", "treaty", date(2010, 12, 22), "two thirds", "senators"),
    ],
)
def test_rule_on_a_day(body, matter, day, rule, words):
    rows = [
        row
        for row in load_table("decision_rules")
        if row.body == body and row.matter.startswith(matter) and first_day(row.begins) <= day <= last_day(row.ends)
    ]
    assert [row.rule for row in rows] == [rule]
    assert words in rows[0].threshold


def test_eu_sanctions_lapse_unless_all_renew():
    rows = [row for row in load_table("decision_rules") if row.matter.startswith("restrictive measures")]
    assert rows
    assert all("lapse unless all renew" in row.reversion for row in rows)
