"""The other clock: the same units at constant conditions, every tank giving what it gets.

- ``state``: a network at rest in its flows, solved, and scaled to any length of time.
- ``blank``: what a state begins with, the arrays that the loops of `sim.flow.rest` read and write.
- ``overrun``: where a tank spills in time what a state would hold back.
- ``wiring``: who feeds whom, by name and by number.
"""
