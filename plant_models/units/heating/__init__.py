"""Units that heat: heater (or cooler) and boiler."""
