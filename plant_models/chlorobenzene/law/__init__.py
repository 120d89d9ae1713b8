"""The limits of the plant's day, and how often each vent and outfall is beyond its own.

``limits``: GB 16297-1996 and GB 8978-1996 as data. ``discharges``: what leaves the line as figures
that a limit is compared with. ``compliance``: the steady state and watched years against limits.
"""
