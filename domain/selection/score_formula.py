"""The plan's formula for the score: one whole number from the unit's ranking, titles and merit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from domain.findings import Finding, Invalid
from domain.plans import SelectionRule
from domain.selection.pool import MOST_SCORE


@dataclass(frozen=True, slots=True)
class ScoreFormula:
    """Points for the rank that the unit gave its nominee, for titles, and for merit.

    ``ranks``: points of the unit's first, second, … nominee; a lower rank, or no rank, gives no points.
    ``titles``: title → points; ``counting`` "all" adds them up, "best" takes the greatest.
    ``merit``: points for one unit of merit.
    """

    ranks: Sequence[int] = ()
    titles: Mapping[str, int] = field(default_factory=dict)
    counting: Literal["all", "best"] = "all"
    merit: int = 0

    def compute_score(
        self, *, rank: int | None = None, titles: Collection[str] = (), merit: int | None = None
    ) -> int:
        """The points of one nominee; ``rank`` counts from 1.

        :raises Invalid: where the rank is out of range, or the points exceed the range of a score.
        """
        if rank is not None and rank < 1:
            raise Invalid("selection_rank_out_of_range", {"rank": rank})
        points = self.ranks[rank - 1] if rank is not None and rank <= len(self.ranks) else 0
        title_points = [self.titles[title] for title in set(titles) if title in self.titles]
        points += sum(title_points) if self.counting == "all" else max(title_points, default=0)
        points += self.merit * (merit or 0)
        if abs(points) > MOST_SCORE:
            at = Finding("selection_score_out_of_range", {"nominee": "", "most": MOST_SCORE}, "/score")
            raise Invalid(at.code, at.params, errors=[at])
        return points


def build_formula(rule: SelectionRule) -> ScoreFormula:
    """The formula of a plan; the points for merit are in whole points already, not in units of merit.

    Titles are told apart without regard to capital letters.
    """
    titles = {title.casefold(): points for title, points in rule.titles.items()}
    return ScoreFormula(rule.ranks, titles, rule.counting, merit=1)
