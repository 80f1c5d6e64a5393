"""An order that is being returned already, or was: said before anything else about it."""

import logging
from dataclasses import replace

from actions.ask import Ask
from actions.reply import Button, Reply, distinct
from actions.view import View
from refundbot.applications.errors import ApplicationsUnavailable
from refundbot.applications.links import application_link
from refundbot.applications.progress import progress
from refundbot.applications.service import get_applications
from refundbot.applications.status_text import headline

logger = logging.getLogger(__name__)


def mention_application(reply: Reply, view: View, ask: Ask) -> Reply:
    """Put an open or completed application first, and lead to it instead of to a second one.

    The order's facts do not change while it is being returned, so the decision alone would still
    say yes. When the applications cannot be read the answer goes out without them: the page
    checks again before it submits anything.
    """
    try:
        record = get_applications().get_by_order(view.order.account_id, view.order.id)
    except ApplicationsUnavailable:
        logger.exception("order %s: answered without its application", view.order.id)
        return reply
    if record is None or not (record.open or record.state == "refunded"):
        return reply
    shown = progress(record, ask.as_of)
    page = Button("看申请页面", url=application_link(view.order.id))
    others = [button for button in reply.buttons if button.url is None]
    text = f"{headline(shown)}，不需要再申请。\n{reply.text}"
    return replace(reply, text=text, buttons=distinct([page, *others]))
