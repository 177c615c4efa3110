"""Loose sentences coded: a line out for each line in, whatever it holds."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olivebranch import pipeline
from olivebranch.surfaces.code_commands import code_line

EXPELLED = {"id": 7, "text": "Peru expelled Chile's envoy.", "date": "2014-05-08"}


def coded(row, number=1):
    return code_line((number, row if isinstance(row, str) else json.dumps(row), "rules"))


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_an_event_has_its_sides_code_spans_and_reason():
    line = coded(EXPELLED)
    assert line["id"] == 7
    (event,) = line["events"]
    assert (event["type"], event["factuality"], event["cameo"]) == ("SANCTION", "asserted", "166")
    assert [(a["code"], a["country"]) for a in event["actors"]] == [("PER", "PER")]
    assert [(a["code"], a["country"]) for a in event["recipients"]] == [("CHL", "CHL")]
    assert EXPELLED["text"][slice(*event["trigger"])] == "expelled"
    assert EXPELLED["text"][slice(*event["actors"][0]["span"])] == "Peru"
    assert set(event) == {
        "actors", "recipients", "type", "mode", "cameo", "factuality", "trigger", "probability", "runner_up", "why",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Israel strikes Gaza tunnels", ("ISR", "PSE")),  # like a headline, and alone
        ("LIMA (Reuters) - Peru accused Chile of theft.", ("PER", "CHL")),
        ("• Peru accused Chile of theft", ("PER", "CHL")),
        ("Photo: Peru accused Chile of theft", ("PER", "CHL")),  # like a caption
        ("Zoë \U0001f600 \ud800 says Peru accused Chile.", ("PER", "CHL")),
    ],
)
def test_a_sentence_alone_is_neither_headline_nor_furniture(text, sides):
    events = coded({"id": 1, "text": text})["events"]
    assert [(e["actors"][0]["code"], e["recipients"][0]["code"]) for e in events] == [sides]
    assert text[slice(*events[0]["recipients"][0]["span"])].casefold() in {"gaza", "chile"}


def test_short_and_foreign_lines_are_no_errors():
    for text in ("", " \n", "Oui.", "Les ministres se sont réunis hier à Paris pour parler de la paix.", "和平"):
        assert "error" not in coded({"id": 1, "text": text})


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_is_coded(text):
    assert "error" not in coded({"id": "x", "text": text})


@pytest.mark.parametrize(
    ("line", "identity", "parts"),
    [
        ("not json", None, ["line 4", "not JSON"]),
        ("[1]", None, ["line 4", "no object"]),
        ('{"id": "c", "text": 3}', "c", ["line 4", "text"]),
        ('{"id": "d"}', "d", ["line 4", "text"]),
        ('{"id": "e", "text": "a", "date": "yesterday"}', "e", ["line 4", "yesterday", "YYYY-MM-DD"]),
        ("[" * 100_000, None, ["line 4"]),
    ],
)
def test_a_line_that_cannot_be_read_says_which_and_why(line, identity, parts):
    found = coded(line, number=4)
    assert found["id"] == identity
    assert found["error"]["code"] == "unreadable_story"
    assert all(part in found["error"]["message"] for part in parts)


def test_a_fault_of_ours_in_one_sentence_is_told_in_its_place(monkeypatch):
    def fail(*_, **__):
        raise KeyError("x")

    monkeypatch.setattr(pipeline, "read_article", fail)
    assert coded(EXPELLED)["error"]["code"] == "unexpected_error"


def test_lines_out_are_in_order_and_one_bad_line_is_exit_1(run, tmp_path):
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [json.dumps(EXPELLED), "", "bad", json.dumps({"id": "last", "text": "Peru met Chile in Lima."})]
    source.write_text("\ufeff" + "\n".join(rows), encoding="utf-8")
    code, out, err = run("code", "--input", source, "--output", output, "--coder", "rules")
    assert (code, out) == (1, "")
    found = lines(output.read_text(encoding="utf-8"))
    assert [line["id"] for line in found] == [7, None, "last"]
    assert "line 3" in err
    assert "3 sentences, 1 failed" in err


def test_standard_input_to_standard_output(run):
    code, out, err = run("code", "--input", "-", "--coder", "rules", "--json", stdin=json.dumps(EXPELLED) + "\n")
    assert code == 0
    assert [line["id"] for line in lines(out)] == [7]
    assert json.loads(err)["sentences"] == 1


def test_several_processes_give_the_same(run, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps(EXPELLED | {"id": n}) for n in range(20)), encoding="utf-8")
    both = [run("code", "--input", source, "--coder", "rules", "--jobs", jobs)[:2] for jobs in (1, 2)]
    assert both[0] == both[1]
    assert [line["id"] for line in lines(both[0][1])] == list(range(20))


def test_wrong_use_and_nothing_to_read(run, tmp_path):
    assert run("code")[0] == 2
    assert run("code", "--input", tmp_path / "none.jsonl", "--coder", "rules")[0] == 2
    assert run("code", "--input", "-", "--coder", "magic")[0] == 2
    assert run("code", "--input", "-", "--coder", "rules", stdin="\n")[0] == 3
    assert run("code", "--input", "-", "--coder", "rules", stdin="bad\n")[0] == 3


def test_without_weights_the_trained_coder_says_so_before_it_reads(run, no_weights):
    code, out, err = run("code", "--input", "-", "--coder", "trained", stdin=json.dumps(EXPELLED))
    assert (code, out) == (1, "")
    assert "--coder rules" in err
    assert len(err.splitlines()) == 1


def test_help_has_an_example(run):
    code, out, _ = run("code", "--help")
    assert code == 0
    assert "Example: olivebranch code" in " ".join(out.split())
