"""What the numbers of the line are known to: ranges, calibration, and what follows from both.

``calibration``: free parameters, targets, and the model between them. ``calibrated``: the values
that it has written, laid over the priors. ``uncertainty``: what the ranges of all inputs do to a
programme's money and emissions.
"""
