"""Code tables and who-was-what-when: takes nothing but its own data files, gives look-ups, never reads a story."""

from olivebranch.codebook.loader import load_table
from olivebranch.codebook.lookup import Codebook, Holding, load_codebook

__all__ = ["Codebook", "Holding", "load_codebook", "load_table"]
