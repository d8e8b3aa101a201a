"""The frozen inputs of an allocation's run: what it is about, the seats to give, and the targets to split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.allocations.inputs import AllocationInputs, UnitFigures
from domain.allocations.serialization import plain_inputs, read_inputs
from domain.allocations.targets import (
    SplitTarget,
    TargetCertificate,
    TargetShare,
    certify_target_shares,
    compute_target_shares,
    list_split_targets,
)
from domain.findings import Finding, Plain
from domain.plans import Tier
from domain.snapshots import compute_digest, plain_record, plain_value

ALLOCATION_SCHEMA = "allocation/1"
"""The schema of these inputs; stored inputs of this name are read for ever."""


@dataclass(frozen=True, slots=True)
class TargetInputs:
    """The targets that are split over units, the most of them on one seat, and each unit's figures."""

    asks: tuple[SplitTarget, ...]
    stacking_limit: int | None
    figures: Mapping[str, Mapping[str, int]]

    def split(
        self, seats: Mapping[tuple[str, str], int], seed: str
    ) -> tuple[tuple[TargetShare, ...], tuple[Finding, ...]]:
        """The targets split over units for these seats; equal claims are settled by ``seed``."""
        return compute_target_shares(self.asks, seats, self.figures, seed=seed, limit=self.stacking_limit)


@dataclass(frozen=True, slots=True)
class AllocationSnapshot:
    """All that an allocation is computed from.

    ``unit`` is the code of the conference's unit, ``plan`` the digest of the plan version, ``as_of`` the day
    of the figures in ISO 8601.
    """

    congress: str
    unit: str
    tier: str
    plan: str
    as_of: str
    frame: AllocationInputs
    targets: TargetInputs

    @property
    def split_seed(self) -> str:
        """The seed that settles equal claims when targets are split: of whose conference this is alone.

        The digest of all inputs would let somebody try edits without effect until the ties fall as they like
        (docs/decisions/0023).
        """
        return compute_digest({"congress": self.congress, "unit": self.unit, "tier": self.tier})

    def split_targets(
        self, seats: Mapping[tuple[str, str], int]
    ) -> tuple[tuple[TargetShare, ...], tuple[Finding, ...]]:
        """The targets split over units for these seats, (unit, group) → seats."""
        return self.targets.split(seats, self.split_seed)

    def certify_targets(self, seats: Mapping[tuple[str, str], int]) -> tuple[TargetCertificate, ...]:
        """What proves the split of each target for these seats."""
        asks, figures, limit = self.targets.asks, self.targets.figures, self.targets.stacking_limit
        return certify_target_shares(asks, seats, figures, seed=self.split_seed, limit=limit)

    def plain(self) -> dict[str, Plain]:
        """The inputs as plain data; their digest is over exactly this."""
        return {
            "schema": ALLOCATION_SCHEMA,
            "congress": self.congress,
            "unit": self.unit,
            "tier": self.tier,
            "plan": self.plan,
            "as_of": self.as_of,
            "frame": plain_inputs(self.frame),
            "asks": [plain_record(ask) for ask in self.targets.asks],
            "stacking_limit": self.targets.stacking_limit,
            "figures": plain_value(self.targets.figures),
        }

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "AllocationSnapshot":
        """The inverse of ``plain()``."""
        asks = tuple(SplitTarget.read_plain(ask) for ask in content["asks"])
        return cls(
            **{name: content[name] for name in ("congress", "unit", "tier", "plan", "as_of")},
            frame=read_inputs(content["frame"]),
            targets=TargetInputs(asks, content["stacking_limit"], content["figures"]),
        )


def derive_target_inputs(tier: Tier, units: Sequence[UnitFigures]) -> TargetInputs:
    """The targets of a tier, to be split by the figures of ``units``."""
    figures = {each.unit: dict(each.measures) for each in units}
    return TargetInputs(tuple(list_split_targets(tier)), tier.stacking_limit, figures)
