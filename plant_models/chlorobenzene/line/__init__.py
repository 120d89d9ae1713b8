"""The line as a design: what stands in it, who feeds whom, and how it is run.

``tree``: ``Line``, the frozen tree of all units, tanks and operation. ``wiring``: pipes, supplies,
trains, and the process of every unit and tank. ``design``: the baseline and its schemes.
``operation``: failures, deliveries, shifts and seasons beside the physics. ``weather``: Taiyuan's,
and what the line feels of it. ``data_files``: every number of ``data/`` with its source.
"""
