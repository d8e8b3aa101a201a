"""Allocations: prepared, computed, settled, adjusted, decided upon, adopted."""

from service.allocations.adopting import Adopted, adopt
from service.allocations.amending import Amendment
from service.allocations.announcing import Announced, announce
from service.allocations.certifying import certificate
from service.allocations.computing import Computing
from service.allocations.deciding import adjust, approve, propose, withdraw
from service.allocations.preparing import prepare
from service.allocations.reading import Described, describe, get, page
from service.allocations.settling import Draw, settle

__all__ = [
    "Adopted",
    "Amendment",
    "Announced",
    "Computing",
    "Described",
    "Draw",
    "adjust",
    "adopt",
    "announce",
    "approve",
    "certificate",
    "describe",
    "get",
    "page",
    "prepare",
    "propose",
    "settle",
    "withdraw",
]
