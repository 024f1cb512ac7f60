"""Who runs a command."""

import getpass
import os


def shell_user() -> str:
    """The name of whoever runs a command, for records of what they did."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        name = f"user {os.getuid()}"
    return f"{name} (shell)"
