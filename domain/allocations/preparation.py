"""Whether an allocation can start, and the inputs that it is computed from."""

from collections.abc import Collection, Iterator, Sequence

from domain.allocations.inputs import AllocationInputs, UnitFigures, build_inputs
from domain.allocations.targets import STAFF_MEASURE, list_split_targets
from domain.findings import Conflict, Finding, Severity
from domain.plans import Plan, Tier


def derive_inputs(
    plan: Plan, tier: Tier, units: Sequence[UnitFigures]
) -> tuple[AllocationInputs, list[Finding]]:
    """The inputs of an allocation over ``units`` under a plan's rules, and warnings about them.

    Raises ``Conflict`` naming each unit whose figure is unknown or impossible, where there are no units, and
    where no group that units fill has a number and blocs: nothing is computed from a guess.
    """
    expect_shared_group(tier, units)
    ties = plan.choose_tie_rule(tier)
    inputs, findings = build_inputs(tier, units, ties=ties.how, lot=ties.lot, second=ties.measure)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    claimants = {one.id for group in inputs.groups for one in group.participants}
    errors += check_parts_of_staff(tier, units, claimants)
    expect_no_errors(errors, units)
    return inputs, findings


def expect_no_errors(errors: Sequence[Finding], units: Sequence[UnitFigures]) -> None:
    """Raise ``Conflict`` with the errors, and with what the predecessors of merged units would give them."""
    if errors:
        told = [*errors, *offer_inherited_figures(errors, units)]
        raise Conflict("allocation_cannot_start", {"errors": len(errors)}, errors=told)


def offer_inherited_figures(errors: Sequence[Finding], units: Sequence[UnitFigures]) -> Iterator[Finding]:
    """The sum by shares for each unit without figures whose predecessors reported them, to take over."""
    for unit in units:
        missing = {
            str(error.params["measure"])
            for error in errors
            if error.code == "figure_unknown" and error.params["unit"] == unit.code
        }
        report = unit.inherited.offer(sorted(missing)) if missing and unit.inherited else {}
        if report:
            params = {"unit": unit.code, "name": unit.name, "predecessors": unit.predecessors, **report}
            yield Finding("figures_of_predecessors", params, severity=Severity.INFO)


def expect_shared_group(tier: Tier, units: Sequence[UnitFigures]) -> None:
    """Raise ``Conflict`` unless there are units, and a group whose seats they share."""
    if not units:
        raise Conflict("no_units_below")
    groups = [group for group in tier.seat_groups if group.filled_by == "units"]
    if not groups:
        raise Conflict("no_group_filled_by_units", {"tier": tier.id})
    if any(group.blocs for group in groups):
        return
    errors = [
        Finding("group_without_blocs", {"group": group.id}, clause=group.clause or group.decision)
        for group in groups
    ]
    raise Conflict("group_without_blocs", errors[0].params, errors=errors)


def check_parts_of_staff(
    tier: Tier, units: Sequence[UnitFigures], claimants: Collection[str]
) -> list[Finding]:
    """Parts above their whole, where a later report gave the one and an earlier report the other."""
    return [
        Finding(
            "figures_at_odds",
            {"unit": unit.code, "name": unit.name, "measure": ask.part, "whole": STAFF_MEASURE},
        )
        for unit in units
        for ask in list_split_targets(tier)
        if unit.unit in claimants
        and STAFF_MEASURE in unit.measures
        and unit.measures.get(ask.part, 0) > unit.measures[STAFF_MEASURE]
    ]
