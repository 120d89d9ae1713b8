"""A programme that pays for itself, from arithmetic to the running plant."""
