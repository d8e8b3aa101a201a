"""Where the rules of a plan come from: a clause of the plan, or the decision of an organ."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRule:
    """A rule with the ids of its clause and of the decision that gives what the clause leaves open."""

    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedRule(PlanRule):
    """A rule that must name its clause or its decision; parts inside of it inherit them."""
