"""A PostgreSQL server of our own for a test session, or the reason why there is none."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_LIMIT = 60  # seconds


class NoPostgres(Exception):  # noqa: N818
    """There is no PostgreSQL to test on; the message says why."""


def _program(name: str) -> str:
    found = shutil.which(name)
    if found:
        return found
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    raise NoPostgres(f"{name} is not installed")


def _user() -> tuple[list[str], str]:
    """How to run something as a user PostgreSQL accepts, and that user's name."""
    if os.geteuid() != 0:
        return [], subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
    runuser = shutil.which("runuser")
    if runuser is None:
        raise NoPostgres("root cannot run PostgreSQL, and there is no runuser")
    return [runuser, "-u", "nobody", "--"], "nobody"


@contextmanager
def server() -> Iterator[str]:
    """Run a server on a Unix socket in a folder of its own; yields a SQLAlchemy URL.

    Raises:
        NoPostgres: it is not installed, or does not start.
    """
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    prefix, user = _user()
    # Short: a Unix socket's path has about 100 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        if prefix:
            shutil.chown(folder, user)
        data = str(folder / "data")

        def run(*command: str) -> None:
            try:
                done = subprocess.run(
                    [*prefix, *command],
                    capture_output=True,
                    text=True,
                    timeout=START_LIMIT,
                    cwd="/",
                )
            except subprocess.TimeoutExpired:
                raise NoPostgres(f"{command[0]} took more than {START_LIMIT} s") from None
            if done.returncode != 0:
                raise NoPostgres(f"{command[0]}: {(done.stderr or done.stdout).strip()[-300:]}")

        run(initdb, "-D", data, "-A", "trust", "-U", "tester", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run(pg_ctl, "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start")
        try:
            yield f"postgresql+psycopg2://tester@/postgres?host={folder}"
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
