"""Predictions for published test sets: their format, what is read and what is not, and what stops them."""

import csv
import json

import pytest

from olivebranch.extraction import pair_questions, proposals
from olivebranch.extraction.attribution_model import Decoder, Proposal
from olivebranch.extraction.event_model import Verdict

COLUMNS = ["", "uid", "sentence", "marked_sentence", "source", "target", "gold_root"]


class FakeEvents:
    class maker:
        @staticmethod
        def pieces(words):
            return [[1000] for _ in words]

    def judge_pairs(self, pairs):
        return [Verdict({"ACCUSE": 0.5, "AID": 0.3, "NONE": 0.2}) for _ in pairs]


class FakeAttributions:
    decoder = Decoder()

    def propose(self, text, paragraphs):
        if not paragraphs:
            return []
        at = text.index("said")
        proposal = Proposal(((0, at - 1),), ((at, at + 4),), ((at + 5, len(text)),), 0.61)
        return [proposal] if proposal.probability >= self.decoder.valid else []


@pytest.fixture
def rows(tmp_path):
    """Writes a file as PLV's, without the uid column where no row has one."""

    def write(*given, columns=COLUMNS):
        path = tmp_path / "rows.tsv"
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, columns, delimiter="\t", extrasaction="ignore", lineterminator="\n")
            table.writeheader()
            table.writerows(given)
        return path

    return write


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "data" / "dev" / "text"
    folder.mkdir(parents=True)
    (folder / "b.txt").write_bytes("Zoë\r\n\r\nThe minister said yes.\r\n".encode())
    (folder / "a.txt").write_bytes("\U0001f600 She said no.\n".encode())
    return tmp_path / "data"


def one(sentence, **others):
    marked = sentence.replace("Peru", "<s>Peru</s>").replace("Chile", "<t>Chile</t>")
    return {"sentence": sentence, "marked_sentence": marked, "source": "Peru", "target": "Chile", **others}


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


# --- plv


def test_a_line_for_each_row_named_by_uid_or_by_its_number(run, rows):
    path = rows(
        one("Peru accused Chile of theft.", uid="x7"), one("Peru met Chile."), one("Peru “thanked” Chile.", uid=" ")
    )
    code, out, err = run("evaluate", "plv", path, "--coder", "rules")
    assert code == 0
    assert [(line["uid"], line["root"]) for line in lines(out)][:2] == [("x7", "ACCUSE"), ("1", "CONSULT")]
    assert lines(out)[2]["uid"] == "2"
    assert set(lines(out)[0]) == {"uid", "root", "probability", "runner_up"}
    assert "3 rows" in err
    assert "sentences/s" in err


def test_the_trained_coder_is_the_default_and_the_answers_are_not_read(run, rows, monkeypatch, tmp_path):
    monkeypatch.setattr(pair_questions, "load_event_model", FakeEvents)
    path = rows(*[one("Peru met Chile.", gold_root="CONSULT")] * 300, columns=[c for c in COLUMNS if c != "uid"])
    code, out, err = run("evaluate", "plv", path, "--predictions", tmp_path / "out.jsonl", "--json")
    assert (code, out) == (0, "")
    found = lines((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert [line["uid"] for line in found] == [str(n) for n in range(300)]
    assert found[0] == {"uid": "0", "root": "ACCUSE", "probability": 0.625, "runner_up": "AID"}
    assert json.loads(err)["rows"] == 300


def test_quotation_marks_and_odd_characters_stay_in_their_row(run, rows):
    odd = one('"Peru\tmet" Chile, “Zoë” said.\x85\u2028 \U0001f600')
    code, out, _ = run("evaluate", "plv", rows(odd, one("Peru accused Chile.")), "--coder", "rules")
    assert code == 0
    assert len(lines(out)) == 2
    assert lines(out)[1]["root"] == "ACCUSE"


def test_without_weights_the_message_names_the_rules_and_the_rules_answer(run, rows, no_weights):
    path = rows(one("Peru accused Chile of theft."))
    code, out, err = run("evaluate", "plv", path, "--predictions", path.with_name("kept.jsonl"))
    assert (code, out) == (1, "")
    assert "--coder rules" in err
    assert len(err.splitlines()) == 1
    assert not path.with_name("kept.jsonl").exists()
    assert run("evaluate", "plv", path, "--coder", "rules")[0] == 0


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty"),
        (b"uid\tsentence\tmarked_sentence\tsource\ttarget\n", "no rows"),
        (b"uid\tsentence\tsource\n1\ta\tb\n", "marked_sentence, target"),
        (b"\xff\xfe\x00 not text", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_exit_3_and_one_line(run, tmp_path, content, part):
    path = tmp_path / "bad.tsv"
    if content is not None:
        path.write_bytes(content)
    code, out, err = run("evaluate", "plv", path, "--coder", "rules")
    assert (code, out) == (3, "")
    assert part in err
    assert len(err.splitlines()) == 1


def test_unknown_ways_and_places_to_write_are_wrong_use(run, rows, articles, tmp_path):
    path = rows(one("Peru met Chile."))
    assert run("evaluate", "plv", path, "--coder", "magic")[0] == 2
    assert run("evaluate", "polnear", articles, "dev", "--attributor", "magic")[0] == 2
    assert run("evaluate", "polnear", articles, "dev", "--threshold", "2")[0] == 2
    assert run("evaluate", "plv", path, "--coder", "rules", "--predictions", tmp_path / "no" / "where.jsonl")[0] == 2


# --- polnear


def test_offsets_are_of_the_bytes_as_they_are(run, articles, monkeypatch):
    monkeypatch.setattr(proposals, "load_attribution_model", FakeAttributions)
    code, out, err = run("evaluate", "polnear", articles, "dev")
    assert code == 0
    found = lines(out)
    assert [line["doc"] for line in found] == ["a", "b"]
    text = "Zoë\r\n\r\nThe minister said yes.\r\n"
    assert found[1]["cue"] == [[text.index("said"), text.index("said") + 4]]
    assert found[1]["probability"] == 0.61
    assert "2 articles" in err


def test_the_threshold_is_the_decoders(run, articles, monkeypatch):
    monkeypatch.setattr(proposals, "load_attribution_model", FakeAttributions)
    assert run("evaluate", "polnear", articles, "dev", "--threshold", "0.7")[1] == ""
    assert len(lines(run("evaluate", "polnear", articles, "dev", "--threshold", "0.1")[1])) == 2
    assert FakeAttributions.decoder == Decoder()


@pytest.mark.parametrize("attributor", ["rules", "rules-wide"])
def test_the_rules_need_no_weights(run, articles, no_weights, attributor):
    (articles / "dev" / "text" / "a.txt").write_text(
        "“We will stay,” President Ana Ruiz said on Friday.\n", encoding="utf-8"
    )
    code, out, _ = run("evaluate", "polnear", articles, "dev", "--attributor", attributor)
    assert code == 0
    text = (articles / "dev" / "text" / "a.txt").read_text(encoding="utf-8")
    (line,) = [line for line in lines(out) if line["doc"] == "a"]
    assert text[slice(*line["cue"][0])] == "said"
    assert "We will stay" in text[slice(*line["content"][0])]
    assert line["probability"] is None


def test_missing_weights_are_told(run, articles, no_weights):
    code, _, err = run("evaluate", "polnear", articles, "dev")
    assert code == 1
    assert "--coder rules" in err


def test_an_article_that_cannot_be_read_is_told_and_the_others_go_on(run, articles):
    (articles / "dev" / "text" / "a.txt").write_bytes(b"\xff\xfe\xfa")
    code, _, err = run("evaluate", "polnear", articles, "dev", "--attributor", "rules")
    assert code == 1
    assert "a.txt" in err
    assert "1 failed" in err


def test_a_folder_that_is_not_there_or_is_empty_is_exit_3(run, articles):
    code, _, err = run("evaluate", "polnear", articles, "test")
    assert code == 3
    assert "no such folder" in err
    (articles / "none" / "text").mkdir(parents=True)
    assert run("evaluate", "polnear", articles, "none")[0] == 3


@pytest.mark.parametrize("command", ["plv", "polnear"])
def test_help_has_an_example(run, command):
    code, out, _ = run("evaluate", command, "--help")
    assert code == 0
    assert f"Example: olivebranch evaluate {command}" in " ".join(out.split())
