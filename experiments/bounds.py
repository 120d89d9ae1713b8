"""What a study may be asked for, in numbers and words: its option tells it, the study checks it."""

EVENTS, STEADY = "events", "steady"
CLOCKS = (EVENTS, STEADY)

YEARS = (0.001, 1000.0)  # years; the shortest is a day's work, nearly
LARGEST_SEED = 2**32 - 1
MOST_REPLICATIONS = 10_000
MOST_UNTIL = 100  # replications of a comparison that stops by itself
MOST_WORKERS = 1024

MOST_PAIRS = 1000  # interactions that are printed
MOST_CONTENDERS = 20  # sets that run side by side
MOST_SAMPLES, MOST_SOBOL, MOST_FACTORS = 100_000, 2**20, 1000
MADE_BETTER = (0.001, 0.9)  # share by which a part is
OF_HORIZONS = (0.001, 1.0)  # share of those of the engine's cases that is run
POLICIES = ("classes", "payback", "best", "hard-first")
HORIZONS, LIMITS = (0.1, 50.0), (0.1, 100.0)  # yr, of a programme
