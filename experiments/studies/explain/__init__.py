"""What schemes change, and on whose word."""
