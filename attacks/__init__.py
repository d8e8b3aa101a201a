"""Attacks on a service that is started for them: ``python -m attacks``, or ``make attack``.

Each attack is a row of the table that is printed. :mod:`attacks.rows` has them all, by the point of the list
that they belong to: a new one is a function that is named there.
"""
