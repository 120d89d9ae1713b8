"""The heat of every unit and of the plant at constant conditions."""
