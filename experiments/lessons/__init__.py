"""What the lessons in ``notebooks/`` compute and check, a module a lesson.

The module of ``00_meet_the_plant.ipynb`` is ``meet_the_plant``; its ``begin(seed)`` returns the
lesson, whose ``check`` knows the questions. Their words stand in ``texts/meet_the_plant.toml``.
"""
