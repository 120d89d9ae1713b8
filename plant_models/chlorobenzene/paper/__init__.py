"""The audit of the source: where its tables and its text agree, and where they do not.

``audit``: the ten checks together, each made in ``money``, ``programme``, ``goods`` or ``water``.
``finding``: what a check comes to. ``printed_source``: tables and text cell by cell, as exact
decimals. ``printed``: Tables 1-2 and 1-3 as numbers.
"""
