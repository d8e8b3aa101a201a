"""Allocations: a conference's seat groups over its units, stage by stage, from frozen inputs."""

from domain.allocations.frame import EQUAL, Figures, Frame, Group, Member, amended, frame
from domain.allocations.outcome import GroupOutcome, How, Outcome, Settled, Stage, allocate, drawn
from domain.allocations.targets import Ask, Share, asks, shares
from domain.allocations.written import plain_frame, plain_given, read_frame, read_rule

__all__ = [
    "EQUAL",
    "Ask",
    "Figures",
    "Frame",
    "Group",
    "GroupOutcome",
    "How",
    "Member",
    "Outcome",
    "Settled",
    "Share",
    "Stage",
    "allocate",
    "amended",
    "asks",
    "drawn",
    "frame",
    "plain_frame",
    "plain_given",
    "read_frame",
    "read_rule",
    "shares",
]
