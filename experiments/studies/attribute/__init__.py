"""Figures of a plant split over schemes by several methods, and money against tonnes.

``attribution`` is the split of one figure, ``tradeoff`` money against tonnes. ``study`` asks for
both; ``report``, ``tables`` and ``pictures`` tell them.
"""
