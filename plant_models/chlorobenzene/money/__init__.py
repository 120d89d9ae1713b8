"""What the line costs and yields, and what its schemes are worth.

``prices``: goods, utilities, interest. ``economics``: the value of a year, step by step.
``appraisal``: the cash flow of each step, beside what the source prints. ``flow_costs``: what
losses really cost. ``installation`` and ``rebuilding``: how schemes are bought and built in while
the plant runs. ``end_of_pipe``: devices against schemes at the source. ``management``: measures
that wear off, and reviews.
"""
