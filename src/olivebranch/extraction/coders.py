"""Every event coder by name."""

from olivebranch.extraction.events import Coder, code_events
from olivebranch.extraction.trained_events import code_events_trained

CODERS: dict[str, Coder] = {"rules": code_events, "trained": code_events_trained}
"""The rules need no weights; the trained coder joins rules and model, each where it wins."""
