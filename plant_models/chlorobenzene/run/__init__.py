"""Runs of the line, and the ways to look at one.

``clocks``: ``steady_state`` and ``simulate``. ``outcome``: what a run came to, data alone.
``result``: the same with its views. ``indicators``: the figures of a year. ``traces``: levels,
states and events as tables. ``diary``: the run in sentences. ``why``: what an indicator is made of.
``organics``: flows from process to process. ``comparison``: two designs under the same breakdowns.
``explorer``: switches, sliders and a year that runs while you watch.
"""
