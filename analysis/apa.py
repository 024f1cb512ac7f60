"""PURE: numbers as the Publication Manual of the APA (7th ed., sec. 6.36–6.45) prints them."""

from decimal import Decimal
from math import floor, log10

MINUS = "\N{MINUS SIGN}"
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Below this a level is written as a power of ten.
TINY = 1e-6


def number(value: float, places: int = 2) -> str:
    """A number with so many decimals and a real minus sign; never a minus before zero."""
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def fraction(value: float, places: int = 2) -> str:
    """A number that can't exceed 1, such as an alpha: without the zero before its point."""
    return number(value, places).replace("0.", ".", 1) if abs(value) < 1 else number(value, places)


def declared(value: float, places: int = 2) -> str:
    """A number that somebody chose, to its last digit and with at least so many: 0.30, 0.125."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return number(value, max(places, -exponent if isinstance(exponent, int) else 0))


def level(alpha: float) -> str:
    """An alpha, or a share of one, with up to four digits: .05, .01667, .001."""
    return f"{Decimal(f'{alpha:.4g}'):f}".replace("0.", ".", 1)


def nominal(p: float, places: int = 4) -> str:
    """A nominal level, never shown as zero: .0440, or with two digits, .00038, 1.2 × 10⁻⁹."""
    if p <= 0:
        return fraction(0.0, places)
    if p < TINY:
        digits, power = f"{p:.1e}".split("e-")
        return f"{digits} × 10⁻{power.lstrip('0').translate(RAISED)}"
    return fraction(p, max(places, 1 - floor(log10(p))))


def chance(value: float) -> str:
    """A probability with two digits, < .01 or > .99 where these would say never or always."""
    if value == 0:
        return "0"
    if value < 0.005:
        return "< .01"
    return "> .99" if value > 0.995 else fraction(value)


def interval(low: float, high: float, places: int = 2) -> str:
    """An interval: [−0.25, 1.66]."""
    return f"[{number(low, places)}, {number(high, places)}]"


def p_value(p: float, places: int = 3) -> str:
    """A p-value as it follows p: = .012, or < .001 or > .999 where it can't be shown."""
    smallest = 10.0**-places
    if p < smallest:
        return f"< {fraction(smallest, places)}"
    if p > 1 - smallest / 2:
        return f"> {fraction(1 - smallest, places)}"
    return f"= {fraction(p, places)}"


def degrees(df: float) -> str:
    """Degrees of freedom: 36, or 7.15 where they are no whole number."""
    return f"{df:.0f}" if float(df).is_integer() else number(df)


def percent(part: int, whole: int) -> str:
    """A share in per cent with one decimal; a dash of nothing."""
    return f"{100 * part / whole:.1f}%" if whole else "–"
