"""The annotated stories can be placed, obey the contract, and a bad annotation fails loudly."""

import re

import pytest
from evals.gold import GoldError, find_words, load_golds, plain_text

from olivebranch.errors import CodebookError

GOLDS = load_golds()
CODE = re.compile(r"[A-Z][A-Z0-9+_]*(/[A-Z]{3})?$")


def test_there_are_stories_of_the_own_half():
    assert sum(not gold.held_back for gold in GOLDS) >= 6


@pytest.mark.parametrize("gold", GOLDS, ids=lambda gold: gold.slug)
def test_every_annotation_is_placed_and_obeys_the_contract(gold):
    text = plain_text(gold.story)
    marks = gold.place(text)
    assert marks["statements"]
    for layer, found in marks.items():
        assert all(text[start:end].strip() for mark in found for start, end in mark.spans), layer
    assert set(gold.raw["about"]) == {"region", "register", "layout", "real_events", "held_back"}
    assert isinstance(gold.raw["give_date"], bool)


@pytest.mark.parametrize("gold", GOLDS, ids=lambda gold: gold.slug)
def test_no_record_stands_in_furniture(gold):
    marks = gold.place(plain_text(gold.story))
    furniture = [mark.spans[0] for mark in marks.pop("furniture")]
    for layer, found in marks.items():
        for mark in found:
            inside = [f for f in furniture for start, end in mark.spans if start < f[1] and f[0] < end]
            assert not inside, (layer, mark.values)


@pytest.mark.parametrize("gold", GOLDS, ids=lambda gold: gold.slug)
def test_codes_have_the_contract_shape(gold):
    codes = [code for e in gold.raw["events"] for code in e["actors"] + e["recipients"]]
    codes += [code for o in gold.raw["overtures"] for code in [o["from"], *o["to"]]]
    codes += [code for a in gold.raw["accords"] for code in [*a["parties"], a["mediator"]] if code]
    codes += [a["about"] for a in gold.raw["assessments"]]
    assert not [code for code in codes if not CODE.match(code)]


@pytest.mark.parametrize("gold", GOLDS, ids=lambda gold: gold.slug)
def test_countries_are_in_the_codebook(gold):
    from olivebranch.codebook.loader import load_table

    try:
        known = {row.iso3 for row in load_table("countries")}
    except (CodebookError, FileNotFoundError):
        pytest.skip("the countries table is not there")
    given = {one["country"] for layer in ("statements", "actors") for one in gold.raw[layer] if one["country"]}
    assert given <= known


@pytest.mark.parametrize(
    ("words", "nth", "inside", "expected"),
    [
        ("May", None, None, (10, 13)),
        ("May", 2, None, (23, 26)),
        ("May", None, "in May.", (23, 26)),
        ("spoke in", None, None, (14, 22)),
    ],
)
def test_find_words(words, nth, inside, expected):
    text = "The Mayor May spoke\nin May."
    assert find_words(text, words, nth, inside) == expected


@pytest.mark.parametrize(
    ("layer", "row", "message"),
    [
        ("dates", {"words": "Tuesday", "from": "2014-05-06", "to": "2014-05-06"}, "occurs 0 times"),
        ("dates", {"words": "Peru", "nth": 3, "from": None, "to": None}, "wanted number 3"),
        ("dates", {"words": "Peru", "from": "2014-05-06", "to": "2014-05-01"}, "ends before"),
        ("dates", {"words": "Peru", "from": "May", "to": "June"}, "not an interval"),
        ("actors", {"words": "Peru", "name": "Peru", "land": "PER"}, "unknown key land"),
        ("overtures", {"words": "Peru", "from": "PER", "to": ["CHL"], "grade": "firm"}, "must be one of wish"),
        ("events", {"trigger": "Peru", "actors": [], "recipients": [], "type": "AGREE", "factuality": "asserted"}, "more than once"),
    ],
)  # fmt: skip
def test_a_bad_annotation_is_an_error(write_gold, layer, row, message):
    gold = write_gold("Peru spoke. Peru left.", {"about": {}, "published_on": "2014-05-10", layer: [row]})
    with pytest.raises(GoldError, match=re.escape(message)):
        gold.place(plain_text(gold.story))


def test_the_same_place_twice_is_an_error(write_gold):
    row = {"words": "Peru", "name": "Peru", "country": "PER"}
    gold = write_gold("Peru spoke.", {"about": {}, "published_on": "2014-05-10", "actors": [row, row]})
    with pytest.raises(GoldError, match="annotated twice"):
        gold.place(plain_text(gold.story))


def test_an_unknown_layer_is_an_error(write_gold):
    with pytest.raises(GoldError, match="unknown layer feelings"):
        write_gold("Peru.", {"about": {}, "published_on": "2014-05-10", "feelings": []})
