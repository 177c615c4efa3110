"""Runs over corpora: every way gives the same ledger; what stops a run, stops only that run; a bad story fails alone."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from corpus_readers import (
    make_stories,
    make_story,
    read_and_die_once,
    read_and_tell_node,
    read_plainly,
    read_slowly,
    read_with_accidents,
)
from olivebranch import corpus_runs, settings
from olivebranch.corpus_runs import CorpusReport, Reader, add_corpus, choose_reader, read_by_version
from olivebranch.errors import EmptyStory, LedgerError, MissingExtra, UsageError, WeightsError
from olivebranch.intake import IntakeFailure
from olivebranch.ledger import Ledger

TABLES = ("articles", "facts", "overtures", "criteria", "outcomes", "coverage", "corrections", "chronologies")
COUNT = 16
PLAIN = Reader(read_plainly, "1")


def dump(ledger):
    """Every row of every table; only the clock of writing is left out."""
    rows = {}
    for table in TABLES:
        kept = [name for _, name, *_ in ledger.rows(f"PRAGMA table_info('{table}')") if name != "recorded_at"]
        rows[table] = ledger.rows(f"SELECT {', '.join(kept)} FROM {table} ORDER BY ALL")
    return rows


def counts(report):
    return report.new, report.known, report.failed


@pytest.fixture(scope="module")
def unbroken():
    """The ledger of one undisturbed run in one process."""
    with Ledger() as ledger:
        assert counts(add_corpus(make_stories(COUNT), ledger, PLAIN)) == (COUNT, 0, 0)
        return dump(ledger)


def test_what_the_order_decides_is_in_the_corpus(unbroken):
    """Else the tests below would compare too little: states that hang on earlier rows, a story told twice."""
    states = {row[-3] for row in unbroken["overtures"]}
    assert "unknown" in states
    assert len(states) > 1
    assert len({row[1] for row in unbroken["articles"]}) == COUNT - 1


def test_workers_that_finish_out_of_order_give_the_same_ledger(ledger, unbroken):
    report = add_corpus(make_stories(COUNT), ledger, Reader(read_slowly, "1"), workers=2, stories_at_once=3)
    assert counts(report) == (COUNT, 0, 0)
    assert dump(ledger) == unbroken


def test_second_run_reads_nothing(ledger, unbroken):
    add_corpus(make_stories(COUNT), ledger, PLAIN)
    assert counts(add_corpus(make_stories(COUNT), ledger, Reader(read_with_accidents, "1"))) == (0, COUNT, 0)
    killing = Reader(partial(read_slowly, seconds="never read"), "1")
    assert counts(add_corpus(make_stories(COUNT), ledger, killing)) == (0, COUNT, 0)
    assert dump(ledger) == unbroken


def test_newer_reader_reads_again_and_only_then(ledger):
    add_corpus(make_stories(4), ledger, PLAIN)
    assert counts(add_corpus(make_stories(4), ledger, Reader(read_plainly, "2"))) == (0, 4, 0)
    failing = Reader(partial(read_slowly, seconds="never read"), "2")
    assert counts(add_corpus(make_stories(4), ledger, failing)) == (0, 4, 0)
    assert counts(add_corpus(make_stories(4), ledger, Reader(failing.read, "3"))) == (0, 0, 4)


def test_story_given_with_another_day_is_another_reading(ledger):
    add_corpus([make_story(1)], ledger, PLAIN)
    moved = make_story(1).model_copy(update={"published_on": make_story(2).published_on})
    assert counts(add_corpus([moved, moved], ledger, PLAIN)) == (1, 1, 0)
    assert ledger.rows("SELECT published_on FROM articles") == [(moved.published_on,)]


def test_one_id_with_two_texts_keeps_the_last(ledger):
    one, two = make_story(1), make_story(1, "Envoys of Poland left the hall before anything was signed.")
    for _ in range(2):
        add_corpus([one, two], ledger, PLAIN)
        assert ledger.rows("SELECT text FROM articles") == [(two.text,)]


@pytest.mark.parametrize("workers", [None, 2])
def test_bad_story_fails_alone(ledger, workers):
    stories = [make_story(1), make_story(2, "This one raises."), IntakeFailure("f.txt", EmptyStory("f.txt: is empty"))]
    report = add_corpus([*stories, make_story(3)], ledger, Reader(read_with_accidents, "1"), workers=workers)
    assert counts(report) == (2, 0, 2)
    assert sorted(report.failures) == [
        ("f.txt", "f.txt: is empty"),
        ("n002", "story n002 (“This one raises.”): ValueError: no head"),
    ]
    assert ledger.rows("SELECT article_id FROM articles ORDER BY 1") == [("n001",), ("n003",)]


def test_story_that_kills_its_worker_fails_alone(ledger):
    stories = [make_story(1), make_story(2, "This one kills."), *(make_story(number) for number in range(3, 9))]
    report = add_corpus(stories, ledger, Reader(read_with_accidents, "1"), workers=2)
    assert counts(report) == (7, 0, 1)
    assert report.failures[0][1] == "story n002 (“This one kills.”): the process that read it died 2 times (SIGKILL)"


def test_worker_killed_once_loses_nothing(ledger, tmp_path):
    stories = [make_story(1), make_story(2, "This one kills."), make_story(3)]
    reader = Reader(partial(read_and_die_once, folder=tmp_path), "1")
    assert counts(add_corpus(stories, ledger, reader, workers=1)) == (3, 0, 0)


def test_error_of_ours_stops_the_run(ledger):
    """Where weights are missing every story would fail; one message is better than a million."""

    def stop(article):
        raise WeightsError("no weights here")

    with pytest.raises(WeightsError):
        add_corpus([make_story(1)], ledger, Reader(stop, "1"))


def test_only_so_many_failures_are_listed(monkeypatch):
    monkeypatch.setattr(corpus_runs, "MAX_LISTED", 2)
    report = CorpusReport()
    for number in range(5):
        report.fail(str(number), "no")
    assert (report.failed, len(report.failures)) == (5, 2)


def test_stories_are_streamed(ledger):
    """Never more than a few are out of the source and not yet answered."""
    drawn, ahead = 0, []

    def draw():
        nonlocal drawn
        for story in make_stories(COUNT):
            drawn += 1
            yield story

    reader = Reader(read_plainly, "1")
    add_corpus(draw(), ledger, reader, stories_at_once=1, progress=lambda report: ahead.append(drawn - report.new))
    assert max(ahead) <= 1


def test_failed_write_keeps_what_was_committed_and_the_next_run_goes_on(ledger, unbroken, monkeypatch):
    class Full(corpus_runs.Writer):
        def add_reading(self, reading, *words, **named):
            if reading.article.id == "n007":
                raise LedgerError("the disk is full")
            return super().add_reading(reading, *words, **named)

    monkeypatch.setattr(corpus_runs, "Writer", Full)
    with pytest.raises(LedgerError):
        add_corpus(make_stories(COUNT), ledger, PLAIN, stories_at_once=3)
    assert ledger.rows("SELECT count(*) FROM articles") == [(6,)]
    monkeypatch.undo()
    assert counts(add_corpus(make_stories(COUNT), ledger, PLAIN)) == (COUNT - 6, 6, 0)
    assert dump(ledger) == unbroken


SLOW_RUN = f"""
import sys
from corpus_readers import make_stories, read_slowly
from olivebranch.corpus_runs import Reader, add_corpus
from olivebranch.ledger import Ledger
with Ledger(sys.argv[1]) as ledger:
    add_corpus(make_stories({COUNT}), ledger, Reader(read_slowly, "1"), workers=2, stories_at_once=2,
               progress=lambda report: print(report.new, flush=True))
"""


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT], ids=["SIGKILL", "Ctrl-C"])
def test_stopped_run_goes_on_where_it_was(tmp_path, unbroken, stop):
    """The whole group gets the signal of a Ctrl-C, as from a terminal; a SIGKILL hits only the one that writes."""
    path = tmp_path / "stopped.duckdb"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", SLOW_RUN, str(path)]
    shell = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    told = next(int(line) for line in shell.stdout if int(line) >= 4)
    if stop is signal.SIGINT:
        os.killpg(shell.pid, stop)
    else:
        shell.send_signal(stop)
    _, err = shell.communicate(timeout=300)
    assert shell.returncode != 0
    assert err.count("Traceback") == (stop is signal.SIGINT)  # of the one that writes; workers end in silence
    with Ledger(path) as ledger:
        kept = ledger.rows("SELECT count(*) FROM articles")[0][0]
        assert told <= kept < COUNT
        assert counts(add_corpus(make_stories(COUNT), ledger, PLAIN)) == (COUNT - kept, kept, 0)
        assert dump(ledger) == unbroken


@pytest.mark.parametrize(
    ("words", "message"), [({"workers": 0}, "1 or more"), ({"workers": 2, "ray": "local"}, "one of them")]
)
def test_wrong_ways(ledger, words, message):
    with pytest.raises(UsageError, match=message):
        add_corpus([make_story(1)], ledger, PLAIN, **words)


def test_without_ray_the_extra_is_named(ledger, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"olivebranch\[ray\]"):
        add_corpus([make_story(1)], ledger, PLAIN, ray="local")


def test_reader_is_named_by_all_that_decides_a_reading():
    assert choose_reader(None).version == choose_reader(settings.CODER).version
    assert choose_reader("rules").version != choose_reader("trained").version
    with pytest.raises(UsageError, match="coders are"):
        choose_reader("poet")


def test_other_reader_on_a_node_is_refused():
    with pytest.raises(UsageError, match="install the same"):
        read_by_version(make_story(1), coder="rules", reader="0.0.1 rules 000000000000")


@pytest.fixture
def cluster(monkeypatch):
    """Two Ray nodes of one core on this machine; gives the address and what kills the second."""
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    import ray
    from ray.cluster_utils import Cluster

    small = {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False}
    started = Cluster(initialize_head=True, head_node_args=small)
    node = started.add_node(num_cpus=1, object_store_memory=80_000_000)
    yield started.address, lambda: started.remove_node(node, allow_graceful=False)
    ray.shutdown()
    started.shutdown()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_ray_loses_and_doubles_nothing_where_a_node_dies(ledger, unbroken, tmp_path, cluster):
    address, kill_node = cluster
    marks, killed = tmp_path / "marks", []
    marks.mkdir()

    def kill_in_the_middle(report):
        nodes = {path.name.split()[1] for path in marks.iterdir()}
        if len(nodes) == 2 and not killed:
            killed.append(report.new)
            kill_node()

    reader = Reader(partial(read_and_tell_node, folder=marks, seconds=0.5), "1")
    report = add_corpus(
        make_stories(COUNT), ledger, reader, ray=address, stories_at_once=1, progress=kill_in_the_middle
    )
    assert killed
    assert killed[0] < COUNT
    assert counts(report) == (COUNT, 0, 0)
    assert dump(ledger) == unbroken
    assert len(list(marks.iterdir())) > COUNT  # what the dead node was reading was read again


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_ray_address_without_a_cluster_is_wrong_use(ledger):
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    with pytest.raises(UsageError, match="no Ray cluster"):
        add_corpus([make_story(1)], ledger, PLAIN, ray="no such place")
