"""Allocations: a conference's seat groups over its units, stage by stage, from frozen inputs."""

from domain.allocations.frame import Claimant, Figures, Frame, Gap, Stage, stages
from domain.allocations.outcome import How, Outcome, Settled, StageOutcome, allocate, claims, drawn
from domain.allocations.targets import Ask, Share, asks, shares

__all__ = [
    "Ask",
    "Claimant",
    "Figures",
    "Frame",
    "Gap",
    "How",
    "Outcome",
    "Settled",
    "Share",
    "Stage",
    "StageOutcome",
    "allocate",
    "asks",
    "claims",
    "drawn",
    "shares",
    "stages",
]
