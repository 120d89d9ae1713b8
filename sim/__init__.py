"""The engine: discrete-rate simulation of process plants on SimPy."""
