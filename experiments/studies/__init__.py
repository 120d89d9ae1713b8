"""The studies, a folder each: what is computed, what is printed, and the command.

``study.py`` holds the function that `experiments` exports and the answer that it returns,
``report.py`` the answer as text, ``command.py`` the door. None of them knows which plant it serves.
"""
