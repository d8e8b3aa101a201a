"""The kinds of run, registered once: how each is loaded, computed and stored."""

from collections.abc import Mapping

from domain.runs import RunName
from service.allocations import AllocationRunKind
from service.calculations import ApportionmentRunKind
from service.runs import RunKind
from service.selections import SelectionRunKind

RUN_KINDS: Mapping[str, RunKind] = {
    RunName.ALLOCATION: AllocationRunKind(),
    RunName.APPORTIONMENT: ApportionmentRunKind(),
    RunName.SELECTION: SelectionRunKind(),
}
"""The kinds by the name that a run stores."""
