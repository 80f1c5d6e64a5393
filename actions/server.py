"""The action server: Rasa SDK's own application, on the loopback interface, telling nothing.

Rasa SDK would listen on every interface and answer an error with the exception's text and the
whole request; both are replaced here.
"""

import logging
import warnings

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from refundbot.policies import live_policies
from refundbot.settings import Settings, get_settings

logger = logging.getLogger(__name__)


def create_application() -> Sanic:
    """Rasa SDK's application with the actions of this package."""
    from rasa_sdk.endpoint import create_app

    app = create_app("actions", cors_origins="")

    async def conceal(request: Request, exception: Exception) -> HTTPResponse:
        logger.error("action server error on %s", request.path, exc_info=exception)
        return json({"error": "internal error"}, status=500)

    app.error_handler.add(Exception, conceal)
    return app


def main(settings: Settings | None = None) -> None:
    """Serve until the process is told to stop."""
    warnings.filterwarnings("ignore")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = settings or get_settings()
    live_policies()  # read them now, not while the first customer waits
    create_application().run(
        settings.host, settings.actions_port, access_log=False, motd=False, workers=1
    )


if __name__ == "__main__":
    main()
