"""Every combination of some schemes, with the effects of all orders."""
