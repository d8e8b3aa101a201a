"""The search for the best list and for clashes: arrays, bounds, and the solver HiGHS.

Only the rules of :mod:`domain.selection` import it, and only when needed: numpy and the solver take time to
load.
"""
