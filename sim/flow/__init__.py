"""How much flows now: everything between two events, and nothing that knows a clock.

``state``
    What a plant holds, and the rates that hold: advances them, and settles them anew.
``train``
    The members of a train asked for their recipes, and the linear map that these make.
``map``
    What every activity of a plant moves between tanks now, as arrays.
``problem``
    From statuses and recipes to the rate problem, and back.
``rates``
    Solves it: the lexicographic maximum by priority, with a certificate.
``fallback``
    The same in exact arithmetic, for what is left without a certificate.
``blending``
    Compositions of all tanks over an interval, in closed form.
``staleness``
    When a recipe holds no longer, and what a blend has to hold fast.
``books``
    What the trains have carried, by cause, and how it becomes a ledger.
"""
