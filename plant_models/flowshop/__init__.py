"""The second plant, a batch flowshop: built by ``docs/howto_plant.md``, from public names alone."""
