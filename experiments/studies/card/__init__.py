"""The numbers of a plant, with unit, source and range."""
