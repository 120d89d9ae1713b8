"""A run as a unit process: masses close, read back they are the same, CO2 is what a hand makes."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.output.openlca import ENERGY
from experiments.studies.export_lca import Inventory, export_lca
from plant_models import chlorobenzene as cb
from plant_models import flowshop as fs
from plant_models import plant_named
from plant_models.chlorobenzene.model import PLANT
from tests.answers import worked_once

SHORT: dict[str, Any] = {"years": 0.01, "replications": 3}


@pytest.fixture(scope="module")
def found() -> Inventory:
    return export_lca("F1-F4", **SHORT)


def read(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the files of a zip by folder, without the project's help."""
    told: dict[str, list[dict[str, Any]]] = {}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            folder = name.partition("/")[0]
            told.setdefault(folder, []).append(json.loads(archive.read(name)))
    return told


def test_masses_close_per_tonne(found: Inventory):
    assert abs(found.closure) < 1e-9
    reference = [one for one in found.process.exchanges if one.is_reference]
    assert [(one.name, one.amount) for one in reference] == [("chlorobenzene", 1000.0)]


def test_read_back_amounts_and_deviations_are_the_same(found: Inventory):
    told = read(found.documents()["unit_process.zip"])  # type: ignore[arg-type]
    (process,) = told["processes"]
    flows = {flow["@id"]: flow for flow in told["flows"]}
    units = {unit["@id"] for group in told["unit_groups"] for unit in group["units"]}
    assert told["olca-schema.json"] == [{"version": 2}]
    assert len(process["exchanges"]) == len(found.process.exchanges)
    for back, one in zip(process["exchanges"], found.process.exchanges, strict=True):
        flow = flows[back["flow"]["@id"]]
        assert (flow["name"], flow["flowType"]) == (one.name, one.kind)
        assert (back["amount"], back["isInput"]) == (one.amount, one.is_input)
        assert back["unit"]["@id"] in units
        drawn = back.get("uncertainty")
        assert (drawn["mean"], drawn["sd"]) == (one.amount, one.sd) if drawn else not one.sd
    assert sum(x["value"] for x in process["allocationFactors"]) == pytest.approx(1.0)


def test_an_amount_is_that_of_the_runs_themselves(found: Inventory):
    """Benzene to air of three runs by the tonnes that they drummed."""
    runs = [PLANT.simulate("F1-F4", years=0.01, replication=n) for n in range(3)]
    air = np.array([run.indicators["air.benzene_t"] for run in runs])
    made = np.array([run.ledger.total(stream="packing.drums") for run in runs]) / 1000.0 / 0.01
    (one,) = [
        each
        for each in found.process.exchanges
        if each.name == "benzene" and "air" in each.category
    ]
    assert one.amount == pytest.approx(1000.0 * air.sum() / made.sum())
    assert one.sd == pytest.approx(1000.0 * np.std(air / made, ddof=1))


def test_greenhouse_gas_is_what_a_hand_makes_of_steam_and_power(found: Inventory):
    """350 kg/t of steam and 1.1 kg/kWh: two products and a sum."""
    by_name = {one.name: one for one in found.process.exchanges if one.is_input}
    steam, power = by_name["steam"], by_name["power"]
    assert power.unit == ENERGY
    told = found.as_json()["carbon"]
    assert told["sum"] == pytest.approx(0.350 * steam.amount + 1.1 * power.amount)
    assert told["low"] == pytest.approx(0.280 * steam.amount + 0.9 * power.amount)
    assert told["high"] == pytest.approx(0.480 * steam.amount + 1.3 * power.amount)


def test_factors_are_parameters_with_their_ranges(found: Inventory):
    told = read(found.documents()["unit_process.zip"])["parameters"]  # type: ignore[arg-type]
    factors = {each["name"]: each for each in told}
    steam = factors["co2e_steam"]
    assert (steam["value"], steam["uncertainty"]["minimum"]) == (350.0, 280.0)
    assert "recalled" in steam["description"]


def test_the_same_run_is_the_same_file(found: Inventory):
    assert found.documents() == export_lca("F1-F4", **SHORT).documents()


def test_a_plant_without_factors_is_exported_without_greenhouse_gas():
    found = export_lca("S1", years=0.05, replications=2, plant=fs.PLANT)
    assert abs(found.closure) < 1e-9
    assert found.as_json()["carbon"]["sum"] is None
    assert "no CO2 equivalents: the flowshop has no factors" in str(found)


def test_one_replication_has_no_deviation_and_what_is_drained_and_spilled_comes_from_no_supply():
    """At the annual shutdown, on the evening of 15 July, all vessels are drained and steamed."""
    found = export_lca("none", years=0.01, replications=1, start="07-15")
    told = found.process.exchanges
    assert {one.sd for one in told} == {None}
    assert not [one.name for one in told if one.is_input and "vessel" in one.name]
    assert abs(found.closure) < 1e-9


def test_a_run_that_made_nothing_is_refused():
    late = cb.own_design(settings={"packing_shift.start": 12.0})  # and the run ends before 9 h
    with pytest.raises(ValueError, match=r"made none of chlorobenzene_t in 0\.001 years"):
        export_lca("none", years=0.001, replications=1, design=late)


def test_the_command_says_what_the_study_says_in_one_word_or_two(call: Any, tmp_path: Path):
    asked = ("F1", "--years", "0.01", "--replications", "2")
    folder = tmp_path / "lca"
    with worked_once():
        answer = export_lca("F1", years=0.01, replications=2)
        assert call("export-lca", *asked).stdout == f"{answer}\n"
        assert call("export", "lca", *asked).stdout == f"{answer}\n"
        assert call("export", "lca", *asked, "--out", str(folder)).exit_code == 0
    assert (folder / "unit_process.zip").read_bytes() == answer.documents()["unit_process.zip"]


def test_the_libraries_of_its_format_read_it(found: Inventory, tmp_path: Path):
    """olca-schema, which openLCA's own tools use; where it is installed."""
    olca = pytest.importorskip("olca_schema")
    from olca_schema import zipio  # type: ignore[import-not-found,unused-ignore]

    file = tmp_path / "unit_process.zip"
    file.write_bytes(found.documents()["unit_process.zip"])  # type: ignore[arg-type]
    with zipio.ZipReader(str(file)) as archive:
        (uid,) = archive.ids_of(olca.Process)
        process = archive.read(olca.Process, uid)
    told = [(each.amount, each.uncertainty and each.uncertainty.sd) for each in process.exchanges]
    assert told == [(one.amount, one.sd or None) for one in found.process.exchanges]


@pytest.mark.parametrize(("name", "schemes"), [("crystals", "none"), ("plating", "P4")])
def test_what_a_plant_of_a_folder_uses_comes_in_beside_its_materials(name: str, schemes: str):
    """Steam, power and cooling water are flows of none of its supplies."""
    of = plant_named(name)
    run = of.simulate(schemes, years=0.05)
    made = run.indicators[of.product]
    found = export_lca(schemes, years=0.05, replications=1, plant=of)
    into = {one.name: (one.amount, one.unit) for one in found.process.exchanges if one.is_input}
    words = {"steam_t": ("steam", "kg"), "power_mwh": ("power", "kWh"),
             "cooling_water_t": ("cooling water", "kg")}  # fmt: skip
    used = {each: run.indicators[each] for each in of.utilities if run.indicators[each]}
    assert used
    for each, amount in used.items():
        told, unit = words[each]
        assert into[told][0] == pytest.approx(1000.0 * amount / made)
        assert into[told][1] == unit
    assert abs(found.closure) < 1e-9
