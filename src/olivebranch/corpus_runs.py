"""Puts whole corpora of stories into a ledger: read any way, written by one writer in the order of the corpus."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from time import monotonic

from olivebranch import __version__, settings
from olivebranch.analysis.criteria import fix_criteria
from olivebranch.analysis.dyads import fix_states
from olivebranch.codebook.cache import hash_tables
from olivebranch.errors import UsageError
from olivebranch.extraction.coders import CODERS
from olivebranch.extraction.weights import MANIFEST, weights_folder
from olivebranch.intake import IntakeFailure
from olivebranch.ledger import Ledger, Writer
from olivebranch.pipeline import read_article
from olivebranch.records import Article, Reading
from olivebranch.workers import Answer, Read, iter_answers, open_way

STORIES_AT_ONCE = 32
SECONDS_AT_ONCE = 10.0
"""A transaction is written once so many stories are read, or so many seconds after the last one."""

MAX_LISTED = 1000
"""Failures that a report lists; it counts all."""

READER_ROOMS = ("text", "extraction")
READER_FILES = ("pipeline.py", "records.py", "settings.py")
"""What, beside the codebook, decides how a story is read."""


@dataclass
class CorpusReport:
    """What became of the stories: `new` were written (new, or read otherwise than before), `known` changed nothing.

    `failures` are (story, message), the first MAX_LISTED of them; a message names its story.
    """

    new: int = 0
    known: int = 0
    failed: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def stories(self) -> int:
        """All stories met so far."""
        return self.new + self.known + self.failed

    def fail(self, story: str, message: str) -> None:
        """Counts a failure, and lists it while there is room."""
        self.failed += 1
        if len(self.failures) < MAX_LISTED:
            self.failures.append((story, message))


@dataclass(frozen=True, slots=True)
class Reader:
    """A function that reads a story, and the version that tells its readings from another reader's."""

    read: Read
    version: str

    def fingerprint(self, article: Article) -> str:
        """Equal only where the same story, with the same title, outlet and day given, is read by the same reader."""
        return sha256(f"{self.version}\n{article.model_dump_json()}".encode("utf-8", "surrogatepass")).hexdigest()


def choose_reader(coder: str | None = None) -> Reader:
    """The reader of this coder (None is `settings.CODER`).

    Raises:
        UsageError: no coder of that name.
    """
    coder = coder or settings.CODER
    if coder not in CODERS:
        raise UsageError(f"there is no coder '{coder}'; coders are {', '.join(CODERS)}")
    read_version = reader_version(coder)
    return Reader(partial(read_by_version, coder=coder, reader=read_version), read_version)


def read_by_version(article: Article, *, coder: str, reader: str) -> Reading:
    """`read_article`, refused on a machine where it would read otherwise.

    Raises:
        UsageError: the olivebranch here is not that of the process that writes.
    """
    if reader_version(coder) != reader:
        raise UsageError(
            f"a worker has olivebranch {reader_version(coder)}, not {reader}; install the same on all nodes"
        )
    return read_article(article, coder=coder)


@cache
def reader_version(coder: str) -> str:
    """Names the reader: release, coder, and a hash of the code, tables, parser and weights that decide a reading."""
    package = files("olivebranch")
    code = [file for room in READER_ROOMS for file in (package / room).iterdir() if file.name.endswith(".py")]
    code += [package / name for name in READER_FILES]
    found = sha256(hash_tables())
    for file in sorted(code, key=lambda file: file.name):
        found.update(file.read_bytes())
    for name in ("spacy", settings.SPACY_MODEL.replace("_", "-")):
        found.update(version(name).encode())
    if coder != "rules" and (weights_folder() / MANIFEST).is_file():
        found.update((weights_folder() / MANIFEST).read_bytes())
    return f"{__version__} {coder} {found.hexdigest()[:12]}"


def add_corpus(
    stories: Iterable[Article | IntakeFailure],
    ledger: Ledger,
    reader: Reader,
    *,
    workers: int | None = None,
    ray: str | None = None,
    stories_at_once: int = STORIES_AT_ONCE,
    progress: Callable[[CorpusReport], None] = lambda report: None,
) -> CorpusReport:
    """Reads stories into the ledger: here, in `workers` processes, or on the Ray cluster at `ray` (`local` starts one).

    The ledger is the same whichever way the stories are read: they are written in the order given, many in one
    transaction. A story that the ledger holds by this very reader is not read again, so a run that was stopped, or
    killed, goes on where it was. A story that cannot be read, or that kills its reader, is told in the report.

    Raises:
        UsageError: workers under 1, workers and Ray at once, no such cluster, or one with another olivebranch.
        MissingExtra: Ray is not installed.
        WeightsError: the trained weights are missing or damaged.
        LedgerError: the ledger cannot be written; what was committed is kept.
    """
    report = CorpusReport()
    batch = _Batch(ledger, reader, report)
    with open_way(reader.read, workers=workers, ray=ray) as way:
        try:
            for article, answer in iter_answers(way, batch.iter_unread(stories)):
                batch.add(article, answer)
                if len(batch.readings) >= stories_at_once or batch.is_due():
                    batch.write()
                progress(report)
        except KeyboardInterrupt:
            batch.write()
            raise
        batch.write()
    progress(report)
    return report


class _Batch:
    """What was taken from the corpus and is not yet in the ledger."""

    def __init__(self, ledger: Ledger, reader: Reader, report: CorpusReport) -> None:
        self.readings: list[tuple[Article, Reading]] = []
        self._ledger, self._reader, self._report = ledger, reader, report
        self._writer = Writer(ledger)
        self._written_at = monotonic()
        self._open: Counter[str] = Counter()

    def iter_unread(self, stories: Iterable[Article | IntakeFailure]) -> Iterator[Article]:
        """The stories that must be read; the others are counted.

        Of one id with two texts the later stays, so where the earlier is still open the later is not taken as known.
        """
        for story in stories:
            if isinstance(story, IntakeFailure):
                self._report.fail(story.name, str(story.error))
            elif not self._open[story.id] and self._writer.holds(story.id, self._reader.fingerprint(story)):
                self._report.known += 1
            else:
                self._open[story.id] += 1
                yield story

    def add(self, article: Article, answer: Answer) -> None:
        """Keeps a reading until the next `write`; counts a failure."""
        if isinstance(answer, Reading):
            self.readings.append((article, answer))
        else:
            self._report.fail(article.id, f"{_name_story(article)}: {answer.why}")
            self._close([article])

    def is_due(self) -> bool:
        """Whether the last writing is long ago."""
        return monotonic() - self._written_at >= SECONDS_AT_ONCE

    def write(self) -> None:
        """One transaction; each story is counted once it is kept."""
        new = 0
        with self._ledger.transaction():
            for article, reading in self.readings:
                criteria, states = fix_criteria(reading), fix_states(reading, self._ledger)
                fingerprint = self._reader.fingerprint(article)
                new += self._writer.add_reading(reading, criteria, states, fingerprint=fingerprint)
        self._report.new += new
        self._report.known += len(self.readings) - new
        self._close(article for article, _ in self.readings)
        self.readings.clear()
        self._written_at = monotonic()

    def _close(self, articles: Iterable[Article]) -> None:
        self._open.subtract(article.id for article in articles)
        self._open = +self._open


def _name_story(article: Article) -> str:
    words = " ".join((article.title or article.text).split())
    return f"story {article.id} (“{words[:60]}{'…' if len(words) > 60 else ''}”)"
