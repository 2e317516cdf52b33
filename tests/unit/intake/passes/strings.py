"""Strings of boarding passes, built field by field; all people are invented."""


def leg(  # noqa: PLR0913 - the fields of a leg, all named
    origin: str = "FRA",
    destination: str = "ADD",
    operating: str = "ET",
    *,
    number: str = "0707 ",
    day: str = "346",
    locator: str = "ABC123",
    variable: str = "",
    rest: str = "Y012A0045 1",
) -> str:
    """Write a leg with its variable part."""
    flight = f"{locator:7}{origin:3}{destination:3}{operating:3}{number:5}{day:3}"
    return f"{flight}{rest:11}{len(variable):02X}{variable}"


def unique(issued: str = "6326", version: str = "5") -> str:
    """Write the part that only the first leg has; *issued* is the last digit of the year and the day."""
    fields = f"0MM{issued:4}BET {'':13}"
    return f">{version}{len(fields):02X}{fields}"


def seller(marketing: str = "ET", own: str = "") -> str:
    """Write the conditional part of a leg: item 19 among numbers that nobody may keep."""
    fields = f"0711234567890 0{marketing:3}LH 992001234567890 N20KN"
    return f"{len(fields):02X}{fields}{own}"


def bcbp(*legs: str, name: str = "DOE/JANE", ticket: str = "E") -> str:
    """Write the string of a pass."""
    return f"M{len(legs)}{name[:20]:20}{ticket}{''.join(legs)}"
