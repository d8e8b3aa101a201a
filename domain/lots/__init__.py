"""Lots, and every other way to settle a tie: what is allowed, from where a seed comes, and drawing once.

The same rules serve ties of an allocation, of equally good lists, and of a quota's distribution. What exactly
is tied, and the digest that identifies it, is a matter of whoever computes it.
"""

from domain.lots.announcements import (
    SeedAnnouncement,
    expect_day_ahead,
    expect_first_announcement,
    expect_free_day,
    expect_same_announcement,
)
from domain.lots.ballots import (
    Ballot,
    SentNomination,
    build_ballots,
    compute_draw_order,
    map_nominations_by_number,
    map_numbers,
)
from domain.lots.certificate import build_lots_certificate
from domain.lots.lists import (
    DrawnLot,
    build_list_tie_key,
    digest_list_tie,
    expect_newest_lots,
    list_lots,
)
from domain.lots.orders import expect_valid_lots
from domain.lots.settlements import (
    SettlementMethod,
    SettlementTerms,
    TieKey,
    TieSettlement,
    check_settlement,
    complete_settlement,
    expect_allowed_settlement,
    expect_complete_settlement,
    expect_planned_method,
    expect_same_lot,
    list_planned_methods,
)

__all__ = [
    "Ballot",
    "DrawnLot",
    "SeedAnnouncement",
    "SentNomination",
    "SettlementMethod",
    "SettlementTerms",
    "TieKey",
    "TieSettlement",
    "build_ballots",
    "build_list_tie_key",
    "build_lots_certificate",
    "check_settlement",
    "complete_settlement",
    "compute_draw_order",
    "digest_list_tie",
    "expect_allowed_settlement",
    "expect_complete_settlement",
    "expect_day_ahead",
    "expect_first_announcement",
    "expect_free_day",
    "expect_newest_lots",
    "expect_planned_method",
    "expect_same_announcement",
    "expect_same_lot",
    "expect_valid_lots",
    "list_lots",
    "list_planned_methods",
    "map_nominations_by_number",
    "map_numbers",
]
