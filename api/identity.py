"""Who calls. Until identities are checked, the local mode has one actor, and a server lets nobody in."""

from fastapi import Request

from api.problems import Problem
from api.routes import Identify
from domain.access import Actor
from service.settings import Settings


def identify(settings: Settings) -> Identify:
    """How callers are told apart in this mode."""
    return _local if settings.mode == "local" else _nobody


def _local(_: Request) -> Actor:
    return Actor.local()


def _nobody(_: Request) -> Actor:
    raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})
