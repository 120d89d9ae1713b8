"""Closed forms that units share, as plain functions of numbers and tables, so that they compile.

``equilibrium``: vapour pressures, flash, bubble and dew point. ``stages``: Kremser. ``shortcut``:
Fenske, Underwood and Gilliland. ``kinetics``: the stirred tank and the batch. ``duties``: heat, and
the utilities that bring or take it. ``tables``: streams as columns.
"""
