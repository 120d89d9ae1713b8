"""A design and its numbers: a frozen tree of parameters, where it comes from, what changes it.

- ``parameters``: A parameter declares itself: unit of measure, meaning, domain; reads what a user
  wrote.
- ``units_of_measure``: converts ``22 degC`` or ``1.5 t/h`` at the door; inside, everything is kg,
  h, K, Pa, kWh, kmol.
- ``tree``: dotted paths into a tree of frozen dataclasses: read, replace, list, hash.
- ``facts``: facts from TOML into the tree, with source and range; values set and scaled by a user.
- ``schemes``: schemes as sets of patches that commute: read, parsed, checked for conflicts,
  applied.
- ``explain``: what schemes change, and the card of a part: value, unit, range, on whose word.
- ``ranges``: designs at given shares of the ranges of their facts.
"""
