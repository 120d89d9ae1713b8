"""Answers as text, tables, pictures and files.

``answer``: what every study returns. ``files``: its folder, and files that are there whole or not
at all. ``pictures``: figures that belong to no window. ``provenance``: where a result comes from.
"""
