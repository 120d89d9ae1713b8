"""Many designs, each run so many times, in one table that survives interruptions."""
