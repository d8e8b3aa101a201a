"""The certificate of a split: figures, factors, shares and places as JSON, for a check without the engine."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.composition.solver.split_table import SplitRow
from domain.composition.split import Split, format_millionths
from domain.findings import Plain
from domain.snapshots import compute_digest

FORMAT = "daibieu-split-1"


def build_split_certificate(
    rows: Sequence[SplitRow],
    columns: Mapping[str, int],
    split: Split,
    by_hand: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, Plain]:
    """``split``, the answer for these arguments, as JSON (``docs/composition.md``).

    Raises ``ValueError`` for a split whose places were changed by the guard for small units, or whose shares
    could not be proven: there is nothing that proves them.
    """
    proof = split.proof
    if proof is None:
        raise ValueError("this split has no proof")
    units = {unit.unit: unit for unit in split.units}
    plain_rows: list[Plain] = []
    for row in sorted(rows, key=lambda row: row.unit):
        plain: dict[str, Plain] = {
            "unit": row.unit,
            "seats": row.seats,
            "people": None if row.people is None else dict(row.people),
            "headcount": row.headcount,
            "by_hand": dict((by_hand or {}).get(row.unit, {})),
        }
        if row.unit in units:
            own = units[row.unit]
            shares = map(format_millionths, own.shares)
            plain["shares"] = dict(zip(split.values, shares, strict=True))
            plain["places"] = dict(zip(split.values, own.places, strict=True))
        plain_rows.append(plain)
    content: dict[str, Plain] = {
        "format": FORMAT,
        "status": "split" if split.feasible else "infeasible",
        "seed": split.seed,
        "columns": dict(columns),
        "rows": plain_rows,
        "short": sorted(proof.short),
    }
    if split.feasible:
        factors = zip(split.values, proof.factors, strict=True)
        content["factors"] = {value: str(Decimal(factor)) for value, factor in factors}
        content["tight"] = [list(some) for some in sorted(tuple(sorted(some)) for some in proof.tight)]
        content["fixed_by_seats"] = proof.fixed_by_seats
    return {**content, "digest": compute_digest(content)}
