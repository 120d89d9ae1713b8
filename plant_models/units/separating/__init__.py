"""Units that part what enters: separator by recovery, filter, decanter, dryer."""
