"""What the line is made of: components, reactions, and properties in SI units with kg and kmol.

``chemistry``: the components and reactions. ``properties``: vapour pressures, latent heats,
solubilities. ``enthalpy``: what heats, evaporates, dissolves and reacts. ``streams``: sums and
splits of streams, spelt out.
"""
