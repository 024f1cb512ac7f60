"""PURE: numbers as the Publication Manual of the APA (7th ed., sec. 6.36–6.45) prints them."""

MINUS = "\N{MINUS SIGN}"


def number(value: float, places: int = 2) -> str:
    """A number with so many decimals and a real minus sign; never a minus before zero."""
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def fraction(value: float, places: int = 2) -> str:
    """A number that can't exceed 1, such as an alpha: without the zero before its point."""
    return number(value, places).replace("0.", ".", 1) if abs(value) < 1 else number(value, places)


def interval(low: float, high: float, places: int = 2) -> str:
    """An interval: [−0.25, 1.66]."""
    return f"[{number(low, places)}, {number(high, places)}]"


def p_value(p: float, places: int = 3) -> str:
    """A p-value as it follows p: = .012, or < .001 where it is smaller than can be shown."""
    smallest = 10.0**-places
    if p < smallest:
        return f"< {fraction(smallest, places)}"
    return f"= {fraction(p, places)}"


def degrees(df: float) -> str:
    """Degrees of freedom: 36, or 7.15 where they are no whole number."""
    return f"{df:.0f}" if float(df).is_integer() else number(df)


def percent(part: int, whole: int) -> str:
    """A share in per cent with one decimal; a dash of nothing."""
    return f"{100 * part / whole:.1f}%" if whole else "–"
