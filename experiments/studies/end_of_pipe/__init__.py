"""Schemes at the source against devices at the end of the pipe."""
