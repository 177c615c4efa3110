"""Code tables and who-was-what-when: takes nothing but its own data files, gives look-ups, never reads a story."""

from olivebranch.codebook.loader import load_table

__all__ = ["load_table"]
