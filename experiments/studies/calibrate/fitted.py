"""Where a fit ended: its values as they are written, and what the data say of them."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.output.answer import Table
from plant_models.methods.calibration import Calibratable, Parameter
from sim.statistics.fitting import Fit

DIGITS = 6  # of what is written: far finer than any spread, coarser than rounding of a machine
TELLING = 0.3  # correlation from which a pair is written
COMMAND = "python -m experiments calibrate"
HEADER = f"""\
# Written by `{COMMAND}`; do not edit. Calibrated, not measured: values
# moved within their ranges to meet {{aims}}.
# spread: standard deviation of the linearised posterior. moved: by how many spreads of the prior
# (a quarter of the range). identified: 1 - spread afterwards over before; 0 where data say nothing.
"""
NUMBERS = ("value", "prior", "low", "high", "spread", "moved", "identified")
PARAMETERS = ("kind", "name", "unit", "source", *NUMBERS, "remark")


@dataclass(frozen=True)
class Fitted:
    """A fit of a plant's free parameters, with values as they are written.

    Parameters
    ----------
    parameters : tuple of Parameter
    fit : Fit
    """

    parameters: tuple[Parameter, ...]
    fit: Fit

    def remark(self, parameter: Parameter) -> str:
        """Return why a parameter stands at an end of its range; empty where it does not."""
        end = self.fit.at_bounds.get(parameter.name)
        if end is None:
            return ""
        pulls = list(self.fit.pulls(parameter.name).items())[:2]
        told = " and ".join(f"{name} ({share:.0%} of the pull)" for name, share in pulls)
        return f"at the {end} end of its range; {told} would take it further"

    @property
    def values(self) -> Table:
        """The parameters, a row each."""
        told = zip(
            self.parameters,
            self.fit.point,
            self.fit.spreads,
            self.fit.moved,
            self.fit.identified,
            strict=True,
        )
        return Table(
            PARAMETERS,
            [
                (
                    *(p.kind, p.name, p.unit, p.source),
                    *(value, p.prior.value, p.prior.low, p.prior.high),
                    float(f"{spread:.3g}"),
                    round(moved, 3) + 0.0,
                    round(abs(identified), 3),
                    self.remark(p),
                )
                for p, value, spread, moved, identified in told
            ],
        )

    @property
    def residuals(self) -> Table:
        """The targets, a row each: aim, model, deviation relative to the aim."""
        return Table(
            ("target", "aim", "tolerance", "model", "deviation"),
            [
                (
                    target.name,
                    target.value,
                    rounded(target.sigma),
                    rounded(shown),
                    round(shown / target.value - 1.0, 5),
                )
                for target, shown in zip(self.fit.targets, self.fit.outcome, strict=True)
            ],
        )

    @property
    def pairs(self) -> Table:
        """The pairs of parameters that the data tie together, the strongest first."""
        return Table(
            ("one", "other", "correlation"),
            [(a, b, round(r, 3)) for a, b, r in self.fit.correlations(at_least=TELLING)],
        )

    def as_toml(self, of: Calibratable) -> str:
        """Return the text of ``calibrated.toml``."""
        lines = [HEADER.format(aims=of.aims), "[inputs]", f'fingerprint = "{of.fingerprint}"']
        for row in self.values.records:
            lines += ["", f'[{row["kind"]}."{row["name"]}"]']
            lines += [f"{key} = {row[key]!r}" for key in NUMBERS]
            if row["remark"]:
                lines.append(f'remark = "{row["remark"]}"')
        return "\n".join(lines) + "\n"


def rounded(value: float) -> float:
    """Return a value to as many digits as are written.

    >>> rounded(0.123456789)
    0.123457
    """
    return float(f"{value:.{DIGITS}g}")
