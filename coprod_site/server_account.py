"""The account that Postgres runs as: this process's own, or pgserver's where that is root's."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coprod_site.problems import StartError

NAME = "pgserver"


@dataclass(frozen=True)
class ServerAccount:
    """The user that owns the data and runs the server; `uid` is None for this process's own."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def of_this_process(cls) -> "ServerAccount":
        """The account of this process; for root, which Postgres refuses, one made for it."""
        if os.geteuid() != 0:
            return cls()
        entry = _entry() or _made()
        return cls(entry.pw_uid, entry.pw_gid)

    def for_subprocess(self) -> dict[str, Any]:
        """The arguments of subprocess that make a program run as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Gives the file or folder to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def private_folder(self, path: Path) -> None:
        """Makes the folder if it is missing, for the account alone.

        Refuses one that somebody else made first: who owns the socket's folder owns the socket.
        """
        path.mkdir(mode=0o700, exist_ok=True)
        if path.is_symlink() or path.stat().st_uid not in {os.geteuid(), self.uid}:
            raise StartError(f"{path} belongs to somebody else: remove it and try again.")
        self.own(path)
        path.chmod(0o700)

    def may_read(self, folder: Path) -> None:
        """Has the account read what is in `folder`, which a strict umask may have closed."""
        if self.uid is None or folder.stat().st_mode & stat.S_IROTH:
            return
        for path in (*folder.rglob("*"), folder):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program:
        command = [program, "--system", "--no-create-home", "--shell", "/bin/false", NAME]
        # Fails where another process made it meanwhile; the look-up below tells.
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - a program of the system, found there
    if (entry := _entry()) is None:
        raise StartError(
            f"Postgres refuses to run as root and the user {NAME} can't be made: make it "
            "(useradd pgserver), or run as another user, or set DATABASE_URL."
        )
    return entry
