"""Units with a vapour over a liquid: flash, condenser, evaporator, column."""
