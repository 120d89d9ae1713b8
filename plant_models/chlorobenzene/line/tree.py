"""The design of the line: one frozen tree of units, tanks and operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from plant_models.chlorobenzene.substances.chemistry import MCB
from plant_models.chlorobenzene.units.absorption import Absorber, AcidDecanter, AcidStorage
from plant_models.chlorobenzene.units.catcher import EmergencyScrubber, GasCatcher
from plant_models.chlorobenzene.units.chlorination import Chlorinator
from plant_models.chlorobenzene.units.cooling import CoolingWaterCircuit
from plant_models.chlorobenzene.units.delivery import (
    AcidLoading,
    BenzeneStorage,
    BenzeneUnloading,
    Packing,
    TransferPump,
)
from plant_models.chlorobenzene.units.distillation import (
    CrudeColumn,
    PolychlorideColumn,
    RectificationColumn,
)
from plant_models.chlorobenzene.units.drying import Dryer
from plant_models.chlorobenzene.units.end_of_pipe import (
    CarbonBed,
    EffluentStripper,
    TailGasCondenser,
    VapourReturn,
)
from plant_models.chlorobenzene.units.off_gas import OffGasCooler, OffGasFan
from plant_models.chlorobenzene.units.once_through import OnceThroughWater
from plant_models.chlorobenzene.units.vessels import Spill, Vessel
from plant_models.chlorobenzene.units.washing import AlkaliWash, DrainSeparator, WaterWash
from sim.model.parameters import quantity
from sim.network.network import Tank
from sim.network.operation import (
    Collection,
    Delivery,
    FailureMode,
    LevelSwitch,
    LotControl,
    RunOn,
    Shift,
    Shutdown,
)


@dataclass(frozen=True, kw_only=True)
class Supply:
    """Something from outside the line that fails now and then: chlorine, power and steam.

    Without an interlock the chlorination runs on for a while.
    """

    failure: FailureMode | None = None
    run_on: RunOn | None = None


@dataclass(frozen=True, kw_only=True)
class StartUp:
    """How a train comes back after a stop of its equipment, and how it goes down."""

    start_up_hours: float = quantity("h", "length of the start-up", 0.0, 240.0)
    start_up_fraction: float = quantity("kg/kg", "feed during the start-up per capacity", 0.01, 1.0)
    trip_hours: float = quantity("h", "length of the purge after a trip", 0.0, 24.0)
    trip_fraction: float = quantity("kg/kg", "feed during the purge per capacity", 0.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class ColumnStartUp(StartUp):
    """That of a column: it boils under total reflux first, its vent open, and makes nothing."""

    total_reflux_hours: float = quantity("h", "total reflux before the start-up", 0.0, 48.0)


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where the line stands and how it is staffed."""

    pressure: float = quantity("Pa", "mean air pressure", 5e4, 1.1e5)
    operating_hours: float = quantity(
        "h", "hours a year that the steady state stands for", 1.0, 8784.0
    )
    repair_crews: int = quantity("1", "repair crews of the line", 1, 20)
    weather_step: float = quantity("h", "time between two changes of the weather", 1.0, 8760.0)


NEVER = 1e-9
"""A chance below which nothing happens: one lot in a million years."""


@dataclass(frozen=True, kw_only=True)
class Laboratory(LotControl):
    """Lots, and the grade that they are sold by: a purity of chlorobenzene, as an analysis reads.

    A lot below the grade is not reworked, for the same column would make the same again; it is sold
    at a discount.
    """

    grade: float = quantity("kg/kg", "least chlorobenzene in a lot of the grade", 0.5, 1.0)
    error: float = quantity("kg/kg", "standard deviation of an analysis", 1e-6, 0.1)
    iron_limit: float = quantity("kg/kg", "most iron in acid of the trade's grade", 0.0, 0.1)
    chlorine_limit: float = quantity(
        "kg/kg", "most free chlorine in acid of the trade's grade", 0.0, 0.1
    )

    def below_grade(self, kg: Sequence[float]) -> float:
        r"""Return the chance that a lot of these contents (kg by component) reads below the grade.

        Errors are normal: :math:`\Phi((g - x)/\sigma)`, with the true purity x.
        """
        total = float(sum(kg))
        if total <= 0.0:
            return 0.0
        chance = NormalDist().cdf((self.grade - float(kg[MCB]) / total) / self.error)
        return chance if chance > NEVER else 0.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """The whole design: what a scheme patches, what a data file fills.

    One dotted name addresses a thing everywhere: ``water_wash.water_ratio`` in the data file, in
    a scheme, in a message, and here.
    """

    unloading: BenzeneUnloading
    benzene_storage: BenzeneStorage
    dryer: Dryer
    once_through: OnceThroughWater
    chlorinator: Chlorinator
    off_gas_cooler: OffGasCooler
    off_gas_fan: OffGasFan
    absorber: Absorber
    acid_decanter: AcidDecanter
    acid_storage: AcidStorage
    gas_catcher: GasCatcher
    emergency_scrubber: EmergencyScrubber
    acid_loading: AcidLoading
    water_wash: WaterWash
    alkali_wash: AlkaliWash
    drain_separator: DrainSeparator
    crude_column: CrudeColumn
    cooling_water: CoolingWaterCircuit
    rectification_column: RectificationColumn
    polychloride_column: PolychlorideColumn
    release_1: TransferPump
    release_2: TransferPump
    rework: TransferPump
    packing: Packing
    unloading_return: VapourReturn
    acid_return: VapourReturn
    packing_return: VapourReturn
    tail_gas_condenser: TailGasCondenser
    carbon_bed: CarbonBed
    effluent_stripper: EffluentStripper

    dryer_vessel: Vessel
    chlorinator_vessel: Vessel
    absorber_vessel: Vessel
    crude_vessel: Vessel
    rectification_vessel: Vessel
    polychloride_vessel: Vessel
    benzene_hose: Spill
    drum: Spill

    wet_benzene_tank: Tank
    dry_benzene_tank: Tank
    liquor_tank: Tank
    neutral_tank: Tank
    crude_tank: Tank
    polychloride_tank: Tank
    day_tank_1: Tank
    day_tank_2: Tank
    rework_tank: Tank
    product_tank: Tank
    acid_tank: Tank
    wash_acid_tank: Tank
    reuse_water_tank: Tank
    catcher_water_tank: Tank
    effluent_pit: Tank

    chlorination: StartUp
    crude_distillation: ColumnStartUp
    rectification: ColumnStartUp
    benzene_delivery: Delivery
    acid_collection: Collection
    laboratory: Laboratory
    packing_shift: Shift
    polychloride_switch: LevelSwitch
    annual_shutdown: Shutdown
    chlorine_supply: Supply
    power_and_steam: Supply
    site: Site
