"""How much flows now: everything between two events, and nothing that knows a clock.

- ``state``: what a plant holds, and the rates that hold: advances them, settles them anew, and
  says when a recipe is stale.
- ``train``: the members of a train asked for their recipes, and the linear map that these make.
- ``map``: what every activity of a plant moves between tanks now, as arrays, and the books behind
  it; refuses loops among tanks that return all that is drawn.
- ``rates``: from statuses and recipes to rates: the lexicographic maximum by priority, with a
  certificate.
- ``fallback``: the same in exact arithmetic, for what is left without a certificate.
- ``blending``: compositions of all tanks over an interval, in closed form.
"""
