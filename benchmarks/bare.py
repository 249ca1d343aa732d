"""The limit of a look-up: a bare FastAPI route, run as ``warehouse web`` runs ours."""

import sys
from typing import Final

import uvicorn
from fastapi import FastAPI

from warehouse import launch

ANSWER: Final = {"number": "SHP-2026-000001", "status": "allocated"}

app = FastAPI(openapi_url=None)


@app.get("/{number}")
async def constant(number: str) -> dict[str, str]:  # noqa: ARG001 (a route like ours has one)
    """Answer without looking anything up."""
    return ANSWER


def main(port: int) -> None:
    """Serve on *port* until the process that launched us is gone."""
    server = uvicorn.Server(
        uvicorn.Config(
            app, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=10
        )
    )
    launch.stop_with_parent(lambda: setattr(server, "should_exit", True))
    server.run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
