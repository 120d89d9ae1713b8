"""The source of a plant, checked against itself."""
