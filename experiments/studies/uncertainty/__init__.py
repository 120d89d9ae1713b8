"""What everything that carries a range does to a programme."""
