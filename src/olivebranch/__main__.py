"""`python -m olivebranch` is the command line."""

from olivebranch.surfaces.cli import main

main()
