"""Opens the trained weights that ship with olivebranch, each checked against its hash before it is used."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olivebranch import settings
from olivebranch.errors import WeightsError

if TYPE_CHECKING:
    import numpy as np
    from onnxruntime import InferenceSession

MANIFEST = "manifest.json"


def weights_folder() -> Path:
    """Where the weights lie: OLIVEBRANCH_WEIGHTS, else inside the package."""
    return settings.env_path("WEIGHTS") or Path(str(files("olivebranch"))) / "extraction" / "weights"


def has_weights() -> bool:
    """Whether weights are there at all; whether they are sound is seen when they are opened."""
    return (weights_folder() / MANIFEST).is_file()


@cache
def load_manifest(folder: Path) -> Mapping[str, Any]:
    """What the weights are: hashes of the files, thresholds and calibration of the decoders.

    Raises:
        WeightsError: there is no manifest, or it cannot be read.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"{folder}: no trained weights here ({error}); install olivebranch anew, or read by rules: --coder rules"
        ) from error
    return manifest


def checked_file(name: str) -> Path:
    """The path of a file of the weights whose bytes are those that were shipped.

    Raises:
        WeightsError: it is missing or damaged.
    """
    folder = weights_folder()
    wanted = load_manifest(folder)["sha256"].get(name)
    path = folder / name
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(
            f"{path}: the trained weights are missing ({error.strerror}); install olivebranch anew, "
            "or read by rules: --coder rules"
        ) from error
    if found != wanted:
        raise WeightsError(
            f"{path}: the trained weights are damaged (their hash is not the shipped one); install olivebranch anew, "
            "or read by rules: --coder rules"
        )
    return path


class Network:
    """One ONNX graph; called with arrays by name, gives its outputs in order."""

    def __init__(self, name: str) -> None:
        self.session = _open(checked_file(name))

    def __call__(self, **inputs: "np.ndarray[Any, Any]") -> "list[np.ndarray[Any, Any]]":
        outputs: list[np.ndarray[Any, Any]] = self.session.run(None, inputs)
        return outputs


def _open(path: Path) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = settings.model_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that spin while they wait take the cores from the parser.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own types, all of them bare
        raise WeightsError(f"{path}: could not be opened: {error}; read by rules: --coder rules") from error
