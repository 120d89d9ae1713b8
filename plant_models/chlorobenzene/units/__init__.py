"""The units of the line: each a value with its parameters, ``convert``, and ``heat`` beside it.

In the order in which the material passes:

- ``delivery``: unloading, storage, transfer pumps, acid loading, packing: what they breathe out.
- ``drying``: the azeotropic still under its direct condenser.
- ``once_through``: water that passes the drying step once.
- ``chlorination``: the boiling chlorinator, its kinetics, and what stays as liquor.
- ``reflux``: how that boils under its overhead condenser.
- ``off_gas``: the off-gas coolers, and the fan that draws the gas through them.
- ``absorption``: absorber, decanter of the oil on the acid, acid storage.
- ``catcher``: the water scrubber behind the absorber, and the emergency scrubber.
- ``washing``: water wash, alkali wash, drain separator.
- ``distillation``: crude column, rectification, and the vacuum column on its bottoms.
- ``cooling``: cooling water, once through or over the tower.
- ``end_of_pipe``: carbon bed and effluent stripper.

What several of them need: ``shortcut`` (Fenske, Underwood and Gilliland, of which
`plant_models.units` has what knows no component), ``condensation`` (flash,
dew point, exchangers), ``plain`` (units that answer in numbers, and compile), ``heat`` (what a
unit says of its temperatures).
"""
