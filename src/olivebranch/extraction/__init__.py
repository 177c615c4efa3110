"""Takes a `Document`, gives what it says: actors, statements, events, overtures, accords, decisions, judgements."""
