"""A perfect reading scores 1 in every layer, and each kind of error lowers its own layer."""

import json

import pytest
from evals.agreement import name_power, same_country, same_name, same_office
from evals.gold import load_golds
from evals.score import Score, main, score

from olivebranch.records import Content, DateMention, EventActor, Reading

LAYERS = {
    "furniture", "statements", "statements_exact", "speakers", "kinds", "experts", "speaker_offices",
    "actors", "actor_countries", "actor_offices", "events", "events_detected", "factuality", "event_dates",
    "overtures", "grades", "restraint", "accords", "accords_status", "decisions", "positions",
    "positions_position", "assessments", "assessments_stance", "dates",
}  # fmt: skip


def change(reading: Reading, layer: str, index: int, **values) -> Reading:
    """The reading with one record changed."""
    rows = list(getattr(reading, layer))
    rows[index] = rows[index].model_copy(update=values)
    return reading.model_copy(update={layer: tuple(rows)})


def drop(reading: Reading, layer: str, index: int) -> Reading:
    """The reading without one record."""
    rows = list(getattr(reading, layer))
    del rows[index]
    return reading.model_copy(update={layer: tuple(rows)})


def fallen(gold, reading) -> set[str]:
    """The layers that are not perfect."""
    return {layer for layer, value in score(gold, reading).values().items() if value < 1}


def test_a_perfect_reading_scores_one_in_every_layer(gold, reading):
    values = score(gold, reading).values()
    assert set(values) == LAYERS
    assert set(values.values()) == {1.0}


@pytest.mark.parametrize("story", load_golds(), ids=lambda gold: gold.slug)
def test_every_gold_agrees_with_itself(story, read_perfectly):
    result = score(story, read_perfectly(story))
    assert set(result.values().values()) == {1.0}, result.faults


def test_an_empty_reading_finds_nothing(gold, reading):
    empty = Reading(article=reading.article)
    values = score(gold, empty).values()
    assert {values[layer] for layer in ("furniture", "statements", "events", "overtures", "dates", "actors")} == {0.0}


@pytest.mark.parametrize(
    ("layer", "index", "values", "expected"),
    [
        ("sentences", -1, {"furniture": None}, {"furniture"}),
        ("sentences", 0, {"furniture": "related"}, {"furniture"}),
        ("attributions", 0, {"kind": "indirect"}, {"kinds"}),
        ("actors", 0, {"name": "Eva Sol"}, {"actors"}),
        ("actors", 0, {"country": "ARG"}, {"actor_countries"}),
        ("actors", 0, {"office": "foreign minister"}, {"actor_offices"}),
        ("actors", 0, {"span": (0, 4)}, {"actors", "actor_countries", "actor_offices"}),
        ("events", 0, {"type": "REQUEST"}, {"events", "events_detected"}),
        ("events", 0, {"recipients": ()}, {"events"}),
        ("events", 0, {"actors": (EventActor(code="PER", name="rebels", sector="REB"),)}, {"events"}),
        ("events", 1, {"factuality": "asserted"}, {"factuality"}),
        ("events", 1, {"date": None}, {"event_dates"}),
        ("overtures", 0, {"grade": "specific"}, {"grades"}),
        ("overtures", 0, {"is_restraint": True}, {"restraint"}),
        ("overtures", 0, {"from_": "CHL"}, {"overtures"}),
        ("overtures", 0, {"to": ("ARG",)}, {"overtures"}),
        ("accords", 0, {"status": "expired"}, {"accords_status"}),
        ("accords", 0, {"span": (0, 4)}, {"accords"}),
        ("decisions", 0, {"span": (0, 4)}, {"decisions"}),
        ("positions", 0, {"position": "for"}, {"positions_position"}),
        ("assessments", 0, {"stance": "believes"}, {"assessments_stance"}),
        ("assessments", 0, {"span": (0, 4)}, {"assessments"}),
        ("dates", 0, {"from_": "2014-05-08"}, {"dates"}),
    ],
)
def test_each_error_lowers_its_own_layer(gold, reading, layer, index, values, expected):
    assert fallen(gold, change(reading, layer, index, **values)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "Eva Sol", "office": "mayor"}, {"speakers", "speaker_offices"}),
        ({"name": "Mrs Ruiz"}, set()),
        ({"name": "Peru", "office": "president of Peru"}, set()),
        ({"office": "foreign minister"}, {"speaker_offices"}),
        ({"is_expert": True}, {"experts"}),
    ],
)
def test_a_speaker_may_go_by_another_name_or_by_office(gold, reading, values, expected):
    source = reading.attributions[0].source.model_copy(update=values)
    assert fallen(gold, change(reading, "attributions", 0, source=source)) == expected


def test_an_unnamed_speaker_may_not_be_given_a_name(gold, reading):
    gold.raw["statements"][2].pop("doubtful")
    source = reading.attributions[2].source
    for values in ({"is_named": True}, {"country": "PER"}):
        wrong = change(reading, "attributions", 2, source=source.model_copy(update=values))
        assert fallen(gold, wrong) == {"speakers"}


@pytest.mark.parametrize(
    ("shift", "expected"), [(1, set()), (7, {"statements_exact"}), (28, {"statements", "statements_exact"})]
)
def test_a_statement_counts_from_half_of_its_words(gold, reading, shift, expected):
    start, end = reading.attributions[0].content.spans[0]
    content = Content(spans=((start - 1 if shift == 1 else start + shift, end + (shift == 1)),))
    assert fallen(gold, change(reading, "attributions", 0, content=content)) == expected


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ("attributions", {"statements", "statements_exact"}),
        ("events", {"events", "events_detected"}),
        ("dates", {"dates"}),
    ],
)
def test_missing_and_spurious_records_both_cost(gold, reading, layer, expected):
    assert fallen(gold, drop(reading, layer, 0)) == expected
    last = getattr(reading, layer)[0]
    twice = last if layer == "dates" else last.model_copy(update={"id": "again"})
    assert fallen(gold, reading.model_copy(update={layer: (*getattr(reading, layer), twice)})) == expected


def test_what_is_doubtful_neither_rewards_nor_punishes(gold, reading):
    without = drop(drop(reading, "attributions", 2), "events", len(reading.events) - 1)
    full, less = score(gold, reading), score(gold, without)
    assert full.layers["statements"] == less.layers["statements"] == Score("f1", right=2)
    assert full.layers["events"] == less.layers["events"] == Score("f1", right=3)


def test_the_day_is_scored_where_it_was_not_given(gold, reading):
    assert score(gold, reading).layers["published_on"] == Score("accuracy")
    gold.raw["give_date"] = False
    assert score(gold, reading).layers["published_on"] == Score("accuracy", right=1)
    undated = reading.article.model_copy(update={"published_on": None})
    assert fallen(gold, reading.model_copy(update={"article": undated})) == {"published_on"}


def test_a_later_mention_is_no_second_event(gold, reading):
    assert len(reading.events) == 5
    assert score(gold, reading).layers["events"] == Score("f1", right=3)
    index = next(k for k, event in enumerate(reading.events) if event.same_as)
    assert fallen(gold, change(reading, "events", index, same_as=None)) == {"events", "events_detected"}


def test_two_sides_that_act_together_may_stand_on_either_side(gold, reading):
    row = gold.raw["events"][0]
    row["actors"] = row["recipients"] = ["PER", "CHL"]
    assert "events" not in fallen(gold, reading)
    assert "events" in fallen(gold, change(reading, "events", 0, recipients=()))


def test_a_vague_date_that_is_not_in_the_gold_costs_nothing(gold, reading):
    vague = DateMention(span=(0, 4), from_="2014-01-01", to="2014-05-10", granularity="vague", how="-")
    assert not fallen(gold, reading.model_copy(update={"dates": (*reading.dates, vague)}))


def test_stories_add_up():
    total = Score("f1", right=1, missed=1) + Score("f1", right=2, spurious=3)
    assert total == Score("f1", right=3, missed=1, spurious=3)
    assert total.value == pytest.approx(6 / 10)
    assert Score("accuracy", right=3, missed=1).value == pytest.approx(0.75)
    assert Score("f1").value is None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Vladimir Putin", "Putin", True),
        ("European Union", "EU", True),
        ("China and Japan", "Japan", True),
        ("Vladimir Putin", "Dmitry Peskov", False),
        ("Russia", None, False),
    ],
)
def test_same_name(left, right, expected):
    assert same_name(left, right) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("foreign minister", "Minister of Foreign Affairs", True),
        ("president", "President of Russia", True),
        ("spokesman", "State Department spokesperson", True),
        ("president", "prime minister", False),
        ("president", None, False),
    ],
)
def test_same_office(left, right, expected):
    assert same_office(left, right) is expected


@pytest.mark.parametrize(
    ("code", "sector", "expected"),
    [("RUS", "GOV", "RUS"), ("UKR", "REB", "UKR/REB"), ("FSB", None, "RUS"), ("UKR_SEPARATISTS", None, "UKR/REB"), ("COUNCIL_EU", None, "EU"), ("NATO", None, "NATO")],
)  # fmt: skip
def test_name_power(code, sector, expected):
    assert name_power(code, sector) == expected


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [("RUS", "RUS", True), (None, None, True), (None, "NATO", True), (None, "RUS", False), ("RUS", None, False)],
)
def test_same_country(gold, found, expected):
    assert same_country(gold, found) is expected


def test_the_command_prints_a_table_faults_and_json(capsys, read_perfectly):
    def read_nothing(gold):
        return Reading(article=read_perfectly(gold).article)

    assert main(["--misses", "overtures"], read_nothing) == 0
    printed = capsys.readouterr().out
    assert "overtures" in printed
    assert "missed: “If Moscow hands back our men" in printed
    assert main(["--json"], read_perfectly) == 0
    assert json.loads(capsys.readouterr().out)["overtures"] == 1.0


def test_the_held_back_half_shows_no_faults(capsys):
    with pytest.raises(SystemExit):
        main(["--held-back", "--misses"])
    assert "totals only" in capsys.readouterr().err
