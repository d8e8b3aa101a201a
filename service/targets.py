"""Attributes of a person that no target of the plan counts are refused."""

from collections.abc import Collection

from domain.findings import Finding, Invalid, escape_pointer_step
from domain.people import OPEN_ATTRIBUTES, SEALED_ATTRIBUTES
from domain.plans import Target as PlanTarget
from service.people import PersonEntry


def expect_counted_attributes(targets: Collection[PlanTarget], stated: PersonEntry | None) -> None:
    """Raise ``Invalid`` for attributes beyond the usual ones that no target of the plan counts."""
    counted = {target.attribute for target in targets}
    attributes = {} if stated is None else stated.attributes
    wrong = [
        Finding("attribute_not_counted", {"attribute": name}, f"/person/other/{escape_pointer_step(name)}")
        for name in sorted(attributes.keys() - {*OPEN_ATTRIBUTES, *SEALED_ATTRIBUTES} - counted)
    ]
    if wrong:
        raise Invalid("attribute_not_counted", wrong[0].params, errors=wrong)
