"""The engine against answers that are known without it."""
