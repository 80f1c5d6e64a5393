"""转人工: hand the conversation to a person, with the orders it is about.

The action opens nothing itself: it says in its reply that a person is wanted, and the gateway
opens the ticket, adds the waiting time, and falls silent.
"""

import concurrent.futures
import logging
import re
from dataclasses import replace
from typing import Any

from actions import complaint
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.notes import NotedReply
from actions.order_question import QUESTIONS
from refund_core import explain
from refund_core.wording import money
from refundbot.audit import numbers, numbers_told
from refundbot.orders import OrderRecord, OrdersUnavailable, get_source

logger = logging.getLogger(__name__)

# 为什么要人工 asks for the reason, not for a person.
_ASKS_WHY = re.compile(
    r"(?:为什么|为啥|为何|干嘛|凭什么|怎么).{0,4}(?:要|得|需要|必须|非).{0,3}人工"
)

MOST_ORDERS = 5
# A person must be reachable when the orders are not: looking them up may take this long, no more.
LOOK_UP = 1.5  # seconds
_POOL = concurrent.futures.ThreadPoolExecutor(4, thread_name_prefix="handoff")


class Handoff(RefundAction):
    """Asks the gateway for a person, whatever was said before."""

    action = "handoff"

    def answer(self, ask: Ask) -> Answer:
        """Say so, and name the orders this conversation looked at."""
        if _ASKS_WHY.search(ask.text) and ask.account and ask.memory.order_id:
            return QUESTIONS["ask_rejection_reason"].answer(replace(ask, clauses=()))
        about = f"您说的订单 {ask.memory.order_id} 已一并转给客服。" if ask.memory.order_id else ""
        text = "\n".join(
            [
                "好的，为您转接人工客服。",
                *complaint.lines(ask),
                f"前面的对话客服都能看到。{about}我没有替您提交任何退订。",
            ]
        )
        handoff = {"orders": _orders(ask)}
        return Answer(NotedReply(text, kind="notice", notes={"handoff": handoff}), {"misses": 0})


def _orders(ask: Ask) -> list[dict[str, Any]]:
    """Facts of the account's own orders that were talked about; at least their numbers."""
    remembered = dict.fromkeys(
        order_id
        for order_id in (ask.memory.order_id, *(ask.memory.shown or ask.memory.candidates))
        if order_id
    )
    wanted = list(remembered)[:MOST_ORDERS]
    if ask.account is None or not wanted:
        return []
    try:
        found = _POOL.submit(_look_up, ask.account, wanted).result(LOOK_UP)
    except (OrdersUnavailable, concurrent.futures.TimeoutError):
        logger.exception("handoff without order facts")
        return [{"id": order_id} for order_id in wanted]
    told = numbers_told(account=ask.account, conversation=ask.conversation)
    return [{**_facts(order), "decision_number": _shown(told.get(order.id))} for order in found]


def _shown(number: str | None) -> str | None:
    return None if number is None else numbers.shown(number)


def _look_up(account: str, order_ids: list[str]) -> list[OrderRecord]:
    source = get_source()
    orders = (source.get_order(account, order_id) for order_id in order_ids)
    return [order for order in orders if order is not None]


def _facts(order: OrderRecord) -> dict[str, Any]:
    """What an agent needs to see at a glance; amounts in yuan with their sign, dates as ISO."""
    return {
        "id": order.id,
        "product": order.product_name,
        "label": explain.order_line(order.case),
        "paid": money(order.paid, order.case.currency),
        "voucher": money(order.voucher, order.case.currency),
        "refunded": money(order.refunded, order.case.currency),
        "purchased_at": order.purchased_at.isoformat(),
        "ends_at": order.ends_at.isoformat() if order.ends_at else None,
        "status": order.status,
        "resource": order.resource_id,
        "resource_status": order.resource_status,
        "promotion": order.promotion,
    }
