"""The command line: options read once, faults told together, answers printed and kept.

``cli``: which commands there are, and how each failure becomes one message. ``command``: builds
the designs, runs the study, tells its answer. ``commands``: what each takes, of the ``options``.
``types``: what an option may be. ``faults``: exit codes.
"""
