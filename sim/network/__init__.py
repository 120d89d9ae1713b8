"""What a plant is, without time: values that are checked when they are built.

``chemistry``
    Components by formula, molar masses, reactions that check their own balance.
``unit``
    A unit is a value, its ``convert`` pure physics; the recipe that it returns.
``network``
    Units, tanks, trains, pipes, supplies and sinks as one value.
``operation``
    How equipment is run: failure modes, maintenance, shifts, lots, deliveries, collections.
"""
