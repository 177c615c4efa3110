"""What counts in the sets of loose sentences, and that the held-back ones show totals only."""

import json

import pytest
from evals.sentence_scores import (
    FoundEvent,
    FoundOffer,
    expand_pairs,
    score_events,
    score_factuality,
    score_overtures,
    triples_of,
)

from evals import sentences


def event(actors, recipients, root, **others):
    return {
        "actors": actors,
        "recipients": recipients,
        "type": root,
        "trigger": [0, 1],
        "factuality": "asserted",
    } | others


def item(*events, identity="i1", text="words"):
    return {"id": identity, "text": text, "events": list(events)}


def found(actors, recipients, root):
    return FoundEvent(tuple(actors), tuple(recipients), root)


@pytest.mark.parametrize(
    ("actors", "recipients", "root", "pairs"),
    [
        (["USA"], ["IRN"], "ACCUSE", {("USA", "IRN")}),
        (["USA", "GBR"], ["IRN"], "ACCUSE", {("USA", "IRN"), ("GBR", "IRN")}),
        (["USA", "IRN"], ["USA", "IRN"], "AGREE", {("USA", "IRN"), ("IRN", "USA")}),
        (["USA"], ["IRN"], "CONSULT", {("USA", "IRN"), ("IRN", "USA")}),
        (["USA"], [], "ASSAULT", {("USA", None)}),
        (["UKR/REB"], ["UKR"], "ASSAULT", {("UKR", "UKR")}),
        (["UKR_SEPARATISTS"], ["RUS"], "ASSAULT", {("UKR", "RUS")}),
    ],
)
def test_events_of_many_are_pairs_of_countries(actors, recipients, root, pairs):
    assert expand_pairs(actors, recipients, root) == pairs


def test_a_joint_act_is_one_triple_whoever_comes_first():
    assert triples_of(["USA"], ["IRN"], "CONSULT") == triples_of(["IRN", "USA"], ["USA", "IRN"], "CONSULT")
    assert len(triples_of(["USA", "IRN"], ["USA", "IRN"], "CONSULT")) == 1
    assert triples_of(["USA"], ["IRN"], "AGREE") != triples_of(["IRN"], ["USA"], "AGREE")


def test_right_missed_and_spurious_triples_are_counted():
    items = [item(event(["USA"], ["IRN"], "ACCUSE"), event(["USA"], ["RUS"], "AID")), item()]
    tally = score_events(items, [[found(["USA"], ["IRN"], "ACCUSE"), found(["USA"], ["RUS"], "SUPPORT")], []])
    events, pairs = tally.layers["events"], tally.layers["event_pairs"]
    assert (events.right, events.missed, events.spurious) == (1, 1, 1)
    assert (pairs.right, pairs.missed, pairs.spurious) == (2, 0, 0)
    assert tally.confusions == {("AID", "SUPPORT"): 1}
    assert tally.roots["AID"].missed == tally.roots["SUPPORT"].spurious == tally.roots["ACCUSE"].right == 1
    assert tally.values() == {"events": 0.5, "event_pairs": 1.0, "events_detected": 1.0, "events_quiet": 1.0}


def test_a_false_alarm_counts_by_sentence():
    tally = score_events([item(), item()], [[found(["USA"], ["IRN"], "AID"), found(["USA"], ["RUS"], "AID")], []])
    assert tally.layers["events_quiet"].value == 0.5
    assert tally.layers["events_detected"].spurious == 1
    assert tally.layers["events"].spurious == 2


@pytest.mark.parametrize("given", [[], [found(["USA"], ["IRN"], "AID")]])
def test_the_doubtful_is_neither_rewarded_nor_punished(given):
    tally = score_events([item(event(["USA"], ["IRN"], "AID", doubtful=True))], [given])
    assert tally.values() == {}


def test_factuality_is_the_mean_of_the_kinds_that_the_set_has():
    items = [
        {"id": str(n), "text": "act", "trigger": [0, 3], "factuality": kind}
        for n, kind in enumerate(["asserted", "asserted", "denied", "planned"])
    ]
    items.append(items[0] | {"doubtful": True})
    tally = score_factuality(items, ["asserted", "wished", "denied", "denied", "wished"])
    f1 = {name: round(one.value or 0, 3) for name, one in tally.kinds.items()}
    assert f1 == {"asserted": 0.667, "denied": 0.667, "planned": 0.0, "wished": 0.0}
    assert tally.values()["factuality"] == pytest.approx(0.4444)


def offer(span, maker, grade):
    return {"span": span, "from": maker, "to": ["USA"], "grade": grade, "is_restraint": False}


def test_an_overture_counts_where_span_and_maker_agree():
    items = [
        {"id": "o1", "text": "x" * 50, "overtures": [offer([0, 20], "IRN", "wish"), offer([30, 40], "IRN", "step")]},
        {"id": "o2", "text": "x" * 50, "overtures": [offer([0, 20], "IRN", "wish")]},
        {"id": "o3", "text": "x" * 50, "overtures": []},
        {"id": "o4", "text": "x" * 50, "overtures": [offer([0, 9], "IRN", "wish")], "doubtful": True},
    ]
    given = [
        [FoundOffer((10, 30), "IRN", "specific"), FoundOffer((30, 50), "IRN", "step")],
        [FoundOffer((0, 20), "USA", "wish")],
        [FoundOffer((0, 5), "USA", "wish")],
        [],
    ]
    tally = score_overtures(items, given)
    one = tally.layers["overtures"]
    assert (one.right, one.missed, one.spurious) == (2, 1, 2)
    assert tally.layers["overture_grades"].value == 0.5
    assert tally.layers["overtures_quiet"].value == 0.0


def test_one_found_overture_is_one_right_at_most():
    items = [{"id": "o1", "text": "x" * 50, "overtures": [offer([0, 9], "IRN", "wish"), offer([9, 19], "IRN", "wish")]}]
    assert score_overtures(items, [[FoundOffer((0, 19), "IRN", "wish")]]).layers["overtures"].right == 1


# --- the command line


@pytest.fixture
def sets(tmp_path, monkeypatch):
    """A held-back and a train set of one sentence a layer."""
    for home in ("held_back", "train"):
        folder = tmp_path / home
        folder.mkdir()
        text = "Peru expelled Chile's envoy."
        rows = {
            "events": {"id": "e", "text": text, "date": "2014-05-08", "events": [event(["PER"], ["BOL"], "SANCTION")]},
            "factuality": {"id": "f", "text": text, "trigger": [5, 13], "factuality": "asserted"},
            "overtures": {"id": "o", "text": text, "published_on": "2014-05-08", "overtures": []},
        }
        for layer, row in rows.items():
            (folder / f"{layer}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    monkeypatch.setattr(sentences, "HOMES", {name: tmp_path / name for name in ("held_back", "train")})
    return tmp_path


def test_totals_of_all_layers_are_printed(sets, capsys):
    assert sentences.main(["--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["values"] == {
        "events": 0.0, "event_pairs": 0.0, "events_detected": 1.0, "factuality": 1.0, "overtures_quiet": 1.0,
    }  # fmt: skip


def test_only_the_train_split_shows_its_words(sets, capsys):
    with pytest.raises(SystemExit):
        sentences.main(["--errors", "3"])
    assert sentences.main(["--layer", "events"]) == 0
    assert "envoy" not in capsys.readouterr().out
    assert sentences.main(["--split", "train", "--layer", "events", "--errors", "3"]) == 0
    assert "missed PER>BOL SANCTION: Peru expelled Chile's envoy." in capsys.readouterr().out


def test_a_set_that_is_not_there_is_left_out(sets, capsys):
    (sets / "train" / "events.jsonl").unlink()
    assert sentences.main(["--split", "train", "--json"]) == 0
    assert "events" not in json.loads(capsys.readouterr().out)["values"]
