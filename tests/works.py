"""What tests hand to use cases in place of an entry point."""

from db.session import AsyncSession
from domain.access import Actor
from service.clock import today
from service.vaults import Vault
from service.work import Work


def make_work(session: AsyncSession, actor: Actor | None = None, vault: Vault | None = None) -> Work:
    """The work of an actor, by default of whoever has the command line, under a key that is no secret."""
    return Work(session, actor or Actor.for_command_line(), vault or Vault(bytes(range(32))), today())
