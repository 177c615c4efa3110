"""Writes trained weights as small ONNX files with a manifest of their hashes.

    python -m training.export --attribution ATTRIBUTION.pt --events EVENTS.pt [--to FOLDER]

Matrices are stored as int8 with a scale for each row and multiplied out when the file is opened, so nothing is computed
in int8: storage, not arithmetic.
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from training.attribution import AttributionModel
from training.encoders import ENCODERS, vocabulary_file
from training.events import GRADES, KINDS, ROOTS, EventModel

HOME = Path(__file__).parent.parent / "src" / "olivebranch" / "extraction" / "weights"
EVENTS = Path(__file__).parent / "events.json"
"""The event coder's thresholds and temperatures, set by hand on `training/data` and the open stories."""
SMALL = 4096
"""Tensors under this many numbers stay as they are."""


class _Encoding(nn.Module):
    def __init__(self, model: AttributionModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, case: Tensor, quote: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
        words = self.model.encode(ids, case, quote, first)
        return words, self.model.tag_cues(words)


class _Roles(nn.Module):
    """The second head for the cues of one window."""

    def __init__(self, model: AttributionModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, words: Tensor, cue: Tensor, offset: Tensor, apart: Tensor, marks: Tensor
    ) -> tuple[Tensor, Tensor]:
        which = torch.zeros_like(offset[:, 0])
        return self.model.assign(words, which, cue, offset, apart, marks)


def export(module: nn.Module, inputs: dict[str, Tensor], outputs: list[str], axes: dict[str, Any], path: Path) -> None:
    """Traces a module and writes it with int8 storage."""
    raw = path.with_suffix(".raw.onnx")
    torch.onnx.export(
        module.eval(), tuple(inputs.values()), str(raw), dynamo=False, opset_version=17,
        input_names=list(inputs), output_names=outputs, dynamic_axes=axes,
    )  # fmt: skip
    model = onnx.load(str(raw))
    raw.unlink()
    shrink(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def shrink(model: onnx.ModelProto) -> None:
    """Stores every large matrix as int8 rows with a scale each, followed by the nodes that multiply them out."""
    graph = model.graph
    nodes, kept = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALL or values.ndim < 2:
            kept.append(tensor)
            continue
        axis = 0 if values.ndim == 3 or values.shape[0] > 2000 else -1
        others = tuple(n for n in range(values.ndim) if n != axis % values.ndim)
        scale = np.maximum(np.abs(values).max(axis=others, keepdims=True) / 127, 1e-12).astype(np.float32)
        whole = np.clip(np.round(values / scale), -127, 127).astype(np.int8)
        name = tensor.name
        kept += [numpy_helper.from_array(whole, f"{name}.int8"), numpy_helper.from_array(scale, f"{name}.scale")]
        nodes.append(helper.make_node("Cast", [f"{name}.int8"], [f"{name}.float"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.float", f"{name}.scale"], [name]))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes + rest)


def export_attribution(checkpoint: Path, folder: Path) -> None:
    """The two networks of the attribution model."""
    saved = torch.load(checkpoint, weights_only=True)
    model = AttributionModel(ENCODERS[saved["encoder"]]())
    model.load_state_dict(saved["weights"])
    ids, first = torch.randint(1000, 2000, (2, 12)), torch.arange(1, 11).repeat(2, 1)
    zeros = torch.zeros_like(ids)
    rows = {0: "windows", 1: "pieces"}
    export(
        _Encoding(model),
        {"ids": ids, "case": zeros, "quote": zeros, "first": first},
        ["words", "cues"],
        {"ids": rows, "case": rows, "quote": rows, "first": {0: "windows", 1: "words"},
         "words": {0: "windows", 1: "words"}, "cues": {0: "windows", 1: "words"}},
        folder / "attribution.onnx",
    )  # fmt: skip
    cue, place = torch.zeros(3, 10), torch.zeros(3, 10, dtype=torch.long)
    cue[:, 2] = 1
    cues = {0: "cues", 1: "words"}
    export(
        _Roles(model),
        {"words": torch.randn(1, 10, 384), "cue": cue, "offset": place, "apart": place, "marks": torch.zeros(3, 10, 8)},
        ["roles", "valid"],
        {"words": {1: "words"}, "valid": {0: "cues"}}
        | dict.fromkeys(("cue", "offset", "apart", "marks", "roles"), cues),
        folder / "roles.onnx",
    )  # fmt: skip


def export_events(checkpoint: Path, folder: Path) -> None:
    """The event coder's network."""
    saved = torch.load(checkpoint, weights_only=True)
    model = EventModel(ENCODERS[saved["encoder"]]())
    model.load_state_dict(saved["weights"])
    ids = torch.randint(1000, 2000, (2, 12))
    rows = {0: "sentences"}
    export(
        model,
        {"ids": ids, "first": torch.tensor([1, 2]), "second": torch.tensor([3, 4])},
        ["root", "kind", "grade"],
        {
            "ids": {0: "sentences", 1: "pieces"},
            "first": rows,
            "second": rows,
            "root": rows,
            "kind": rows,
            "grade": rows,
        },
        folder / "events.onnx",
    )


def write_manifest(folder: Path, settings: dict[str, Any]) -> None:
    """The hashes of the files and the decoders' settings; settings not given stay as they were."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    manifest = {"attribution": {}} | json.loads(EVENTS.read_text(encoding="utf-8")) | manifest
    manifest |= {"roots": ROOTS, "kinds": KINDS, "grades": GRADES} | settings
    names = sorted(p.name for p in folder.iterdir() if p.suffix in {".onnx", ".txt"})
    manifest["sha256"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attribution", type=Path)
    parser.add_argument("--events", type=Path)
    parser.add_argument("--settings", type=Path, help="JSON of decoder settings, from training.calibrate")
    parser.add_argument("--to", type=Path, default=HOME)
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(vocabulary_file(), args.to / "vocab.txt")
    if args.attribution:
        export_attribution(args.attribution, args.to)
    if args.events:
        export_events(args.events, args.to)
    write_manifest(args.to, json.loads(args.settings.read_text(encoding="utf-8")) if args.settings else {})


if __name__ == "__main__":
    main()
