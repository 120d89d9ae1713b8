"""Units that change no composition: pump, mixer, splitter, packing."""
