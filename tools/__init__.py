"""What developers measure and no user runs; no part of the wheel.

``python -m tools.bench`` tells how fast the engine is.
"""
