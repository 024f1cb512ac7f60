"""What is said when something can't be done."""


class Refused(Exception):  # noqa: N818 # it is an answer, not an error of the program
    """A move that a study can't make as it stands; its text says why and what to do."""
