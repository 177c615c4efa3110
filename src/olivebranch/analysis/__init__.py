"""Takes views of the ledger and readings, gives answers: one file a question; writes nothing, prints nothing."""
