"""Trains the attribution model on PolNeAR's train articles: finds cues, then each cue's own source and content.

    python -m training.attribution POLNEAR_DIR OUT.pt [--encoder bge|minilm] [--epochs 3]

One encoder pass over windows of whole paragraphs; the first head tags cues, the second says of each (cue, word):
none, source, cue or content of this cue, and whether the cue is one at all. It is trained on cues that the first head
proposes, the wrong ones among them.
"""

import argparse
import math
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from olivebranch.extraction.attribution_model import (
    CONTENT,
    CUE,
    DISTANCES,
    NONE,
    SOURCE,
    Decoder,
    cue_inputs,
    spot_cues,
    window_inputs,
)
from olivebranch.extraction.pieces import WordPieces
from olivebranch.extraction.proposals import lines_of
from olivebranch.extraction.windows import Window, Word, make_windows
from training.encoders import ENCODERS, vocabulary_file

ROLES = {"source": SOURCE, "cue": CUE, "content": CONTENT}
CUE_CLASSES = 3
HELD_OUT = 30
"""Train articles kept for tuning the decoder and for calibration."""
SEED = 7
MOST_WRONG = 4
"""Wrong candidates of one window that a step learns from."""


@dataclass(frozen=True)
class Gold:
    """One attribution as word numbers of its window."""

    source: frozenset[int]
    cue: frozenset[int]
    content: frozenset[int]


@dataclass(frozen=True)
class Example:
    """A window with its attributions."""

    window: Window
    golds: tuple[Gold, ...]
    doc: str


# --- data ------------------------------------------------------------------------------------------------------------


def read_annotations(path: Path) -> list[dict[str, list[tuple[int, int]]]]:
    """The attributions of a brat file: role to character spans; Content2 and the like belong to content."""
    spans: dict[str, list[tuple[int, int]]] = {}
    events = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if re.match(r"T\d+$", fields[0]) and len(fields) > 1:
            places = fields[1].partition(" ")[2]
            spans[fields[0]] = [(int(a), int(b)) for a, b in (place.split() for place in places.split(";"))]
        elif re.match(r"E\d+$", fields[0]):
            events.append(fields[1])
    return [_roles(event, spans) for event in events]


def _roles(event: str, spans: dict[str, list[tuple[int, int]]]) -> dict[str, list[tuple[int, int]]]:
    roles: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for part in event.split():
        label, _, name = part.partition(":")
        role = re.sub(r"\d+$", "", label).lower()
        if role in ROLES:
            roles[role] += spans[name]
    return roles


def read_articles(folder: Path, split: str) -> Iterator[tuple[str, str, list[dict[str, list[tuple[int, int]]]]]]:
    """(name, text, attributions) of each article, by its alphabetically first annotator."""
    files: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((folder / split / "attributions").glob("*.ann")):
        files[re.sub(r"_[0-9a-f]+$", "", path.stem)].append(path)
    for path in sorted((folder / split / "text").glob("*.txt")):
        with path.open(encoding="utf-8", newline="") as file:
            yield path.stem, file.read(), read_annotations(files[path.stem][0])


def make_examples(folder: Path, split: str, maker: WordPieces) -> list[Example]:
    """Every window of a split with the attributions whose cue stands in it."""
    examples = []
    for name, text, attributions in read_articles(folder, split):
        for window in make_windows(text, lines_of(text), maker):
            golds = tuple(gold for a in attributions if (gold := _gold(a, window.words)) is not None)
            examples.append(Example(window, golds, name))
    return examples


def _gold(attribution: dict[str, list[tuple[int, int]]], words: Sequence[Word]) -> Gold | None:
    first, last = words[0].start, words[-1].end
    if not attribution["cue"] or not first <= attribution["cue"][0][0] < last:
        return None
    found = {role: _word_numbers(attribution[role], words) for role in ROLES}
    return Gold(**found) if found["cue"] else None


def _word_numbers(spans: Sequence[tuple[int, int]], words: Sequence[Word]) -> frozenset[int]:
    return frozenset(n for n, w in enumerate(words) if any(s < w.end and w.start < e for s, e in spans))


# --- model -----------------------------------------------------------------------------------------------------------


def distance_bucket(offset: Tensor) -> Tensor:
    """Signed distances in words to one of `DISTANCES` buckets, fine near the cue and coarse far off."""
    size = offset.abs()
    step = torch.where(size < 6, size, (6 + torch.log2(size.clamp(min=6).float() / 6) * 2.2).long()).clamp(max=15)
    return torch.where(offset < 0, step + 16, step)


class AttributionModel(nn.Module):
    """Encoder, cue tagger, and the head that gives each cue its source and content."""

    def __init__(self, encoder: nn.Module, width: int = 384, hidden: int = 192) -> None:
        super().__init__()
        self.encoder = encoder
        self.case = nn.Embedding(5, width)
        self.quote = nn.Embedding(3, width)
        nn.init.normal_(self.case.weight, std=0.02)
        nn.init.normal_(self.quote.weight, std=0.02)
        self.drop = nn.Dropout(0.15)
        self.cue_mix = nn.Conv1d(width, 192, 3, padding=1)
        self.cue_tag = nn.Linear(192, CUE_CLASSES)
        self.word = nn.Linear(width, hidden)
        self.of_cue = nn.Linear(3 * width, hidden)
        self.distance = nn.Embedding(DISTANCES, hidden)
        self.apart = nn.Embedding(8, hidden)
        self.marks = nn.Linear(8, hidden)
        self.mix = nn.ModuleList([nn.Conv1d(hidden, hidden, 5, padding=2) for _ in range(3)])
        self.role = nn.Linear(hidden, 4)
        self.valid = nn.Sequential(nn.Linear(hidden + 3 * width, 128), nn.GELU(), nn.Linear(128, 1))

    def encode(self, ids: Tensor, case: Tensor, quote: Tensor, first: Tensor) -> Tensor:
        """States of words (batch, words, width) from pieces (batch, pieces); `first` is each word's first piece."""
        embeddings = self.encoder.embeddings.word_embeddings(ids) + self.case(case) + self.quote(quote)
        mask = (ids != 0).long()
        states = self.encoder(inputs_embeds=embeddings, attention_mask=mask).last_hidden_state.float()
        return self.drop(states.gather(1, first.unsqueeze(-1).expand(-1, -1, states.size(-1))))

    def tag_cues(self, words: Tensor) -> Tensor:
        """Logits (batch, words, 3): outside, begins a cue, goes on with it."""
        return self.cue_tag(F.gelu(self.cue_mix(words.transpose(1, 2)).transpose(1, 2)))

    def assign(
        self, words: Tensor, which: Tensor, cue: Tensor, offset: Tensor, apart: Tensor, marks: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Of each cue: logits of roles (cues, words, 4) and whether it is one (cues).

        `which` is the cue's window; `cue` (cues, words) its words; `offset` words to the cue; `apart` sentences and
        paragraphs between, 0 to 7; `marks` (cues, words, 8) quotation state, case, chance of being another cue.
        """
        of_window = words[which]
        weight = cue / cue.sum(1, keepdim=True).clamp(min=1)
        mean = torch.einsum("cw,cwd->cd", weight, of_window)
        place = cue.cumsum(1) * cue
        start = torch.einsum("cw,cwd->cd", (place == 1).float(), of_window)
        end = torch.einsum("cw,cwd->cd", (place == place.amax(1, keepdim=True)).float() * cue, of_window)
        cue_state = torch.cat([mean, start, end], dim=-1)
        a, b = self.word(of_window), self.of_cue(cue_state).unsqueeze(1)
        x = F.gelu(a + b + a * b + self.distance(distance_bucket(offset)) + self.apart(apart) + self.marks(marks))
        for mix in self.mix:
            x = x + F.gelu(mix(self.drop(x).transpose(1, 2)).transpose(1, 2))
        roles = self.role(x)
        local = torch.einsum("cw,cwd->cd", weight, x)
        return roles, self.valid(torch.cat([local, cue_state], -1)).squeeze(-1)


@dataclass(frozen=True)
class Batch:
    """Windows padded to one shape."""

    examples: list[Example]
    ids: Tensor
    case: Tensor
    quote: Tensor
    first: Tensor
    lengths: list[int]


def make_batch(examples: list[Example]) -> Batch:
    """Pads windows to one shape."""
    inputs = window_inputs([example.window for example in examples])
    tensors = (torch.from_numpy(inputs[name]) for name in ("ids", "case", "quote", "first"))
    return Batch(examples, *tensors, [len(example.window.words) for example in examples])


@dataclass(frozen=True)
class Candidate:
    """A cue that was proposed: its window in the batch, its words, and the attribution that it is, if any."""

    row: int
    words: tuple[int, ...]
    gold: Gold | None


def candidate_inputs(candidates: Sequence[Candidate], batch: Batch, cue_chance: Tensor) -> tuple[Tensor, ...]:
    """What `assign` takes of the candidates, those of one window after those of another."""
    width, parts = batch.first.size(1), []
    for row in sorted({c.row for c in candidates}):
        cues = [c.words for c in candidates if c.row == row]
        made = cue_inputs(batch.examples[row].window.words, cues, cue_chance[row].numpy(), width)
        parts.append([made[name] for name in ("cue", "offset", "apart", "marks")])
    whole = [torch.from_numpy(np.concatenate([part[n] for part in parts])) for n in range(4)]
    return torch.tensor(sorted(c.row for c in candidates)), *whole


# --- training --------------------------------------------------------------------------------------------------------


def cue_labels(batch: Batch) -> Tensor:
    """Per word: 0 outside, 1 begins, 2 goes on; -100 in the padding."""
    labels = torch.full(batch.first.shape, -100)
    for row, (example, length) in enumerate(zip(batch.examples, batch.lengths, strict=True)):
        labels[row, :length] = 0
        for gold in example.golds:
            run = sorted(gold.cue)
            labels[row, run] = 2
            labels[row, run[0]] = 1
    return labels


def propose(batch: Batch, logits: Tensor, chooser: random.Random) -> list[Candidate]:
    """The true cues, their edges moved now and then, and the likeliest of what the tagger takes for cues wrongly."""
    candidates = []
    for row, (example, length) in enumerate(zip(batch.examples, batch.lengths, strict=True)):
        for gold in example.golds:
            candidates.append(Candidate(row, _blur(gold.cue, length, chooser), gold))
    wrong: dict[int, list[Candidate]] = defaultdict(list)
    chance = logits.softmax(-1).numpy()
    for row, (example, length) in enumerate(zip(batch.examples, batch.lengths, strict=True)):
        for words in spot_cues(chance[row], length, Decoder().spot):
            if all(not gold.cue & set(words) for gold in example.golds):
                wrong[row].append(Candidate(row, words, None))
    for of_window in wrong.values():
        candidates += chooser.sample(of_window, min(len(of_window), MOST_WRONG))
    return sorted(candidates, key=lambda candidate: candidate.row)


def _blur(cue: frozenset[int], length: int, chooser: random.Random) -> tuple[int, ...]:
    low, high = min(cue), max(cue)
    if chooser.random() < 0.2:
        low = max(0, min(high, low + chooser.choice((-1, 1))))
    if chooser.random() < 0.2:
        high = min(length - 1, max(low, high + chooser.choice((-1, 1))))
    return tuple(range(low, high + 1))


def role_labels(candidates: Sequence[Candidate], batch: Batch) -> Tensor:
    """Per candidate and word its role; -100 in the padding and all through a wrong candidate's far words."""
    labels = torch.full((len(candidates), batch.first.size(1)), -100)
    for n, candidate in enumerate(candidates):
        if candidate.gold is None:
            continue
        labels[n, : batch.lengths[candidate.row]] = NONE
        for words, role in (
            (candidate.gold.content, CONTENT),
            (candidate.gold.source, SOURCE),
            (candidate.gold.cue, CUE),
        ):
            labels[n, list(words)] = role
    return labels


def losses(model: AttributionModel, batch: Batch, chooser: random.Random) -> Tensor:
    """The sum of the three losses of a batch."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        words = model.encode(batch.ids, batch.case, batch.quote, batch.first)
    words = words.float()
    logits = model.tag_cues(words)
    loss = 1.5 * F.cross_entropy(logits.reshape(-1, CUE_CLASSES), cue_labels(batch).reshape(-1), ignore_index=-100)
    candidates = propose(batch, logits.detach(), chooser)
    if not candidates:
        return loss
    cue_chance = 1 - logits.detach().softmax(-1)[..., 0]
    roles, valid = model.assign(words, *candidate_inputs(candidates, batch, cue_chance))
    labels = role_labels(candidates, batch)
    is_cue = torch.tensor([float(c.gold is not None) for c in candidates])
    if (labels >= 0).any():
        loss = loss + 2.0 * F.cross_entropy(roles.reshape(-1, 4), labels.reshape(-1), ignore_index=-100)
    return loss + 0.3 * F.binary_cross_entropy_with_logits(valid, is_cue)


def batches(examples: list[Example], size: int, chooser: random.Random) -> Iterator[Batch]:
    """The examples in random batches of about equal lengths."""
    order = sorted(chooser.sample(examples, len(examples)), key=lambda e: e.window.piece_count() // 24)
    groups = [order[n : n + size] for n in range(0, len(order), size)]
    chooser.shuffle(groups)
    for group in groups:
        yield make_batch(group)


def train(args: argparse.Namespace) -> None:
    """Trains and writes the weights after each epoch."""
    torch.manual_seed(args.seed)
    chooser = random.Random(args.seed)
    maker = WordPieces(vocabulary_file())
    examples = make_examples(args.data, "train", maker)
    held = set(random.Random(SEED).sample(sorted({e.doc for e in examples}), HELD_OUT))
    examples = [e for e in examples if e.doc not in held]
    model = AttributionModel(ENCODERS[args.encoder]())
    for frozen in (model.encoder.embeddings.word_embeddings, *model.encoder.encoder.layer[: args.frozen]):
        frozen.requires_grad_(False)
    inner = [p for n, p in model.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": inner, "lr": args.rate}, {"params": heads, "lr": 8e-4}], weight_decay=0.01
    )
    total = args.epochs * math.ceil(len(examples) / args.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / (0.06 * total), max(0.0, 1 - n / total))
    )
    print(f"{len(examples)} windows, {total} steps", flush=True)
    started, step, mean = time.time(), 0, 0.0
    for epoch in range(args.epochs):
        model.train()
        for batch in batches(examples, args.batch, chooser):
            loss = losses(model, batch, chooser)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            step, mean = step + 1, 0.98 * mean + 0.02 * loss.item()
            if step % 50 == 0 or step == 10:
                print(
                    f"step {step}/{total} loss {mean / (1 - 0.98**step):.3f} {time.time() - started:.0f}s", flush=True
                )
        torch.save({"weights": model.state_dict(), "encoder": args.encoder, "epoch": epoch + 1}, args.out)


def main() -> None:
    """Reads the command line and trains."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", choices=sorted(ENCODERS), default="bge")
    parser.add_argument("--frozen", type=int, default=4, help="lowest layers that stay as they are")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=5)
    parser.add_argument("--rate", type=float, default=7e-5)
    parser.add_argument("--seed", type=int, default=SEED)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
