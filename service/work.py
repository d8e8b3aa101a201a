"""What every use case works with: the session, who acts, the vault, and the day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from db.session import AsyncSession
from domain.access import Actor
from service.settings import SettingError
from service.vaults import Vault


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work: a request, a command, or one step of a run.

    ``session`` is its transaction, opened by the entry point; ``actor`` acts, with the grants that serve the
    call; ``vault`` seals and opens personal data; ``today`` is the day in Vietnam, the same throughout.
    """

    session: AsyncSession
    actor: Actor
    given_vault: Vault | None
    today: date

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
