"""How often each vent and outfall is beyond the limits of its day."""
