"""Plants made with ``sim``, and the methods that work on the results of any plant.

``chlorobenzene``: the line before and after cleaner production. ``flowshop``: a batch plant of
another kind. ``benchmarks``: small plants with known answers. ``methods``: finance, attribution,
sensitivity and the like, which know no plant.
"""
