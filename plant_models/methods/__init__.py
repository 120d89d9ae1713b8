"""Methods that know no plant: numbers in, numbers out; the last line takes any `PlantModel`.

``finance``: payback, present value, internal rate. ``rollout``: measures bought in turn out of
what the earlier ones save. ``abatement``: Pareto front and abatement cost curve. ``cost_classes``:
no-, low-, medium- and high-cost options. ``flow_costing``: what money each flow carries.
``factorial``: effects and interactions of all orders. ``attribution``: who gets the credit when
measures act together. ``sensitivity``: hypercube, tornado, Sobol indices. ``reconciliation``: what
noisy meters and exact balances together say of flows and leaks. ``auditing``, ``devices``,
``standards``, ``calibration``, ``economics``, ``heat_balance``: what a plant gives to be asked for.
``management``, ``rebuilding``, ``uncertainty``: measures that wear off, programmes on a running
plant, and what ranges do to them.
"""
