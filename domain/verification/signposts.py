"""The signposts of the divisor methods, from their definitions."""

from fractions import Fraction


def compute_signpost(method: str, parameter: Fraction | None, k: int) -> Fraction:
    """s(k), or its square for Huntington-Hill."""
    match method:
        case "dhondt":
            return Fraction(k)
        case "adams":
            return Fraction(k - 1)
        case "huntington_hill":
            return Fraction(k * (k - 1))
        case "dean":
            return Fraction(2 * k * (k - 1), 2 * k - 1)
        case "stationary" if parameter is not None:
            return k - 1 + parameter
        case "modified_sainte_lague" if parameter is not None and k == 1:
            return parameter / 2
    return Fraction(2 * k - 1, 2)
