"""What a plant is, without time: values that are checked when they are built.

- ``chemistry``: components by formula, molar masses, reactions that check their own balance.
- ``elements``: the periodic table's atomic weights.
- ``unit``: A unit is a value, its ``convert`` pure physics; the recipe that it returns.
- ``plain``: a unit whose physics is numbers alone, so that it can be compiled.
- ``network``: units, tanks, trains, pipes, supplies and sinks as one value.
- ``csv_rows``: rows of a CSV file by column, each with its line.
- ``schedule``: what is ordered, and when; read from CSV.
- ``operation``: how equipment is run: failure modes, maintenance, shifts, lots, deliveries,
  collections.
"""
