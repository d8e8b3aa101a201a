"""The metadata of all tables: migrations compare the database with it."""

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import db


def build_metadata() -> MetaData:
    """The metadata of every table: each module of ``db`` is imported, its packages have no tables."""
    for module in iter_modules(db.__path__):
        if not module.ispkg:
            import_module(f"db.{module.name}")
    return SQLModel.metadata
