"""The values that can be given on the command line."""

import argparse
import math

from wartimeline.web.links import LinkState


def parse_states(text: str) -> list[LinkState]:
    """Read one or more states of links, with commas between them."""
    try:
        return [LinkState(part.strip()) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"states are {', '.join(LinkState)}") from None


def parse_whole(text: str) -> int:
    """Read a whole number, 0 included."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)


def parse_count(text: str) -> int:
    """Read a whole number of 1 or more."""
    if (number := parse_whole(text)) == 0:
        raise argparse.ArgumentTypeError("it must be 1 or more")
    return number


def parse_seconds(text: str) -> float:
    """Read a length of time, which may be 0."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of 0 or more")
    return number


def parse_positive_seconds(text: str) -> float:
    """Read a length of time."""
    if (number := parse_seconds(text)) == 0:
        raise argparse.ArgumentTypeError("it must be more than 0")
    return number


def parse_endpoint(text: str) -> str:
    """Read the address of a server; the slash at its end is left out."""
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"'{text}' is not an http or https address")
    return text.rstrip("/")
