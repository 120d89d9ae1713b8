"""Places among the counts of a settlement, see `sim.flow.board.Course`."""

PASSED, STAGE, WHO, WHAT, ASKED, STRUCTURE, LAID, LOOKS, ROUNDS, CHANGED, FOUND = range(11)
COUNTS = 11
