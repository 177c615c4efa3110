"""The trained coder beside the rules: what it adds to loose sentences, and that in stories the rules decide."""

import hashlib
from datetime import date

import pytest

from olivebranch.errors import WeightsError
from olivebranch.extraction import event_model, trained_events
from olivebranch.extraction.event_model import NONE, Verdict
from olivebranch.pipeline import read_article
from olivebranch.records import Article

LOOSE = "Norway is on its best footing with Chile in years."
STORY = f"{LOOSE}\n\nThe weather was mild. Shops were open. People walked by the water. Nobody hurried home."
ROOTS = ("AGREE", "ACCUSE", "SUPPORT")


class FixedModel:
    """Gives every pair and act the same answer."""

    settings = {"add": 0.8, "drop": 0.97, "change": 0.8, "yield": 0.15, "both_ways": 0.95}  # noqa: RUF012

    def __init__(self, root, chance=0.9):
        rest = (1 - chance) / (len(ROOTS))
        self.verdict = Verdict({name: chance if name == root else rest for name in (*ROOTS, NONE)})
        self.maker = self

    def pieces(self, words):
        return [[7] for _ in words]

    def judge_pairs(self, pairs):
        return [self.verdict for _ in pairs]

    def judge_acts(self, acts):
        return [Verdict({"asserted": 0.9, "planned": 0.1}) for _ in acts]


@pytest.fixture
def model(monkeypatch):
    def use(fake):
        monkeypatch.setattr(trained_events, "load_event_model", lambda: fake)

    return use


def article(text):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(id="x", text=text, sha256=digest, published_on=date(2015, 6, 10), published_on_how="given")


def read(text, **how):
    return read_article(article(text), attributor="rules", is_story=False, **how)


def events_by(fake, text, monkeypatch):
    monkeypatch.setattr("olivebranch.pipeline.weigh_overtures", lambda finder, drafts: drafts)
    return read(text, coder="trained").events


def test_a_loose_sentence_gets_what_the_rules_missed(model, monkeypatch):
    model(fake := FixedModel("SUPPORT"))
    assert read(LOOSE, coder="rules").events == ()
    found = events_by(fake, LOOSE, monkeypatch)
    assert {(e.actors[0].code, e.recipients[0].code, e.type) for e in found} == {("NOR", "CHL", "SUPPORT")}
    assert found[0].probability == pytest.approx(0.9)
    assert "model" in found[0].why


def test_a_joint_root_is_one_event_of_both(model, monkeypatch):
    model(fake := FixedModel("AGREE"))
    (event,) = events_by(fake, LOOSE, monkeypatch)
    assert {a.code for a in event.actors} == {r.code for r in event.recipients} == {"NOR", "CHL"}


def test_in_a_story_the_rules_decide(model, monkeypatch):
    model(fake := FixedModel("SUPPORT"))
    assert events_by(fake, STORY, monkeypatch) == ()


def test_an_act_denied_by_the_model_is_dropped_from_a_loose_sentence_only(model, monkeypatch):
    text = "Norway accused Chile of overfishing on Monday."
    model(fake := FixedModel(NONE, 0.99))
    assert len(read(text, coder="rules").events) == 1
    assert events_by(fake, text, monkeypatch) == ()
    (kept,) = events_by(fake, f"{text}\n\nIt rained. Shops were open. People walked by the water.", monkeypatch)
    assert kept.probability < 0.05


def test_damaged_weights_are_told_and_the_rules_still_read(tmp_path, monkeypatch):
    monkeypatch.setenv("OLIVEBRANCH_WEIGHTS", str(tmp_path))
    event_model.load_event_model.cache_clear()
    with pytest.raises(WeightsError, match="--coder rules"):
        read("Norway accused Chile of overfishing.", coder="trained")
    assert len(read("Norway accused Chile of overfishing.", coder="rules").events) == 1
