"""How much flows now: everything between two events, and nothing that knows a clock.

A settlement by hand is on the page of the method, ``docs/method.md``. In code it goes from
`state.FlowState.settle`, which a clock calls, to `course.settle`, which looks ahead, asks recipes
anew and looks ahead again, and from there to `core.look_ahead`, where rates and means answer each
other. The loops hand on one value, ``now``, a `board.Situation`: all that is known of the plant.

What is kept, and who is asked, in Python:

- ``state``: what a plant holds, and the rates that hold: ends an interval, settles the next.
- ``map``: what every activity of a plant moves between tanks now, as arrays, what its recipes were
  asked for, and the books behind it.
- ``train``: units joined by direct pipes, and the linear map that their recipes make.
- ``members``: what answers for the members of a train, compiled or in Python.
- ``rates``: from statuses and recipes to the rates and means of the next interval.
- ``order``: which activity comes before which.
- ``fallback``: the rates in exact arithmetic, for what is left without a certificate.

The arrays, which all loops read and write:

- ``arrays``: what they mean, by what they are of.
- ``board``: where they are, as rows of numbers.
- ``counts``: what a settlement counts, by place.

The loops, compiled, those that call before those that are called:

- ``course``: a settlement, from what has changed to what holds.
- ``seeking``: at which rate a recipe is asked that hangs on it.
- ``trying``: recipes tried where an interval takes their feeds.
- ``asking``: members asked for their recipes.
- ``push``: material pushed through recipes, and how often to ask for them.
- ``elapse``: what an interval leaves in tanks and totals.
- ``core``: what holds over the next interval, until it stands.
- ``unsettled``: what holds where rates and means do not answer each other.
- ``pace``: the length of the interval.
- ``onward``: of it, what empty tanks pass on, and how fast that moves.
- ``stale``: which recipes no longer answer what is asked.
- ``balance``: what flows move at given means, and which tank is at a bound first.
- ``mixing``: the means of well-mixed tanks in closed form.
- ``priority``: the rates by priority, or in shares, where statuses and effects are given.
- ``sources``: of it, what headers and second feeds draw on, one source after the other.
- ``simplex``: of it, the lexicographic maximum under linear bounds, with a certificate.
- ``rest``: the steady state: flows through recipes at constant conditions.
- ``closing``: of it, the books, and how well they close.

How they are compiled:

- ``native``: these and the physics of plain units, compiled and kept.
- ``lowering``: what numba is taught for that.
- ``inner``: what compiled code alone calls, without machine code of its own.
"""
