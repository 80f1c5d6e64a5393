"""An order that is being returned already, or was: said before anything else about it."""

import logging
from dataclasses import replace

from actions import wording
from actions.ask import Ask
from actions.reply import Button, Reply, distinct
from actions.view import View
from refundbot.applications.errors import ApplicationsUnavailable
from refundbot.applications.links import application_link
from refundbot.applications.progress import progress
from refundbot.applications.service import get_applications
from refundbot.applications.status_text import headline

# Applications of one account looked at for a list.
_MOST = 200

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
    if reply.decision is not None and reply.decisions:
        reply = wording.official_answer(view)  # applied for: what another source says is past
    others = [button for button in reply.buttons if button.url is None]
    text = f"{headline(shown)}，不需要再申请。\n{reply.text}"
    return replace(reply, text=text, buttons=distinct([page, *others]))


def open_application(account: str, order_id: str, ask: Ask) -> str:
    """How far an open application of this order has come; empty when there is none to be read."""
    try:
        record = get_applications().get_by_order(account, order_id)
    except ApplicationsUnavailable:
        logger.exception("order %s: restated without its application", order_id)
        return ""
    return headline(progress(record, ask.as_of)) if record is not None and record.open else ""


def has_open_application(ask: Ask, account: str) -> bool:
    """Whether the order talked about is being returned; without one, whether any order is."""
    if ask.memory.order_id is not None:
        return bool(open_application(account, ask.memory.order_id, ask))
    try:
        return any(record.open for record in get_applications().list_for_account(account))
    except ApplicationsUnavailable:
        logger.exception("account %s: answered without its applications", account)
        return False


def under_way(ask: Ask) -> dict[str, str]:
    """What to say of the account's orders that are being returned or were, by order id.

    Empty when the applications cannot be read: a list goes out without them.
    """
    if ask.account is None:
        return {}
    try:
        records = get_applications().list_for_account(ask.account, limit=_MOST)
    except ApplicationsUnavailable:
        logger.exception("orders of %s: listed without their applications", ask.account)
        return {}
    return {
        record.order_id: f"{'正在退款' if record.open else '已经退款'}（{record.id}）。"
        for record in reversed(records)  # the latest application of an order is the one said
        if record.open or record.state == "refunded"
    }
