"""What the line costs and yields, and what its schemes are worth.

``prices``: goods, utilities, interest, options of our own. ``economy``: the books of a year, and
what is printed of them. ``flow_costs``: what losses really cost. ``installation``: how long schemes
take to build in. ``end_of_pipe``: devices against schemes at the source.
"""
