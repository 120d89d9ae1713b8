"""The fit of free parameters to printed figures."""
