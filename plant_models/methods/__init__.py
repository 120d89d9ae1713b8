"""Methods that know no plant: numbers in, numbers out.

``finance``: payback, present value, internal rate. ``rollout``: measures bought in turn out of
what the earlier ones save. ``abatement``: Pareto front and abatement cost curve. ``cost_classes``:
no-, low-, medium- and high-cost options. ``flow_costing``: what money each flow carries.
``factorial``: effects and interactions of all orders. ``attribution``: who gets the credit when
measures act together. ``sensitivity``: hypercube, tornado, Sobol indices. ``reconciliation``: what
noisy meters and exact balances together say of flows and leaks.
"""
