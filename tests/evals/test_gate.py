"""Floors rise with the scores, hold against a fall, and know the corpus they were measured on."""

import json

import pytest
from evals.gate import EPSILON, check_gate, coders_here, compare, hash_corpus, hash_sentences, main, raise_floors

from olivebranch.records import Reading

HASHES = {"own": "a", "held_back": "b"}
NOTHING = {"own": {}, "held_back": {}}


@pytest.mark.parametrize(
    ("value", "shut"), [(0.9, False), (0.8, False), (0.8 - EPSILON / 2, False), (0.8 - 2 * EPSILON, True), (None, True)]
)
def test_a_fall_shuts_the_gate(value, shut):
    values = {} if value is None else {"dates": value}
    assert bool(compare(values, {"dates": 0.8}, "own")) is shut


def test_a_changed_corpus_shuts_the_gate():
    stored = {"sha256": {"own": "z", "held_back": "b"}, "floors": {"own": {"dates": 0.5}, "held_back": {"dates": 0.5}}}
    values = {"own": {"dates": 0.5}, "held_back": {"dates": 0.5}}
    problems = check_gate(stored, HASHES, values)
    assert [one.text[:4] for one in problems] == ["own:"]
    assert not problems[0].is_fall


def test_a_gate_without_floors_is_open():
    assert check_gate({"sha256": {}, "floors": NOTHING}, HASHES, NOTHING) == []


def test_floors_rise_and_never_fall_unless_allowed():
    values, floors = {"dates": 0.9, "events": 0.4}, {"dates": 0.8, "events": 0.5, "accords": 0.3}
    assert raise_floors(values, floors) == {"dates": 0.9, "events": 0.5, "accords": 0.3}
    assert raise_floors(values, floors, allow_regression=True) == values


def test_the_hash_follows_story_and_annotation(gold):
    first = hash_corpus([gold])
    assert first == hash_corpus([gold])
    gold.raw["dates"][0]["to"] = "2014-05-10"
    second = hash_corpus([gold])
    gold.story.write_text("Another story.", encoding="utf-8")
    assert len({first, second, hash_corpus([gold])}) == 3


def test_update_writes_better_floors_and_refuses_worse_ones(tmp_path, read_perfectly, capsys):
    path = tmp_path / "floors.json"
    path.write_text(json.dumps({"sha256": {}, "floors": NOTHING}), encoding="utf-8")

    def read_nothing(gold):
        return Reading(article=read_perfectly(gold).article)

    assert main(["--update"], read_perfectly, path, score_well) == 0
    best = path.read_text(encoding="utf-8")
    assert json.loads(best)["floors"]["own"]["dates"] == 1.0
    assert main([], read_perfectly, path, score_well) == 0
    assert main([], read_nothing, path, score_well) == 1
    assert main(["--update"], read_nothing, path, score_well) == 1
    assert path.read_text(encoding="utf-8") == best
    assert main(["--update", "--allow-regression"], read_nothing, path, score_well) == 0
    assert json.loads(path.read_text(encoding="utf-8"))["floors"]["own"]["dates"] == 0.0
    assert "its floor 1.0000" in capsys.readouterr().out


def score_well(coder):
    """A coder that reaches the same each time."""
    return {"events": 0.6}


def test_sentences_have_floors_for_each_coder(tmp_path, read_perfectly, capsys):
    path = tmp_path / "floors.json"
    path.write_text(json.dumps({"sha256": {}, "floors": NOTHING}), encoding="utf-8")
    assert main(["--update"], read_perfectly, path, score_well) == 0
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert stored["sentences"]["floors"] == {coder: {"events": 0.6} for coder in coders_here()}
    assert main([], read_perfectly, path, lambda coder: {"events": 0.5}) == 1
    assert "rules: events is 0.5000, its floor 0.6000" in capsys.readouterr().out
    stored["sentences"]["sha256"]["rules"] = "other"
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert main([], read_perfectly, path, score_well) == 1
    assert "rules: the corpus is not the one" in capsys.readouterr().out


def test_floors_of_a_coder_that_is_not_here_are_kept_and_told(tmp_path, read_perfectly, capsys):
    path = tmp_path / "floors.json"
    sentences = {"sha256": {"other": "a"}, "floors": {"other": {"events": 0.9}}}
    path.write_text(json.dumps({"sha256": {}, "floors": NOTHING, "sentences": sentences}), encoding="utf-8")
    assert main(["--update"], read_perfectly, path, score_well) == 0
    assert json.loads(path.read_text(encoding="utf-8"))["sentences"]["floors"]["other"] == {"events": 0.9}
    assert "other: not measured" in capsys.readouterr().out


def test_the_hash_follows_each_set(tmp_path):
    for layer in ("events", "factuality", "overtures"):
        (tmp_path / f"{layer}.jsonl").write_text("{}", encoding="utf-8")
    first = hash_sentences(tmp_path)
    (tmp_path / "overtures.jsonl").write_text("{ }", encoding="utf-8")
    assert first != hash_sentences(tmp_path)
