"""Units that change no composition: mixer, splitter, packing."""
