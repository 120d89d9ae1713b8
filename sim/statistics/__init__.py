"""How sure one is: plant-free statistics of what runs came to.

``intervals``
    Confidence intervals, paired differences, time averages, the end of a warm-up.
``comparisons``
    Several comparisons at once, and when to stop.
``control_variates``
    What chance is known to have added, taken off again.
``fitting``
    Regularised least squares within bounds, and what the data say of each parameter.
"""
