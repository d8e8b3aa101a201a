"""What makes a plan impossible to carry out: every error at once, with its pointer."""

from domain.findings import Finding
from domain.plans import numbers, references
from domain.plans.plan import Plan


def check_plan(plan: Plan) -> tuple[Finding, ...]:
    """Every reason why the plan cannot stand; none means it can be published.

    Pointers are RFC 6901 into the plan's body. Words that merely contradict each other are no errors: see
    :func:`domain.plans.contradictions.contradictions`.
    """
    return (*references.check_references(plan), *numbers.check_numbers(plan))
