"""Management measures that wear off, with and without a review."""
