"""The heat balance: whether what units say of their temperatures agrees with what they use.

``balance`` draws it up from the books of a steady state and each unit's own ``heat``;
``certificate`` holds the balances of units and line as values, and what they must keep.
"""
