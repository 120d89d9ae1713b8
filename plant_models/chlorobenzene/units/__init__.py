"""The units of the line: each a value with its parameters, ``convert``, and ``heat`` beside it.

In the order in which the material passes:

- ``delivery``: unloading, benzene storage, acid loading, packing: what vapour spaces breathe out.
- ``drying``: the azeotropic still under its direct condenser.
- ``chlorination``: the boiling chlorinator under its overhead condenser.
- ``off_gas``: the off-gas coolers, and the fan that draws the gas through them.
- ``absorption``: absorber, decanter of the oil on the acid, acid storage.
- ``catcher``: the water scrubber behind the absorber.
- ``scrubber``: the emergency scrubber.
- ``washing``: water wash, alkali wash, drain separator.
- ``distillation``: crude column and rectification column.
- ``polychloride``: the vacuum column on the rectification bottoms.
- ``storage``: transfer pumps between tanks.
- ``cooling``: cooling water, once through or over the tower.
- ``end_of_pipe``: carbon bed and effluent stripper.

What several of them need: ``columns`` (stages, reboiler, condenser and vent of a column),
``shortcut`` (Fenske, Underwood and Gilliland), ``condensation`` (flash, dew point, exchangers),
``kinetics`` (stirred stages in series), ``heat`` (what a unit says of its temperatures).
"""
