"""Makes the trained weights that olivebranch ships, from data it names; nothing here runs when the reader reads."""
