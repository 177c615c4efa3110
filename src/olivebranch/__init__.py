"""Reads the news and answers: does this power mean it this time? `read` a story, then `brief` it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from olivebranch.surfaces.notebook import brief, read

__version__ = "0.1.0"
__all__ = ["__version__", "brief", "read"]


def __getattr__(name: str) -> Any:
    """The two verbs are loaded when first used: `import olivebranch` itself costs nothing."""
    if name in {"brief", "read"}:
        from olivebranch.surfaces import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module 'olivebranch' has no attribute '{name}'")
