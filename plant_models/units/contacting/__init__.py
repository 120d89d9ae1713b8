"""Units that bring two phases together in counter-current: wash and absorber."""
