"""Answers as text, tables, pictures and files.

``answer``: what every study returns. ``files``: the folder of an answer. ``whole_files``: a file
that is there whole or not at all. ``pictures``: figures that belong to no window. ``provenance``:
where a result comes from.
"""
