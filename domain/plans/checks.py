"""The errors that make a plan impossible to carry out, all together, each with its pointer."""

from domain.findings import Finding
from domain.plans import numbers, references, stated_values
from domain.plans.plan import Plan


def check_plan(plan: Plan) -> tuple[Finding, ...]:
    """Every error in the plan; a plan without errors can be published.

    Pointers are JSON pointers (RFC 6901) into the plan's body. Rules that only contradict each other are no
    errors: see :func:`domain.plans.contradictions.check_contradictions`.
    """
    return (
        *references.check_references(plan),
        *numbers.check_numbers(plan),
        *stated_values.check_stated_values(plan),
    )
