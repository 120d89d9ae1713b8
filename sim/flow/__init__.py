"""How much flows now: everything between two events, and nothing that knows a clock.

``state``
    What a plant holds, and the rates that hold: advances them, settles them anew, and says when
    a recipe is stale.
``train``
    The members of a train asked for their recipes, and the linear map that these make.
``map``
    What every activity of a plant moves between tanks now, as arrays, and the books behind it;
    refuses loops among tanks that return all that is drawn.
``rates``
    From statuses and recipes to rates: the lexicographic maximum by priority, with a certificate.
``fallback``
    The same in exact arithmetic, for what is left without a certificate.
``blending``
    Compositions of all tanks over an interval, in closed form.
"""
