"""Every table, in one metadata: what migrations compare the database with."""

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import db


def build_metadata() -> MetaData:
    """The metadata with each noun's tables in it."""
    for module in iter_modules(db.__path__):
        import_module(f"db.{module.name}")
    return SQLModel.metadata
