"""Trains the event coder: which PLOVER root a marked pair has, and how real a marked act is.

    python -m training.events folds PLV.tsv OUT_DIR      five folds grouped by sentence; predictions for the scorer
    python -m training.events ship PLV.tsv OUT.pt        on everything, for shipping

One encoder with three heads. Own sentences come first (they hold rare roots, NONE and the split of YIELD into words and
deeds), then the rows of PLV with a share of the own ones kept in.
"""

import argparse
import csv
import hashlib
import json
import math
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch import Tensor, nn

from olivebranch.codebook import load_codebook
from olivebranch.extraction.actors import find_actors
from olivebranch.extraction.marked import Marked, mark_nothing, mark_pair, mark_trigger
from olivebranch.extraction.pair_questions import Question, read_question, weigh_roots
from olivebranch.extraction.pair_reading import candidates
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.pieces import WordPieces
from olivebranch.extraction.word_uses import words_for
from olivebranch.records import Article
from olivebranch.text import make_document
from training.encoders import ENCODERS, vocabulary_file

ROOTS = (
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE"
    " COERCE ASSAULT NONE"
).split()
GRADES = "none wish conditional specific step".split()
KINDS = "asserted alleged denied planned conditional wished called-for".split()
HEADS = ("root", "kind", "grade")
SPLIT = {"YIELD": ("CONCEDE", "RETREAT")}
"""What PLV calls by one name and PLOVER's later tables by two."""
SYMMETRIC = frozenset({"AGREE", "CONSULT", "COOPERATE", "NONE"})
DATA = Path(__file__).parent / "data"
SEED = 11


@dataclass(frozen=True)
class Row:
    """A marked sentence with the answers that count as right."""

    marked: Marked
    labels: tuple[int, ...]
    head: str
    group: str = ""
    uid: str = ""


def pair_row(question: Question, root: str, maker: WordPieces, *, group: str = "", uid: str = "") -> Row:
    """A row for the root head."""
    labels = tuple(ROOTS.index(name) for name in SPLIT.get(root, (root,)))
    return Row(mark_pair(question.text, question.actor, question.recipient, maker), labels, "root", group, uid)


def read_plv(path: Path, maker: WordPieces) -> list[Row]:
    """PLV's rows by their sentence, sides and root; rows of one sentence share a group."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        pair_row(read_question(r), r["gold_root"], maker, group=r["sentence"], uid=r.get("uid") or str(n))
        for n, r in enumerate(rows)
    ]


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, none where it is not there."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def is_held(text: str) -> bool:
    """Whether a text is of the quarter that the folds' models never see: for tuning and calibration."""
    return hashlib.sha256(text.encode()).digest()[0] % 4 == 0


def read_own(maker: WordPieces, *, which: str = "all") -> list[Row]:
    """The project's own sentences for all heads: all, or those `seen`, or those `held` out by `is_held`."""
    wanted = {"all": (True, False), "seen": (False,), "held": (True,)}[which]
    lines = lambda name: (line for line in read_lines(DATA / name) if is_held(line["text"]) in wanted)  # noqa: E731
    rows = [
        pair_row(read_question({"marked_sentence": line["marked"]}), line["root"], maker)
        for path in sorted((DATA / "event_pairs").glob("*.jsonl") if which != "held" else [])
        for line in read_lines(path)
    ]
    for line in lines("factuality.jsonl"):
        marked = mark_trigger(line["text"], tuple(line["trigger"]), maker)
        rows.append(Row(marked, (KINDS.index(str(line["factuality"])),), "kind"))
    for line in lines("overtures.jsonl"):
        rows += list(offer_rows(line, maker))
    for line in lines("events.jsonl"):
        rows += list(event_rows(line, maker))
    return rows


def offer_rows(line: dict[str, Any], maker: WordPieces) -> Iterator[Row]:
    """Each sentence of an item with the grade of the overture in it, or none."""
    for start, end in sentences_of(line["text"]):
        grades = [o["grade"] for o in line["overtures"] if o["span"][0] < end and start < o["span"][1]]
        label = GRADES.index(grades[0] if grades else "none")
        yield Row(mark_nothing(line["text"][start:end], maker), (label,), "grade")


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Sentences as the reader cuts them."""
    return [sentence.span for sentence in make_document(article_of(text, None)).sentences]


def article_of(text: str, day: str | None) -> Article:
    """A text as an article of a day."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    published = date.fromisoformat(day) if day else None
    return Article(id=digest[:8], text=text, sha256=digest, published_on=published, published_on_how="given")


def event_rows(line: dict[str, Any], maker: WordPieces) -> Iterator[Row]:
    """Every ordered pair of powers that the reader sees in a coded sentence: its root, or NONE."""
    document = make_document(article_of(line["text"], line["date"]))
    day = document.article.published_on
    actors = find_actors(document, load_codebook(), day)
    participants = Participants(document, actors, (), load_codebook())
    roots: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in line["events"]:
        for pair in product(event["actors"], event["recipients"]):
            roots[pair].add(event["type"])
    told: set[tuple[str, str]] = set()
    for sentence in document.sentences:
        start, end = sentence.span
        restricts = words_for("event_words", "restricts") & {token.lemma_.lower() for token in document.parse}
        for actor, recipient in candidates(document, participants, sentence):
            sides = (actor.actor.code, recipient.actor.code)
            if sides in told:  # the nearest naming of a pair is the one that tells of the event
                continue
            told |= {sides} if roots[sides] else set()
            spans = [(n.span[0] - start, n.span[1] - start) for n in (actor, recipient)]
            names = roots[sides] or {"NONE"}
            marked = mark_pair(line["text"][start:end], spans[0], spans[1], maker)
            # What PLV calls COERCE where states bar each other's goods and people is SANCTION in PLOVER's later tables.
            names |= {"COERCE"} if "SANCTION" in names and restricts else set()
            yield Row(marked, tuple(sorted(ROOTS.index(name) for name in names)), "root")


def swapped(row: Row) -> Row | None:
    """The pair with its sides changed over, which is no event where the act has a direction."""
    if row.head != "root" or any(ROOTS[label] in SYMMETRIC - {"NONE"} for label in row.labels):
        return None
    change = {1: 3, 2: 4, 3: 1, 4: 2}
    ids = tuple(change.get(i, i) for i in row.marked.ids)
    return Row(Marked(ids, row.marked.second_mark, row.marked.first_mark), (ROOTS.index("NONE"),), "root")


class EventModel(nn.Module):
    """Encoder with heads for roots, factuality and grades of overtures, over the marks and the sentence's mean."""

    def __init__(self, encoder: nn.Module, width: int = 384) -> None:
        super().__init__()
        self.encoder = encoder
        # The vocabulary's own vectors stay as they are; the marks' need to move, so they have a table of their own.
        self.marks = nn.Embedding(7, width, padding_idx=0)
        self.drop = nn.Dropout(0.2)
        self.mix = nn.Linear(4 * width, width)
        self.root = nn.Linear(width, len(ROOTS))
        self.kind = nn.Linear(width, len(KINDS))
        self.grade = nn.Linear(width, len(GRADES))

    def forward(self, ids: Tensor, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of roots (batch, 17), kinds (batch, 7), grades (batch, 5); ids (batch, pieces), places (batch)."""
        mask = (ids != 0).long()
        words = self.encoder.embeddings.word_embeddings(ids) + self.marks(torch.where(ids < 7, ids, 0))
        states = self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state.float()
        weight = mask.unsqueeze(-1).float()
        mean = (states * weight).sum(1) / weight.sum(1)
        pick = lambda at: states.gather(1, at.view(-1, 1, 1).expand(-1, 1, states.size(-1))).squeeze(1)  # noqa: E731
        mixed = torch.tanh(self.mix(self.drop(torch.cat([states[:, 0], mean, pick(first), pick(second)], -1))))
        mixed = self.drop(mixed)
        return self.root(mixed), self.kind(mixed), self.grade(mixed)


def pad(rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """The model's inputs."""
    width = max(len(row.marked.ids) for row in rows)
    ids = torch.tensor([[*row.marked.ids, *[0] * (width - len(row.marked.ids))] for row in rows])
    return ids, torch.tensor([r.marked.first_mark for r in rows]), torch.tensor([r.marked.second_mark for r in rows])


def loss_of(model: EventModel, rows: Sequence[Row], smoothing: float = 0.08) -> Tensor:
    """Negative log chance of the right answers together, smoothed; each row by its own head."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = dict(zip(HEADS, model(*pad(rows)), strict=True))
    total = torch.zeros(())
    for number, row in enumerate(rows):
        chance = logits[row.head][number].float().log_softmax(-1)
        total = total - (1 - smoothing) * chance[list(row.labels)].logsumexp(-1) - smoothing * chance.mean()
    return total / len(rows)


def batches(rows: list[Row], size: int, chooser: random.Random) -> Iterator[list[Row]]:
    """Random batches of about equal lengths."""
    order = sorted(chooser.sample(rows, len(rows)), key=lambda row: len(row.marked.ids) // 8)
    groups = [order[n : n + size] for n in range(0, len(order), size)]
    chooser.shuffle(groups)
    yield from groups


def fit(
    model: EventModel, rows: list[Row], epochs: int, rate: float, chooser: random.Random, *, swap: float = 0.12
) -> EventModel:
    """Fine-tunes; each epoch some directed pairs come with their sides changed over, as NONE."""
    torch.manual_seed(chooser.randrange(1_000_000))
    inner = [p for n, p in model.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    groups = [{"params": inner, "lr": rate}, {"params": heads, "lr": 10 * rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    total = epochs * math.ceil(len(rows) * (1 + swap) / 16) + 1
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / (0.1 * total), max(0.0, 1 - n / total))
    )
    started = time.time()
    for epoch in range(epochs):
        model.train()
        extra = [s for r in rows if chooser.random() < swap and (s := swapped(r)) is not None]
        seen, mean = 0, 0.0
        for group in batches(rows + extra, 16, chooser):
            loss = loss_of(model, group)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            seen, mean = seen + 1, mean + loss.item()
        print(f"  epoch {epoch + 1}/{epochs} loss {mean / seen:.3f} {time.time() - started:.0f}s", flush=True)
    return model


@torch.no_grad()
def predict(model: EventModel, rows: list[Row]) -> list[list[float]]:
    """Chances of the row's head, in order."""
    model.eval()
    found: dict[int, list[float]] = {}
    order = sorted(range(len(rows)), key=lambda n: len(rows[n].marked.ids))
    for at in range(0, len(order), 32):
        numbers = order[at : at + 32]
        logits = dict(zip(HEADS, model(*pad([rows[n] for n in numbers])), strict=True))
        for place, n in enumerate(numbers):
            found[n] = logits[rows[n].head][place].softmax(-1).tolist()
    return [found[n] for n in range(len(rows))]


def fold_of(rows: Sequence[Row], count: int = 5) -> list[int]:
    """A fold for each row, rows of one sentence together, by a seeded shuffle of the sentences."""
    groups = sorted({row.group for row in rows})
    random.Random(SEED).shuffle(groups)
    place = {group: n % count for n, group in enumerate(groups)}
    return [place[row.group] for row in rows]


def start(args: argparse.Namespace, own: list[Row], chooser: random.Random) -> EventModel:
    """The encoder after the own sentences alone."""
    model = EventModel(ENCODERS[args.encoder]())
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    print(f"own sentences: {len(own)}", flush=True)
    return fit(model, own, args.own_epochs, args.rate, chooser) if args.own_epochs else model


def second_stage(
    args: argparse.Namespace, base: dict[str, Tensor], plv: list[Row], own: list[Row], seed: int
) -> EventModel:
    """PLV's rows with a share of the own; several seeds' weights averaged where asked."""
    states = []
    for turn in range(args.seeds):
        chooser = random.Random(seed * 100 + turn)
        model = EventModel(ENCODERS[args.encoder]())
        model.load_state_dict(base)
        model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        kept = chooser.sample(own, int(args.keep * len(own)))
        fit(model, plv + kept, args.epochs, args.rate, chooser, swap=0.05)
        states.append({k: v.clone() for k, v in model.state_dict().items()})
    model.load_state_dict({k: torch.stack([s[k] for s in states]).mean(0) for k in base})
    return model


def run_folds(args: argparse.Namespace) -> None:
    """Writes a prediction for each row of PLV, made by a model that saw no row of its sentence."""
    maker = WordPieces(vocabulary_file())
    plv, own = read_plv(args.plv, maker), read_own(maker, which="seen")
    args.out.mkdir(parents=True, exist_ok=True)
    base = start(args, own, random.Random(SEED)).state_dict()
    base = {k: v.clone() for k, v in base.items()}
    torch.save(base, args.out / "own.pt")
    folds = fold_of(plv)
    with (args.out / "plv_folds.jsonl").open("w", encoding="utf-8") as file:
        for fold in range(5):
            training = [row for row, f in zip(plv, folds, strict=True) if f != fold]
            testing = [row for row, f in zip(plv, folds, strict=True) if f == fold]
            model = second_stage(args, base, training, own, fold)
            if fold == 0:
                torch.save({"weights": model.state_dict(), "encoder": args.encoder}, args.out / "fold0.pt")
                measure_own(model, read_own(maker, which="held"), args.out)
            right = 0
            for row, chances in zip(testing, predict(model, testing), strict=True):
                root = weigh_roots(dict(zip(ROOTS, chances, strict=True))).root
                gold = "YIELD" if len(row.labels) > 1 else ROOTS[row.labels[0]]
                right += root == gold
                line = {"uid": row.uid, "root": root, "gold": gold, "chances": [round(c, 4) for c in chances]}
                file.write(json.dumps(line) + "\n")
            file.flush()
            print(f"fold {fold}: {right / len(testing):.3f} right of {len(testing)}", flush=True)


def measure_own(model: EventModel, rows: list[Row], folder: Path) -> None:
    """Macro F1 and temperature of each head on own sentences that the model never saw."""
    found = {}
    for head, names in (("root", ROOTS), ("kind", KINDS), ("grade", GRADES)):
        of_head = [row for row in rows if row.head == head]
        if not of_head:
            continue
        chances = np.array(predict(model, of_head))
        guesses = [names[int(c.argmax())] for c in chances]
        golds = [g if (g := names[r.labels[0]]) and guess not in {names[n] for n in r.labels} else guess
                 for r, guess in zip(of_head, guesses, strict=True)]  # fmt: skip
        labels = np.array([r.labels[0] for r in of_head])
        found[head] = {
            "rows": len(of_head),
            "macro_f1": f1_score(golds, guesses, average="macro"),
            "accuracy": float(np.mean([g == h for g, h in zip(golds, guesses, strict=True)])),
            "temperature": fit_temperature(chances, labels),
        }
    (folder / "own.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(found, flush=True)


def fit_temperature(chances: Any, labels: Any) -> float:
    """The temperature that makes the chances likeliest, of 0.5 to 3."""
    logits = np.log(np.clip(chances, 1e-9, 1))

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        scaled = scaled - np.log(np.exp(scaled).sum(-1, keepdims=True))
        return float(-scaled[np.arange(len(labels)), labels].mean())

    return float(min(np.arange(0.5, 3.01, 0.05), key=loss))


def ship(args: argparse.Namespace) -> None:
    """Trains on everything and writes the weights."""
    maker = WordPieces(vocabulary_file())
    plv, own = read_plv(args.plv, maker), read_own(maker)
    if args.base:
        base = torch.load(args.base, weights_only=True)
    else:
        base = {k: v.clone() for k, v in start(args, own, random.Random(SEED)).state_dict().items()}
    model = EventModel(ENCODERS[args.encoder]())
    model.load_state_dict(base)
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    # The reader asks about every pair both ways, so that half of the directed rows come turned round as well.
    fit(model, [*plv, *plv, *own], args.epochs, args.rate, random.Random(SEED), swap=0.5)
    torch.save({"weights": model.state_dict(), "encoder": args.encoder}, args.out)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("folds", "ship"))
    parser.add_argument("plv", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", choices=sorted(ENCODERS), default="minilm")
    parser.add_argument("--base", type=Path, help="ship: weights after the own sentences, as the folds wrote them")
    parser.add_argument("--own-epochs", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--keep", type=float, default=0.15)
    parser.add_argument("--rate", type=float, default=8e-5)
    args = parser.parse_args()
    {"folds": run_folds, "ship": ship}[args.what](args)


if __name__ == "__main__":
    main()
