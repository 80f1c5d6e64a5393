"""The reference order service as a process could be: switched off, and on again at its address."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp


class Service:
    """An ASGI application at a fixed port of this machine, off until it is started."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/v1"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen; does nothing while it does already."""
        if self._server is not None:
            return
        listening = socket.create_server(("127.0.0.1", self._port))
        config = uvicorn.Config(
            self._app, log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._server = None
