"""Reads many stories at once and gives the readings in the order of the stories: here, in processes, or on Ray."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Lock
from typing import Any

from olivebranch.errors import MissingExtra, OlivebranchError, UsageError
from olivebranch.records import Article, Reading

Read = Callable[[Article], Reading]
"""What reads a story. A function of a module, or a `partial` of one: it travels to other processes."""

AHEAD = 16
"""Stories handed out for each that is being read: enough that none waits behind a long one, few enough for memory."""

TRIES = 2
"""How often a story is read whose process died: the first death may have been another's fault (memory, a reboot)."""

NODE_DEATHS = 3
"""How often Ray reads a story again whose node or process died."""

LOCAL = "local"
OBJECT_STORE = 200_000_000
"""Bytes of shared memory of a cluster of our own; Ray would take a third of the machine's."""


@dataclass(frozen=True, slots=True)
class ReadingFailure:
    """Why a story has no reading: the reader raised, or the process that read it died."""

    why: str


Answer = Reading | ReadingFailure


@dataclass(frozen=True, slots=True)
class Way:
    """A way to read: `submit` hands a story over and gives what waits for its answer; `window` stories at most wait."""

    submit: Callable[[Article], Callable[[], Answer]]
    window: int


def iter_answers(way: Way, articles: Iterable[Article]) -> Iterator[tuple[Article, Answer]]:
    """Each article with its reading, or why it has none, in the order of the articles.

    Raises:
        OlivebranchError: no story can be read this way: weights are missing, a node has another olivebranch.
    """
    waiting: deque[tuple[Article, Callable[[], Answer]]] = deque()
    for article in articles:
        waiting.append((article, way.submit(article)))
        if len(waiting) >= way.window:
            oldest, answer = waiting.popleft()
            yield oldest, answer()
    for article, answer in waiting:
        yield article, answer()


@contextmanager
def open_way(read: Read, *, workers: int | None = None, ray: str | None = None) -> Iterator[Way]:
    """The way to read: in this process; in so many worker processes; on the Ray cluster of an address, or `local`.

    Raises:
        UsageError: both are asked for, a number of workers under 1, or no cluster at that address.
        MissingExtra: Ray is not installed.
    """
    if ray is not None and workers is not None:
        raise UsageError("stories are read by --workers or on --ray; give one of them")
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers cannot read; give 1 or more")
    if ray is not None:
        with _on_ray(read, ray) as way:
            yield way
    elif workers is not None:
        with _WorkerPool(read, workers) as pool:
            yield Way(pool.submit, AHEAD * workers)
    else:
        yield Way(lambda article: partial(_try_read, read, article), 1)


def _try_read(read: Read, article: Article) -> Answer:
    """A story that breaks the reader fails alone; an error of ours would meet every story, so it stops the run."""
    try:
        return read(article)
    except OlivebranchError:
        raise
    except Exception as error:
        return ReadingFailure(_first_line(error))


def _answer_elsewhere(read: Read, article: Article) -> Answer | OlivebranchError:
    """The answer of a process that reads for another: one core each, and errors of ours as values."""
    os.environ.setdefault("OLIVEBRANCH_THREADS", "1")
    try:
        return _try_read(read, article)
    except OlivebranchError as error:
        return error


def _raise_ours(answer: Answer | OlivebranchError) -> Answer:
    if isinstance(answer, OlivebranchError):
        raise answer
    return answer


def _serve(connection: Connection) -> None:
    """A worker's life: first the reader, then a story in, an answer out, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the one that writes ends the run
    with suppress(EOFError, OSError):
        read: Read = connection.recv()
        while True:
            connection.send(_answer_elsewhere(read, connection.recv()))


class _Worker:
    """A process that reads one story at a time. A pipe of its own tells which story it held when it died."""

    def __init__(self, read: Read) -> None:
        context = get_context("spawn")  # a fork would copy the ledger's open file and DuckDB's threads
        self.connection, other = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(other,), daemon=True)
        self.process.start()
        other.close()
        self.connection.send(read)

    def ask(self, article: Article) -> Answer | OlivebranchError:
        """The answer; EOFError or OSError where the process has died."""
        self.connection.send(article)
        answer: Answer | OlivebranchError = self.connection.recv()
        return answer

    def end(self) -> int | None:
        """Ends the process; gives its exit code, negative for the signal that killed it."""
        self.connection.close()
        self.process.join(0.5)
        self.process.kill()
        self.process.join()
        return self.process.exitcode


class _WorkerPool:
    """Worker processes, each asked by a thread of its own; one that dies is replaced."""

    def __init__(self, read: Read, workers: int) -> None:
        self._read = read
        self._threads = ThreadPoolExecutor(workers, "reader")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._all: set[_Worker] = set()
        self._lock = Lock()
        self._is_closed = False
        for _ in range(workers):
            self._idle.put(self._start())

    def submit(self, article: Article) -> Callable[[], Answer]:
        future = self._threads.submit(self._ask, article)
        return lambda: _raise_ours(future.result())

    def _ask(self, article: Article) -> Answer | OlivebranchError:
        worker = self._idle.get()
        try:
            for _ in range(TRIES):
                try:
                    return worker.ask(article)
                except (EOFError, OSError):
                    exit_code = worker.end()
                    worker = self._start(instead=worker)
            return ReadingFailure(f"the process that read it died {TRIES} times ({_name_exit(exit_code)})")
        finally:
            self._idle.put(worker)

    def _start(self, instead: _Worker | None = None) -> _Worker:
        """A new worker; once the pool is closed there is none, and the story is given up."""
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the pool is closed")
            worker = _Worker(self._read)
            self._all = self._all - {instead} | {worker}
        return worker

    def __enter__(self) -> "_WorkerPool":
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody waits for the stories still being read: the processes are ended, which frees their threads."""
        with self._lock:
            self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._all:
            worker.process.kill()
        self._threads.shutdown(wait=True)
        for worker in self._all:
            worker.end()


@contextmanager
def _on_ray(read: Read, address: str) -> Iterator[Way]:
    """Every story is one task; Ray itself runs it again where a node or its process dies."""
    try:
        ray: Any = import_module("ray")
    except ImportError as error:
        raise MissingExtra.needed_for("reading on a Ray cluster", "ray") from error

    is_ours = not ray.is_initialized()
    if is_ours:
        _join_cluster(ray, address)
    try:
        task = ray.remote(num_cpus=1, max_retries=NODE_DEATHS)(_answer_elsewhere)
        reader = ray.put(read)
        cores = int(ray.cluster_resources().get("CPU", 1))
        yield Way(lambda article: partial(_fetch, ray, task.remote(reader, article)), AHEAD * max(1, cores))
    finally:
        if is_ours:
            ray.shutdown()


def _join_cluster(ray: Any, address: str) -> None:
    """Starts a cluster of this machine's cores, or joins one.

    Raises:
        UsageError: there is none at that address.
    """
    quiet = {"log_to_driver": False, "logging_level": "error"}
    try:
        if address == LOCAL:
            ray.init(address=LOCAL, include_dashboard=False, object_store_memory=OBJECT_STORE, **quiet)
        else:
            ray.init(address=address, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        why = _first_line(error)
        raise UsageError(f"no Ray cluster at '{address}' ({why}); start one, or say --ray local") from error


def _fetch(ray: Any, reference: Any) -> Answer:
    try:
        answer: Answer | OlivebranchError = ray.get(reference)
    except ray.exceptions.RayError as error:
        return ReadingFailure(f"the process that read it died {NODE_DEATHS + 1} times ({_first_line(error)})")
    return _raise_ours(answer)


def _name_exit(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
