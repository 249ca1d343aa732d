"""The web program with a trap in it, as a process that is started again whenever it is killed.

python -m tests.endurance.program URL TRAP SOCKET: a warmed process that keeps one child serving.
Both end when their standard input does.
"""

import asyncio
import gc
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import uvicorn
from starlette.types import ASGIApp

from tests.endurance.trap import Trap, trapped_app, trapped_engine
from warehouse.app import create_app
from warehouse.core import logs
from warehouse.settings import Settings

ROOT = Path(__file__).parents[2]


@contextmanager
def running(url: str, trap: Trap) -> Iterator[str]:
    """The address of a web program on database *url*, while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [
            sys.executable, "-m", "tests.endurance.program",
            url, str(trap.file), str(listener.fileno()),
        ]  # fmt: skip
        with subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
        ):
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def keep_serving(url: str, trap: Trap, listener: socket.socket) -> None:
    """Fork a child that serves; fork another when it was killed; end when it ended by itself."""
    logs.configure()  # else each fault is drawn for a terminal, which takes seconds
    engine = trapped_engine(url, trap)
    asyncio.run(_warm_up(create_app(Settings(), engine)))
    app = trapped_app(create_app(Settings(), engine), trap)
    config = uvicorn.Config(app, log_config=None, access_log=False)
    config.load()
    engine.dispose()
    gc.freeze()
    while True:
        child = os.fork()
        if not child:
            _serve(config, listener)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return


async def _warm_up(app: ASGIApp) -> None:
    """Let a visitor ask, so that no child has to import and compile what every request needs.

    *app* is thrown away, and with it the threads that answered: a child does not inherit them.
    """
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as visitor:
        await visitor.get("http://program/api/v1/task")


def _serve(config: uvicorn.Config, listener: socket.socket) -> None:
    def end_with_parent() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    uvicorn.Server(config).run(sockets=[listener])
    os._exit(0)


if __name__ == "__main__":
    keep_serving(sys.argv[1], Trap(Path(sys.argv[2])), socket.socket(fileno=int(sys.argv[3])))
