"""The audit report of a design: its seven stages as a document, from the ledger of a run."""
