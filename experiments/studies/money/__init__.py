"""A programme in money, step by step."""
