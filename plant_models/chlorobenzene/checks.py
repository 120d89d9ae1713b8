"""What single domains cannot see: values of a design that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator

from plant_models.chlorobenzene.line import Line


def check(line: Line) -> Line:
    """Return the line if its values fit each other.

    Raises
    ------
    ValueError
        With everything that does not fit.
    """
    faults = list(_faults(line))
    if faults:
        raise ValueError("the design does not fit together: " + "; ".join(faults))
    return line


def _faults(line: Line) -> Iterator[str]:
    switch = line.polychloride_switch
    if switch.start <= switch.stop:
        yield (
            f"polychloride_switch.start of {switch.start:g} must be above "
            f"polychloride_switch.stop of {switch.stop:g}"
        )
    if switch.stop < line.polychloride_tank.heel:
        yield (
            f"polychloride_switch.stop of {switch.stop:g} is below polychloride_tank.heel of "
            f"{line.polychloride_tank.heel:g}: the pump never gets there"
        )
    for name in ("chlorine_supply", "power_and_steam"):
        mode = getattr(line, name).failure
        if mode is not None and mode.clock != "calendar":
            yield (
                f"{name}.failure.clock of {mode.clock!r} must be 'calendar': what comes from "
                "outside ages whether the line runs or not"
            )
    delivery, tank = line.benzene_delivery, line.wet_benzene_tank
    unloading_hours = delivery.lot / line.unloading.capacity
    back = line.chlorinator.capacity * (1.0 - line.chlorinator.conversion) * unloading_hours
    need = delivery.order_point + delivery.lot + back
    if need > tank.capacity:
        yield (
            f"benzene_delivery.order_point of {delivery.order_point / 1000:g} t, "
            f"benzene_delivery.lot of {delivery.lot / 1000:g} t and benzene recycled meanwhile, "
            f"{back / 1000:.0f} t, do not fit wet_benzene_tank.capacity of "
            f"{tank.capacity / 1000:g} t"
        )
