"""The whole reader: any text is read without an error, every record points at its words, the same text reads the same."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from olivebranch.errors import UsageError
from olivebranch.intake.articles import Given, make_article
from olivebranch.pipeline import read_article
from olivebranch.records import Article, Reading

ROOT = Path(__file__).parents[1]
STORY = ROOT / "examples" / "stories" / "troop-pullback-2014-05-08.txt"
GOLDEN = Path(__file__).parent / "fixtures" / "troop-pullback-2014-05-08.reading.json"
WORDS = st.sampled_from(
    'Russia "We are ready to talk, ” “ said Lavrov . , ; : — ( ) \n \n\n \t Kyiv’s troops on Sunday if the EU U.S. will not '
    "lift sanctions 'no' 2014 Sept. 28 ‘ ’ « » Mr Putin told reporters that he had withdrawn 💥 İ ﬁ \u200b \u2028 é 中".split(
        " "
    )
)


def article(text: str, day: date | None = date(2014, 9, 29)) -> Article:
    """An article of any text, unchecked, as the reader must bear it."""
    return Article(id="a", text=text, sha256="0" * 64, published_on=day, published_on_how="given" if day else "unknown")


def spans_of(reading: Reading) -> list[tuple[int, int]]:
    """Every span of a reading, wherever it stands in the document."""
    found: list[tuple[int, int]] = []

    def walk(value: object, name: str = "") -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, key)
        elif isinstance(value, list):
            if name in {"span", "trigger", "condition"}:
                found.append((value[0], value[1]))
            elif name == "spans":
                found.extend((start, end) for start, end in value)
            else:
                for inner in value:
                    walk(inner)

    walk(json.loads(reading.model_dump_json()))
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join)))
def test_no_text_raises_and_every_span_lies_in_it(text: str) -> None:
    reading = read_article(article(text))
    for start, end in spans_of(reading):
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()


@pytest.mark.parametrize("share", [n / 24 for n in range(1, 24)])
def test_a_story_cut_short_anywhere_is_read(share: float) -> None:
    text = STORY.read_text(encoding="utf-8")
    cut = text[: int(len(text) * share)]
    assert all(end <= len(cut) for _, end in spans_of(read_article(article(cut, date(2014, 5, 8)))))


@pytest.mark.parametrize("text", ["Sergey Lavrov,", "said Sergey Lavrov, ", '"', "Kyiv's", "…", "“We", "A: “", "Q."])
def test_a_fragment_is_read(text: str) -> None:
    read_article(article(text))


def bundled() -> Reading:
    """The bundled story, read as `make brief` reads it."""
    given_day = Given(published_on=date(2014, 5, 8))
    return read_article(make_article(STORY.read_text(encoding="utf-8"), "the bundled story", given_day))


def test_the_same_story_reads_the_same_and_survives_json() -> None:
    first, second = bundled(), bundled()
    assert first == second
    assert Reading.model_validate_json(first.model_dump_json()) == first


def test_the_reading_fits_its_published_schema() -> None:
    schema = Reading.model_json_schema(mode="serialization")
    Draft202012Validator.check_schema(schema)
    errors = list(Draft202012Validator(schema).iter_errors(json.loads(bundled().model_dump_json())))
    assert not errors


def test_ids_are_unique_and_every_reference_is_met() -> None:
    reading = bundled()
    ids = [record.id for layer in (reading.sentences, reading.attributions, reading.actors, reading.events,
                                   reading.overtures, reading.accords, reading.decisions, reading.positions,
                                   reading.assessments) for record in layer]  # fmt: skip
    assert len(ids) == len(set(ids))
    known = set(ids) | {None}
    for event in reading.events:
        assert {event.sentence, event.according_to, event.same_as} <= known
    assert {record.attribution for record in (*reading.overtures, *reading.positions, *reading.assessments)} <= known


def test_nothing_comes_from_furniture() -> None:
    reading = bundled()
    furniture = [sentence.span for sentence in reading.sentences if sentence.furniture]
    assert furniture
    records = (
        *reading.actors,
        *reading.overtures,
        *reading.accords,
        *reading.decisions,
        *reading.assessments,
        *reading.dates,
    )
    starts = [record.span[0] for record in records] + [event.trigger[0] for event in reading.events]
    starts += [span[0] for attribution in reading.attributions for span in attribution.content.spans]
    assert not [start for start in starts if any(s <= start < e for s, e in furniture)]


def test_golden_reading_of_the_bundled_story() -> None:
    """What the reader finds in the bundled story, line by line; GOLDEN=1 writes it anew, to be read before it is kept."""
    found = json.loads(bundled().model_dump_json())
    for record in found["events"] + found["attributions"] + found["actors"] + found["overtures"]:
        record.pop("why")
    if os.environ.get("GOLDEN"):
        GOLDEN.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_an_unknown_coder_is_told() -> None:
    with pytest.raises(UsageError, match="coders are"):
        read_article(article("Moscow said no."), coder="oracle")
