"""How sure one is: plant-free statistics of what runs came to.

- ``intervals``: confidence intervals, paired differences, time averages, the end of a warm-up.
- ``batches``: the long-run mean of one run, by batch means.
- ``comparisons``: several comparisons at once, and when to stop.
- ``control_variates``: what chance is known to have added, taken off again.
- ``fitting``: regularised least squares within bounds, and what the data say of each parameter.
"""
