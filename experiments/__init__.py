"""Experiments on the line, each a command of ``python -m experiments``."""
