"""A unit process as a zip of JSON-LD files, which openLCA and Brightway read.

The format is GreenDelta's olca-schema, version 2. Brightway's importer (bw2io 0.9) still asks for
names of version 1, so that what a flow is to a process is written under both; it reads amounts and
keeps uncertainties as they are written, but does not sample them. Identifiers follow from names, so
that the same process is the same file, byte by byte; those of units of measure are openLCA's own.
"""

from __future__ import annotations

import json
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

ELEMENTARY, PRODUCT, WASTE = "ELEMENTARY_FLOW", "PRODUCT_FLOW", "WASTE_FLOW"
DATED = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say: a file is what it holds
VERSION = "01.00.000"

MASS, ENERGY = "kg", "kWh"
UNITS: Mapping[str, Mapping[str, str]] = {
    MASS: {
        "unit": "20aadc24-a391-41cf-b340-3e4529f44bde",
        "property": "93a60a56-a3c8-11da-a746-0800200b9a66",
        "group": "93a60a57-a4c8-11da-a746-0800200c9a66",
    },
    ENERGY: {
        "unit": "86ad2244-1f0e-4912-af53-7865283103e4",
        "property": "f6811440-ee37-11de-8a39-0800200c9a66",
        "group": "93a60a57-a3c8-11da-a746-0800200c9a66",
    },
}
"""Identifiers of openLCA's reference data: unit, quantity, group of units."""
MEGAJOULE = "52765a6c-3896-43c2-b2f4-c679acf13efe"
GROUPS: Mapping[str, tuple[str, str, Sequence[tuple[str, str, float]]]] = {
    MASS: ("Units of mass", "Mass", [(UNITS[MASS]["unit"], "kg", 1.0)]),
    ENERGY: (
        "Units of energy",
        "Energy",
        [(MEGAJOULE, "MJ", 1.0), (UNITS[ENERGY]["unit"], "kWh", 3.6)],
    ),
}
EVERYWHERE = "Global"


@dataclass(frozen=True, slots=True)
class Exchange:
    """What passes the boundary of a process, per unit of its reference."""

    name: str
    amount: float  #: Mean, in ``unit``
    sd: float | None  #: Standard deviation between replications; None of one
    is_input: bool
    kind: str  #: `ELEMENTARY`, `PRODUCT` or `WASTE`
    unit: str = MASS
    category: str = ""
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A factor of a process, with the range within which it lies."""

    name: str
    value: float
    low: float
    high: float
    meaning: str


@dataclass(frozen=True)
class UnitProcess:
    """A unit process with its exchanges."""

    name: str
    about: str
    exchanges: tuple[Exchange, ...]
    parameters: tuple[Parameter, ...] = ()
    uid: str = ""  #: What tells it apart from another of the same name: the hash of a design


def zipped(process: UnitProcess) -> bytes:
    """Return the process as a zip; the same process gives the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(_files(process)):
            info = zipfile.ZipInfo(name, DATED)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, json.dumps(content, indent=1, allow_nan=False) + "\n")
    return buffer.getvalue()


def _files(process: UnitProcess) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "olca-schema.json", {"version": 2}
    place = _id("location", EVERYWHERE)
    named = {"@type": "Location", "@id": place, "name": EVERYWHERE, "code": "GLO"}
    yield f"locations/{place}.json", named
    for unit in dict.fromkeys(each.unit for each in process.exchanges):
        ids, (group, quantity, members) = UNITS[unit], GROUPS[unit]
        yield f"unit_groups/{ids['group']}.json", _group(ids["group"], group, members)
        yield f"flow_properties/{ids['property']}.json", _quantity(ids, quantity, group)
    for each in process.exchanges:
        yield f"flows/{_flow_id(each)}.json", _flow(each)
    for factor in process.parameters:
        parameter = _parameter(factor)
        yield f"parameters/{parameter['@id']}.json", parameter
    told = _process(process)
    yield f"processes/{told['@id']}.json", told


def _id(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "\n".join(("cleanerline", *parts))))


def _flow_id(of: Exchange) -> str:
    return _id("flow", of.kind, of.category, of.name, of.unit)


def _ref(kind: str, uid: str, name: str) -> dict[str, Any]:
    return {"@type": kind, "@id": uid, "name": name}


def _group(uid: str, name: str, members: Sequence[tuple[str, str, float]]) -> dict[str, Any]:
    units = [
        {**_ref("Unit", unit, word), "conversionFactor": factor, "isRefUnit": factor == 1.0}
        for unit, word, factor in members
    ]
    return {**_ref("UnitGroup", uid, name), "version": VERSION, "units": units}


def _quantity(ids: Mapping[str, str], name: str, group: str) -> dict[str, Any]:
    return {
        **_ref("FlowProperty", ids["property"], name),
        "version": VERSION,
        "flowPropertyType": "PHYSICAL_QUANTITY",
        "unitGroup": _ref("UnitGroup", ids["group"], group),
    }


def _flow(of: Exchange) -> dict[str, Any]:
    ids, (_, quantity, _) = UNITS[of.unit], GROUPS[of.unit]
    factor = {
        "@type": "FlowPropertyFactor",
        "isRefFlowProperty": True,
        "conversionFactor": 1.0,
        "flowProperty": _ref("FlowProperty", ids["property"], quantity),
    }
    return {
        **_ref("Flow", _flow_id(of), of.name),
        "category": of.category,
        "version": VERSION,
        "flowType": of.kind,
        "flowProperties": [factor],
    }


def _exchange(number: int, of: Exchange) -> dict[str, Any]:
    ids, (_, quantity, _) = UNITS[of.unit], GROUPS[of.unit]
    told: dict[str, Any] = {
        "@type": "Exchange",
        "internalId": number,
        "amount": of.amount,
        "isInput": of.is_input,
        "input": of.is_input,
        "isQuantitativeReference": of.is_reference,
        "quantitativeReference": of.is_reference,
        "isAvoidedProduct": False,
        "avoidedProduct": False,
        "flow": {
            **_ref("Flow", _flow_id(of), of.name),
            "category": of.category,
            "flowType": of.kind,
        },
        "unit": _ref("Unit", ids["unit"], of.unit),
        "flowProperty": _ref("FlowProperty", ids["property"], quantity),
    }
    if of.sd:
        told["uncertainty"] = {
            "@type": "Uncertainty",
            "distributionType": "NORMAL_DISTRIBUTION",
            "mean": of.amount,
            "sd": of.sd,
        }
    return told


def _process(of: UnitProcess) -> dict[str, Any]:
    uid = _id("process", of.name, of.uid)
    products = [each for each in of.exchanges if each.kind == PRODUCT and not each.is_input]
    weighed = sum(each.amount for each in products)
    shares = [
        {
            "@type": "AllocationFactor",
            "allocationType": "PHYSICAL_ALLOCATION",
            "product": _ref("Flow", _flow_id(each), each.name),
            "value": each.amount / weighed,
        }
        for each in products
    ]
    return {
        **_ref("Process", uid, of.name),
        "version": VERSION,
        "processType": "UNIT_PROCESS",
        "description": of.about,
        "location": {**_ref("Location", _id("location", EVERYWHERE), EVERYWHERE)},
        "defaultAllocationMethod": "PHYSICAL_ALLOCATION",
        "allocationFactors": shares if len(shares) > 1 else [],
        "exchanges": [_exchange(n, each) for n, each in enumerate(of.exchanges, start=1)],
        "lastInternalId": len(of.exchanges),
    }


def _parameter(each: Parameter) -> dict[str, Any]:
    """Return a parameter of all processes: Brightway stumbles over one of a process."""
    return {
        **_ref("Parameter", _id("parameter", each.name), each.name),
        "description": each.meaning,
        "parameterScope": "GLOBAL_SCOPE",
        "isInputParameter": True,
        "value": each.value,
        "uncertainty": {
            "@type": "Uncertainty",
            "distributionType": "TRIANGLE_DISTRIBUTION",
            "minimum": each.low,
            "mode": each.value,
            "maximum": each.high,
        },
    }
