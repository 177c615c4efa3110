"""Who said what: layouts of quotations and reported clauses, speakers, circumstances, and what is no statement."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olivebranch.codebook import load_codebook, load_table
from olivebranch.extraction.actors import find_actors
from olivebranch.extraction.attribution import ATTRIBUTORS, find_attributions, find_attributions_widely
from olivebranch.extraction.source_words import has_use
from olivebranch.records import ActorMention, Article, DateMention, Days, Document
from olivebranch.text import make_document

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "attributions.jsonl").read_text(encoding="utf-8").splitlines()
]
SPEECH_CUES = [row for row in load_table("cues") if row.scope == "speech"]
OTHER_CUES = [row for row in load_table("cues") if row.scope != "speech"]

PEOPLE = {
    "Pavel Orlov": {"kind": "person", "country": "RUS", "sector": "GOV", "office": "Minister of Foreign Affairs"},
    "Orlov": {
        "kind": "person",
        "country": "RUS",
        "sector": "GOV",
        "office": "Minister of Foreign Affairs",
        "name": "Pavel Orlov",
    },
    "Vera Hale": {"kind": "person", "country": "GBR", "sector": "GOV", "office": "Prime Minister"},
    "Hale": {"kind": "person", "country": "GBR", "sector": "GOV", "office": "Prime Minister", "name": "Vera Hale"},
    "Kremlin": {"kind": "state", "country": "RUS", "sector": "GOV", "name": "Russia"},
    "Russia": {"kind": "state", "country": "RUS"},
    "Russian": {"kind": "state", "country": "RUS", "name": "Russia"},
    "NATO": {"kind": "organisation", "entity": "NATO"},
    "the West": {"kind": "group", "entity": "WEST", "name": "the West"},
}


def make(text: str) -> Document:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return make_document(Article(id=digest[:8], text=text, sha256=digest, published_on=date(2014, 9, 29)))


def actors_in(text: str) -> tuple[ActorMention, ...]:
    """Every mention of the stock characters, the longest first, none overlapping."""
    taken: set[int] = set()
    found = []
    for words in sorted(PEOPLE, key=len, reverse=True):
        start = text.find(words)
        while start >= 0:
            span = (start, start + len(words))
            if not taken & set(range(*span)):
                taken |= set(range(*span))
                found.append(ActorMention(**{"id": "a", "span": span, "name": words, "why": "test", **PEOPLE[words]}))
            start = text.find(words, start + 1)
    return tuple(sorted(found, key=lambda actor: actor.span))


def day(text: str, words: str, on: date) -> DateMention:
    start = text.index(words)
    return DateMention(span=(start, start + len(words)), from_=on, to=on, granularity="day", how="test")


def read(text: str, dates: tuple[DateMention, ...] = ()):
    return find_attributions(make(text), actors_in(text), dates)


def shown(text: str):
    document = make(text)
    return [
        {
            "content": " / ".join(document.words(span) for span in found.content.spans),
            "kind": found.kind,
            "cue": document.words(found.cue.span) if found.cue else None,
            "speaker": found.source.name,
        }
        for found in find_attributions(document, (), ())
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["layout"])
def test_layout(case):
    assert shown(case["text"]) == case["statements"]


def test_layouts_are_many_and_distinct():
    assert len({case["text"] for case in CASES}) == len(CASES) >= 60


def _cues(document: Document, found) -> list[str]:
    return [document.words(one.cue.span).lower() for one in found if one.cue]


def _says(cues: list[str], cue: str, kind: str) -> bool:
    """Whether some cue found begins like the table's (said for say, called for for call for)."""
    words = cue.split()
    stem = words[0][: max(2, len(words[0]) - 2)]
    irregular = {
        "say": "sa",
        "tell": "t",
        "make": "ma",
        "find": "f",
        "go": "went",
        "write": "wr",
        "swear": "sw",
        "speak": "sp",
        "give": "gave",
        "leave": "left",
    }
    stem = irregular.get(words[0], stem)
    return any(stem in one for one in cues)


@pytest.mark.parametrize("row", SPEECH_CUES, ids=lambda row: f"{row.cue} ({row.kind})")
def test_every_speech_cue_is_found_in_its_example(row):
    document = make(row.example)
    assert _says(_cues(document, find_attributions(document, (), ())), row.cue, row.kind)


@pytest.mark.parametrize("row", OTHER_CUES, ids=lambda row: f"{row.cue} ({row.kind})")
def test_thoughts_attitudes_and_data_are_found_only_widely(row):
    document = make(row.example)
    assert find_attributions(document, (), ()) == ()
    assert find_attributions_widely(document, (), ())


def test_source_has_office_country_and_sector_of_its_actor():
    (found,) = read("“The pipes will be full,” Pavel Orlov said.")
    source = found.source
    assert (source.name, source.country, source.office, source.sector) == (
        "Pavel Orlov", "RUS", "Minister of Foreign Affairs", "GOV",
    )  # fmt: skip
    assert source.is_named
    assert not source.is_expert


def test_surname_is_shown_as_the_full_name():
    found = read("Pavel Orlov came to Riga.\n\n“The pipes will be full,” Orlov said.")
    assert [one.source.name for one in found] == ["Pavel Orlov"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Pavel Orlov flew to Riga on Monday. He said the pipes would be full.", "Pavel Orlov"),
        ("Pavel Orlov met Vera Hale in Riga. The minister said the pipes would be full.", "Pavel Orlov"),
        ("Vera Hale met Pavel Orlov in Riga. She said the pipes would be full.", "Vera Hale"),
        ("The Kremlin said the pipes would be full.", "Kremlin"),
        ("NATO said the pipes would be full.", "NATO"),
        ("Pavel Orlov and Vera Hale said the pipes would be full.", "Pavel Orlov and Vera Hale"),
        ("Some analysts say the pipes will be full.", "analysts"),
    ],
)
def test_speaker_is_resolved(text, name):
    assert [one.source.name for one in read(text)] == [name]


NOMINALS = [
    (
        "Sergey Lavrov met Philip Hammond in Riga. The Russian minister said the talks went well.",
        "Sergey Lavrov",
        "RUS",
    ),
    ("Sergey Lavrov arrived. The foreign minister said the talks went well.", "Sergey Lavrov", "RUS"),
    ("Vladimir Putin arrived in Riga. The Kremlin leader said the talks went well.", "Vladimir Putin", "RUS"),
    ("The Russian president said the talks went well.", "Vladimir Putin", "RUS"),
    ("Angela Merkel arrived in Riga. The chancellor said the talks went well.", "Angela Merkel", "DEU"),
    (
        "India welcomed the news. Its foreign ministry said the talks went well.",
        "Ministry of External Affairs of India",
        "IND",
    ),
    ("Japan’s Defense Ministry said the talks went well.", "Ministry of Defence of Japan", "JPN"),
    ("Russia and Ukraine met in Minsk. The two sides said the talks went well.", "Russia and Ukraine", None),
    ("NATO met in Riga. The alliance said the talks went well.", "North Atlantic Treaty Organization", None),
    ("A NATO official in Brussels said the talks went well.", "a NATO official", "NATO"),
    ("An Indian official, who asked not to be named, said the talks went well.", "an Indian official", "IND"),
    ("“It is over,” said Saudi Foreign Minister Adel al-Jubeir.", "Adel al-Jubeir", "SAU"),
]


@pytest.mark.parametrize(("text", "name", "country"), NOMINALS)
def test_speaker_is_the_one_whom_the_words_mean(text, name, country):
    document = make(text)
    actors = find_actors(document, load_codebook(), date(2014, 9, 29))
    (found,) = find_attributions(document, actors, ())
    assert (found.source.name, found.source.country) == (name, country)
    assert found.source.is_named == (not name.startswith(("a ", "an ")))


def test_both_ministers_are_the_last_two():
    text = "Sergey Lavrov met Philip Hammond in Riga. Both ministers said the talks went well."
    document = make(text)
    (found,) = find_attributions(document, find_actors(document, load_codebook(), date(2014, 9, 29)), ())
    assert found.source.name == "Sergey Lavrov and Philip Hammond"


@pytest.mark.parametrize(
    ("text", "affiliation", "is_expert"),
    [
        (
            "“So be it,” says Ingrid Halvorsen, who teaches politics at Tidewater College in Oslo.",
            "Tidewater College",
            True,
        ),
        ("“So be it,” says Ingrid Halvorsen of the Nordic Crisis Group.", "Nordic Crisis Group", True),
        ("“So be it,” says Ingrid Halvorsen, a correspondent for the Oslo Post.", "Oslo Post", False),
    ],
)
def test_whoever_teaches_or_studies_is_an_expert(text, affiliation, is_expert):
    (found,) = read(text)
    assert (found.source.affiliation, found.source.is_expert) == (affiliation, is_expert)


def test_expert_with_affiliation():
    (found,) = read(
        "“It may not last,” says Ingrid Halvorsen, a senior fellow at the Nordic Institute for Security in Oslo."
    )
    assert found.source.name == "Ingrid Halvorsen"
    assert found.source.affiliation == "Nordic Institute for Security"
    assert found.source.is_expert
    assert found.source.country is None


def test_president_of_an_institute_is_an_expert_and_of_a_company_is_not():
    (institute,) = read(
        "“It may not last,” says Ingrid Halvorsen, president of the independent Institute of Northern Studies."
    )
    (company,) = read("“It may not last,” says Ingrid Halvorsen, president of the Northern Shipping Company.")
    assert institute.source.is_expert
    assert not company.source.is_expert


def test_official_is_no_expert():
    (found,) = read("“The pipes will be full,” said Pavel Orlov, the foreign minister and a former professor.")
    assert not found.source.is_expert


def test_unnamed_analysts_have_no_country_and_officials_have():
    analysts, officials = read("Russian analysts say it will last.\n\nRussian officials say it will not.")
    assert (analysts.source.is_expert, analysts.source.country, analysts.source.is_named) == (True, None, False)
    assert (officials.source.is_expert, officials.source.country, officials.source.is_named) == (False, "RUS", False)


def test_venue_and_day():
    text = "“The pipes will be full,” Pavel Orlov told Russia's Channel 5 on Sunday. “Wait and see.”"
    sunday = day(text, "Sunday", date(2014, 9, 28))
    said, carried = read(text, (sunday,))
    on = Days(from_=date(2014, 9, 28), to=date(2014, 9, 28))
    assert (said.venue, said.said_on, said.addressee) == ("Channel 5", on, None)
    assert (carried.venue, carried.said_on, carried.cue) == ("Channel 5", on, None)
    assert carried.why == "carried on from t1"


def test_day_inside_the_content_is_not_the_day_of_saying():
    text = "Pavel Orlov said the pipes would be full on Friday."
    (found,) = read(text, (day(text, "Friday", date(2014, 10, 3)),))
    assert found.said_on is None


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("Pavel Orlov told the BBC that the pipes would be full.", "BBC"),
        ("Pavel Orlov told reporters at a news conference that the pipes would be full.", "news conference"),
        ("In an interview with the Riga Times, Pavel Orlov said the pipes would be full.", "Riga Times"),
        ("Pavel Orlov told Vera Hale that the pipes would be full.", None),
    ],
)
def test_venue(text, venue):
    assert [one.venue for one in read(text)] == [venue]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Pavel Orlov told Vera Hale that the pipes would be full.", "GBR"),
        ("Pavel Orlov warned NATO that the pipes would be empty.", "NATO"),
        ("Pavel Orlov warned the West against complacency.", "WEST"),
        ("Vera Hale urged Russia to fill the pipes.", "RUS"),
        ("Pavel Orlov told reporters that the pipes would be full.", None),
        ("Vera Hale accused Russia of emptying the pipes.", None),
    ],
)
def test_addressee(text, code):
    assert [one.addressee for one in read(text)] == [code]


@pytest.mark.parametrize("row", load_table("hedges"), ids=lambda row: row.words)
def test_every_hedge_is_found_in_its_example(row):
    text = row.example if row.kind == "cue" else f"“{row.example[:-1]},” Pavel Orlov said."
    document = make(text)
    found = [hedge for one in find_attributions_widely(document, (), ()) for hedge in one.hedges]
    assert row.kind in {hedge.kind for hedge in found}


def test_hedges_of_content_and_cue():
    text = "Pavel Orlov suggested that Russia might not strike back."
    document = make(text)
    (found,) = find_attributions(document, actors_in(text), ())
    assert [(document.words(h.span), h.kind) for h in found.hedges] == [("suggested", "cue"), ("might", "modal")]


def test_month_of_may_is_no_hedge():
    (found,) = read("Pavel Orlov said the pipes would be full in May.")
    assert found.hedges == ()


def test_furniture_gives_nothing():
    text = (
        "Pipes to be full\n\nPavel Orlov came to Riga on Monday to speak about the pipes.\n\n"
        "“The pipes will be full,” Orlov said.\n\nSubscribe to continue reading"
    )
    document = make(text)
    for found in find_attributions(document, actors_in(text), ()):
        for span in found.content.spans:
            assert document.paragraph_at(span[0]).furniture is None


def test_order_ids_and_reasons():
    found = read("“The pipes will be full,” Pavel Orlov said. “Wait.” Vera Hale said that she would.")
    starts = [one.content.spans[0][0] for one in found]
    assert starts == sorted(starts)
    assert [one.id for one in found] == [f"t{n}" for n in range(1, len(found) + 1)]
    assert all(one.why and "\n" not in one.why for one in found)


def test_attributors_by_name():
    assert set(ATTRIBUTORS) == {"rules", "rules-wide", "trained"}
    assert ATTRIBUTORS["rules"] is find_attributions


WORDS = st.sampled_from(
    [
        "“",
        "”",
        '"',
        "'",
        "‘",
        "’",
        "«",
        "»",
        "''",
        "``",
        ",",
        ".",
        ":",
        ";",
        "?",
        "!",
        "…",
        "—",
        "-",
        "(",
        ")",
        "[",
        "]",
        "**",
        "*",
        "_",
        "said",
        "says",
        "told",
        "according",
        "to",
        "that",
        "Orlov",
        "he",
        "she",
        "they",
        "who",
        "accused",
        "of",
        "called",
        "for",
        "Russia",
        "in",
        "the",
        "words",
        "of",
        "put",
        "it",
        "as",
        "saying",
        "Q:",
        "A:",
        "\n",
        "\n\n",
        "U.S.",
        "Mr.",
        "not\xa0",
        "\u200b",
        "�",
        "\x00",
        "é",
        "漢",
        "1",
        "%",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS, max_size=25).map("".join), st.text(max_size=80)
    )
)
def test_no_text_raises_and_spans_hold(text):
    document = make(text)
    for attribute in ATTRIBUTORS.values():
        for found in attribute(document, actors_in(text), ()):
            spans = [*found.content.spans, *([found.cue.span] if found.cue else [])]
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert found.source.span is None or 0 <= found.source.span[0] <= found.source.span[1] <= len(text)


@pytest.mark.parametrize("row", load_table("source_words"), ids=lambda row: row.use)
def test_every_class_of_source_words_has_its_example(row):
    words = [token for token in make(row.example).parse if has_use(token, row.use)]
    assert words


def test_tables_are_sorted_by_their_keys():
    cues = [(row.cue, row.kind) for row in load_table("cues")]
    hedges = [row.words for row in load_table("hedges")]
    assert cues == sorted(set(cues))
    assert hedges == sorted(set(hedges))


def test_a_long_line_without_a_stop_is_read():
    found = shown("Orlov said that " * 300)
    assert len(found) > 250
