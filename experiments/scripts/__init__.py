"""Scripts of some ten lines, to start from: copy one, change it, run it.

``one_year`` of a design, ``before_and_after`` with intervals, ``wider_cooler`` sweeps a parameter,
``more_breakdowns`` halves all times between failures, ``whose_merit`` shares a figure out,
``worst_month`` looks into a recorded run, ``another_plant`` asks the same of the flowshop. Run one
with ``python -m experiments.scripts.one_year``.
"""
