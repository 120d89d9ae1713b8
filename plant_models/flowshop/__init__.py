"""A batch flowshop, the second plant: ``plant`` holds its units, its network and its known answer."""
