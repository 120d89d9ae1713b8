"""One design in operation."""
