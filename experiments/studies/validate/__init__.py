"""The engine against answers that are known without it, plants against what is printed of them.

``cases`` is what a known answer is; ``machines``, ``flows`` and ``programme`` have them by what
they are of, ``printed`` has the figures of plants. ``study`` works them all, ``report`` tells them.
"""
