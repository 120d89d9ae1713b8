"""Designs under the same draws, compared with the first."""
