"""Runs of the line, and the ways to look at one.

``result``: what a run came to, with its views: levels, states and events as tables. ``indicators``:
the figures of a year. ``diary``: the run in sentences. ``why``: what an indicator is made of.
``floors``: the least that there could be.
``explorer``: switches, sliders and a year that runs while you watch.
"""
