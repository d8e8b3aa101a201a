"""What every use case takes: the work, and the case that it is about."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol, Self, TypeVar
from uuid import UUID

from db.conferences import Conference
from db.plans import PlanVersion
from db.session import AsyncSession
from domain.access import Actor
from domain.conferences.terms import ConferenceTerms
from domain.plans import Plan, Tier
from service.settings import SettingError
from service.vaults import Vault

T = TypeVar("T")


class Executor(Protocol):
    """Computes beside the event loop: in a thread, or in a process, for which the function has to be one of a
    module, and what it takes and returns is copied. Large results are better text or bytes: to make a million
    objects of them holds all threads up."""

    async def __call__(self, compute: Callable[..., T], /, *given: object) -> T:
        """What ``compute`` returns for these values."""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work: a request, a command, or one step of a run.

    ``session`` is its transaction, which the entry point begins; ``actor`` has the grants that apply to the
    call; ``vault`` seals and opens personal data; ``today`` is the day in Vietnam, the same throughout.
    ``names`` are those of the units and parts of plans that were met so far; sentences show them for ids.
    """

    session: AsyncSession
    actor: Actor
    given_vault: Vault | None
    today: date
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def vault(self) -> Vault:
        """The vault; raises ``SettingError`` in a command that was started without the master key."""
        if self.given_vault is None:
            raise SettingError("this needs the master key: set DAIBIEU_MASTER_KEY_FILE")
        return self.given_vault

    def acting_as(self, actor: Actor) -> Self:
        """The same work by another actor."""
        return replace(self, actor=actor)

    def acting_for(self, unit: UUID) -> Self:
        """The same work on behalf of another unit."""
        return self.acting_as(self.actor.acting_for(unit))


@dataclass(frozen=True, slots=True)
class Case:
    """A conference and the rules for acts on it, loaded at the beginning of an act.

    ``version`` is the stored plan version that is followed: by the conference, or by the allocation or list
    in question. ``plan`` and ``tier`` are its rules, and ``terms`` the rules for this conference.
    ``may_act``: whether the actor may act for the conference's unit.
    """

    conference: Conference
    version: PlanVersion
    plan: Plan
    tier: Tier
    terms: ConferenceTerms
    may_act: bool

    @property
    def chain(self) -> UUID:
        """The plan in whose audit chain all that happens to the conference is recorded."""
        return self.version.plan

    @property
    def congress(self) -> str:
        """The congress chain of the conference."""
        return self.conference.congress
