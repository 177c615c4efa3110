"""How well olivebranch reads: stories annotated by hand, the scorer, and floors that no change may fall under."""
