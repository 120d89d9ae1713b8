"""Places among the counts of a settlement, see `sim.flow.board.Course`, and the ends of a plan."""

PASSED, STAGE, WHO, WHAT, ASKED, STRUCTURE, LAID, LOOKS, ROUNDS, CHANGED, FOUND = range(11)
COUNTS = 11

# Of an interval (`sim.flow.arrays.Plan`)
LASTS, MEETS = 0, 1  # its length, h; the tank that ends it at a bound, or -1
FLIPS, SOLVES = 2, 3  # tanks that came to a bound as it was looked for; times rates were solved
FLOWS = 4  # 1 where anything flows
MEANT = 5  # the hours that its means are of
SWUNG = 6  # how many have not settled at once, less those that have since
SWUNG_FOR, SWUNG_PART = 7, 8  # h the last of these was taken; what part of it the next is, at most
ENDS = 9
