"""``python -m refundbot.gateway``: serve the gateway and the reference console."""

import logging
import sys

import uvicorn

from refundbot.gateway.app import create_app
from refundbot.settings import SettingsError, get_settings


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = get_settings()
        app = create_app(settings)
    except SettingsError as error:
        sys.exit(str(error))
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",  # no WebSocket here, and Rasa pins a websockets that uvicorn cannot use
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
