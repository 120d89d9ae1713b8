"""A figure split over schemes by several methods, and money beside tonnes."""
