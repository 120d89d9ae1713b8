"""How much flows now: everything between two events, and nothing that knows a clock.

- ``state``: what a plant holds, and the rates that hold: ends an interval, settles the next.
- ``course``: the loops of that, compiled: looks ahead, asks recipes anew, looks ahead again.
- ``board``: where the arrays are that they read, as rows of numbers.
- ``counts``: what a settlement counts, by place.
- ``train``: units joined by direct pipes, and the linear map that their recipes make.
- ``members``: what answers for the members of a train, compiled or in Python.
- ``asking``: the loops that ask them for their recipes.
- ``map``: what every activity of a plant moves between tanks now, as arrays, what its recipes were
  asked for, and the books behind it.
- ``rates``: from statuses and recipes to the rates and means of the next interval.
- ``core``: the loops of these, compiled: what holds over the next interval, until it stands.
- ``balance``: of it, what flows move at given means, and which tank is at a bound first.
- ``unsettled``: what holds where rates and means do not answer each other.
- ``elapse``: what an interval leaves in tanks and totals.
- ``simplex``: of it, the lexicographic maximum under linear bounds, with a certificate.
- ``priority``: the rates by priority, or in shares, where statuses and effects are given.
- ``sources``: what headers and second feeds draw on, one source after the other.
- ``mixing``: the means of well-mixed tanks in closed form.
- ``pace``: the length of the interval.
- ``stale``: which recipes no longer answer what is asked.
- ``trying``: which do not where an interval takes their feeds.
- ``arrays``: what all of these read and write.
- ``push``: the loops that push material through recipes, and learn how often to ask for them.
- ``rest``: the loops of the steady state, compiled: flows through recipes at constant conditions.
- ``inner``: compiling what compiled code alone calls, without machine code of its own.
- ``native``: how these and the physics of plain units are compiled, and kept.
- ``fallback``: the rates in exact arithmetic, for what is left without a certificate.
"""
