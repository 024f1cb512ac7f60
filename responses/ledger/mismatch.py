"""What a verification ends with."""


class MismatchError(Exception):
    """The first thing that does not hold."""
