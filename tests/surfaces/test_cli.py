"""The command line: what it prints, where, and with which exit code; never the user's own ledger."""

import json
import os
import signal
import subprocess
import sys

import jsonschema
import pytest

from olivebranch.ledger import Ledger, View
from olivebranch.records import Reading

STORY = (
    "Russia is ready to lift its ban on Polish apples, Foreign Minister Sergey Lavrov said on Tuesday. "
    "“We want normal relations with Poland,” he told reporters in Moscow.\n\n"
    "In August, Russia banned food imports from the European Union. Ministers of the European Union meet in "
    "Brussels on Monday to review the sanctions.\n"
)
COMMANDS = (["brief"], ["read"], ["schema"], ["who"], ["members"], ["add"], ["ledger", "show"],
            ["ledger", "correct"], ["ledger", "undo"])  # fmt: skip


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def binary(tmp_path):
    path = tmp_path / "bad.bin"
    path.write_bytes(bytes(range(256)) * 20)
    return path


def assert_one_line(err, *parts):
    assert err.endswith("\n")
    assert len(err.splitlines()) == 1, err
    assert err.startswith("olivebranch: ")
    for part in parts:
        assert part in err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(run, command):
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert "Example: olivebranch " + " ".join(command) in " ".join(out.split())


def test_version_and_help(run):
    assert run("--version")[1].startswith("olivebranch 0.")
    code, out, _ = run("--help")
    assert code == 0
    assert all(command[0] in out for command in COMMANDS)


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["brief"], ["read"], ["brief", "x", "--format", "pdf"], ["brief", "x", "--published-on", "today"],
     ["brief", "x", "--dyad", "RUS"], ["brief", "x", "--dyad", "RUS:XXX"], ["schema", "poem"], ["read", "x", "--what"],
     ["who"], ["who", "--office", "foreign minister"], ["members", "NOBODY"], ["ledger", "show", "RUS-USA"],
     ["ledger", "correct", "a", "b", "c"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_is_exit_2_and_one_line(run, words):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert_one_line(err)


def test_read_gives_an_object_an_array_or_lines(run, story, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(STORY.replace("apples", "cheese"), encoding="utf-8")
    code, out, err = run("read", story, "--json", "--published-on", "2014-11-05")
    assert (code, err) == (0, "")
    one = json.loads(out)
    assert one["article"]["published_on"] == "2014-11-05"
    assert one["overtures"][0]["from"] == "RUS"
    code, out, _ = run("read", story, other)
    assert code == 0
    assert [document["article"]["text"].count("cheese") for document in json.loads(out)] == [0, 1]
    code, out, _ = run("read", story, other, story, "--jsonl")
    assert code == 0
    assert [json.loads(line)["article"]["text"].count("cheese") for line in out.splitlines()] == [0, 1, 0]


def test_read_from_standard_input(run):
    code, out, _ = run("read", "-", stdin=STORY)
    assert code == 0
    assert json.loads(out)["article"]["text"].startswith("Russia is ready")


def test_message_steers_no_terminal(run, tmp_path):
    code, _, err = run("read", tmp_path / "no\x1b[31mthing\n.txt")
    assert code == 3
    assert_one_line(err, "no such file")
    assert "\x1b" not in err


def test_failed_story_stands_in_its_place(run, story, binary):
    code, out, err = run("read", binary, story, binary)
    assert code == 1
    documents = json.loads(out)
    assert ["error" in document for document in documents] == [True, False, True]
    assert documents[0]["error"]["code"] == "unreadable_story"
    assert documents[0]["schema_version"] == "1"
    assert len(err.splitlines()) == 2
    assert_one_line(err.splitlines()[0] + "\n", "bad.bin")


@pytest.mark.parametrize("command", ["read", "brief", "add"])
def test_nothing_read_is_exit_3(run, binary, command, own_ledger_path):
    code, _, err = run(command, binary)
    assert code == 3
    assert_one_line(err, "bad.bin")
    assert not own_ledger_path.exists()


FRENCH = (
    "Le ministre des affaires étrangères a déclaré mardi que la France était prête à lever les sanctions contre la "
    "Russie. Les deux pays doivent se rencontrer la semaine prochaine à Genève pour en parler, selon son porte-parole. "
) * 5


@pytest.mark.parametrize("text", ["", "   \n\n", FRENCH], ids=["empty", "blank", "French"])
def test_empty_or_foreign_story_is_exit_3(run, tmp_path, text):
    path = tmp_path / "story.txt"
    path.write_text(text, encoding="utf-8")
    code, out, err = run("read", path)
    assert code == 3
    assert "error" in json.loads(out)
    assert_one_line(err)


def test_schema_is_a_schema_and_holds_for_real_documents(run, story):
    for of, words in (("reading", ["read"]), ("brief", ["brief", "--json"])):
        code, out, _ = run("schema", of)
        assert code == 0
        schema = json.loads(out)
        jsonschema.Draft202012Validator.check_schema(schema)
        document = json.loads(run(*words, story, "--published-on", "2014-11-05")[1])
        jsonschema.validate(document, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document | {"extra": 1}, schema)


def test_read_document_is_read_back(run, story):
    out = run("read", story)[1]
    assert json.loads(Reading.model_validate_json(out).model_dump_json()) == json.loads(out)


def test_brief_in_every_format(run, story, own_ledger_path):
    arguments = ("brief", story, "--published-on", "2014-11-05")
    code, text, err = run(*arguments)
    assert (code, err) == (0, "")
    assert text.startswith("Does Russia mean it? Russia → Poland")
    assert run(*arguments, "--format", "markdown")[1].startswith("# Does Russia mean it? Russia → Poland")
    assert run(*arguments, "--format", "html")[1].startswith("<!doctype html>")
    as_json = json.loads(run(*arguments, "--format", "json")[1])
    assert as_json == json.loads(run(*arguments, "--json")[1])
    assert as_json["dyad"] == "RUS>POL"
    with Ledger(own_ledger_path) as opened:
        assert View(opened).counts()["articles"] == 1


def test_brief_goes_on_where_a_story_fails(run, story, binary):
    code, out, err = run("brief", story, binary, "--ledger", ":memory:")
    assert code == 1
    assert out.startswith("Does Russia mean it?")
    assert_one_line(err, "bad.bin")


def test_bad_dyad_writes_nothing(run, story, own_ledger_path):
    assert run("brief", story, "--dyad", "RUS:RUS")[0] == 2
    assert not own_ledger_path.exists()


def test_as_of_before_the_story_is_wrong_use(run, story):
    code, _, err = run("brief", story, "--published-on", "2014-11-05", "--as-of", "2014-01-01", "--ledger", ":memory:")
    assert code == 2
    assert_one_line(err, "--as-of")


def test_ledger_that_cannot_be_used_is_exit_4(run, story, tmp_path):
    (tmp_path / "text.duckdb").write_text("no ledger " * 500)
    for words in (
        ["brief", story],
        ["add", story],
        ["ledger", "show"],
        ["ledger", "undo", "1", "--who", "A", "--why", "B"],
    ):
        code, out, err = run(*words, "--ledger", tmp_path / "text.duckdb")
        assert (code, out) == (4, "")
        assert_one_line(err, "not a ledger")


def test_add_show_correct_undo(run, story, own_ledger_path):
    code, out, _ = run("add", story, "--published-on", "2014-11-05", "--json")
    assert code == 0
    added = json.loads(out)
    assert [added[count] for count in ("stories", "new", "known", "failed")] == [1, 1, 0, 0]
    again = json.loads(run("add", story, "--published-on", "2014-11-05", "--json")[1])
    assert [again[count] for count in ("stories", "new", "known", "failed")] == [1, 0, 1, 0]
    assert "1 articles" in run("ledger", "show")[1]
    rows = json.loads(run("ledger", "show", "RUS:POL", "--json")[1])
    offer = next(row for row in rows if row["kind"] == "overture")
    assert offer["words"].startswith("Russia is ready")
    assert json.loads(run("ledger", "show", "RUS:POL", "--json", "--as-of", "2014-11-04")[1]) == []

    correct = ["ledger", "correct", offer["overture_id"], "grade", "wish", "--who", "A. Editor", "--why", "no measure"]
    assert json.loads(run(*correct, "--json")[1]) == {"correction_id": 1}

    def grade():
        return next(line for line in run("ledger", "show", "RUS:POL")[1].splitlines() if offer["overture_id"] in line)

    assert "overture, wish" in grade()
    shown = json.loads(run("ledger", "show", "--corrections", "--json")[1])
    assert (shown[0]["who"], shown[0]["why"], shown[0]["field"]) == ("A. Editor", "no measure", "grade")
    code, out, _ = run("ledger", "undo", "1", "--who", "B", "--why", "it names one")
    assert (code, out) == (0, "correction 1 taken back by 2\n")
    assert "overture, wish" not in grade()
    code, _, err = run("ledger", "undo", "1", "--who", "B", "--why", "again")
    assert code == 4
    assert_one_line(err, "already")


@pytest.mark.parametrize(
    ("record", "field", "value", "code"),
    [("nothing", "grade", "wish", 4), ("2014-07-31-eu-sectoral", "factuality", "maybe", 2),
     ("2014-07-31-eu-sectoral", "colour", "red", 2), ("2014-07-31-eu-sectoral", "factuality", "alleged", 0)],
)  # fmt: skip
def test_corrections_of_the_chronology(run, record, field, value, code):
    assert run("ledger", "show")[0] == 0
    found, _, err = run("ledger", "correct", record, field, value, "--who", "A", "--why", "B")
    assert found == code
    assert (err == "") == (code == 0)


def test_who(run):
    code, out, _ = run("who", "Lavrov", "--on", "2014-09-29", "--json")
    assert code == 0
    rows = json.loads(out)
    assert {"name", "office", "kind", "of", "from", "to", "acting", "basis", "reference"} == set(rows[0])
    assert (rows[0]["name"], rows[0]["kind"], rows[0]["of"]) == ("Sergey Lavrov", "foreign_minister", "RUS")
    assert (
        json.loads(run("who", "--office", "foreign minister", "--of", "RUS", "--on", "2014-09-29", "--json")[1]) == rows
    )
    assert json.loads(run("who", "Nobody Known", "--json")[1]) == []
    assert "Sergey Lavrov" in run("who", "Lavrov", "--on", "2014-09-29")[1]


def test_members(run):
    rows = json.loads(run("members", "EU", "--on", "2014-09-30", "--json")[1])
    assert len(rows) == 28
    assert set(rows[0]) == {"code", "name", "from", "to"}
    assert "GBR" in {row["code"] for row in rows}
    assert "GBR" not in run("members", "EU", "--on", "2021-01-01")[1]


# In a process of its own: what the shell sees.


def start(*words, **options):
    command = [sys.executable, "-c", "from olivebranch.surfaces.cli import main; main()", *map(str, words)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", **options
    )


def test_exit_codes_reach_the_shell(binary):
    shell = start("read", binary)
    _, err = shell.communicate(timeout=60)
    assert shell.returncode == 3
    assert_one_line(err, "bad.bin")


def test_locked_ledger_is_exit_4(own_ledger_path):
    with Ledger(own_ledger_path):
        shell = start("ledger", "show")
        _, err = shell.communicate(timeout=60)
    assert shell.returncode == 4
    assert_one_line(err, "another process")


def test_interrupt_is_exit_130_and_what_was_read_is_printed(story, tmp_path):
    """A pipe that nobody writes to holds the second story back, so that the interrupt comes after the first."""
    os.mkfifo(tmp_path / "pipe")
    shell = start("read", story, tmp_path / "pipe", "--jsonl")
    assert json.loads(shell.stdout.readline())["overtures"]
    shell.send_signal(signal.SIGINT)
    _, err = shell.communicate(timeout=60)
    assert shell.returncode == 130
    assert err == "olivebranch: interrupted; what was finished is kept\n"


def test_output_survives_a_plain_locale():
    shell = start("who", "Lavrov", "--on", "2014-09-29", env=os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    out, err = shell.communicate(timeout=60)
    assert (shell.returncode, err) == (0, "")
    assert "Lavrov" in out
