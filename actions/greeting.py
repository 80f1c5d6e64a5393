"""你好、在吗、？: an opening, or impatience in the middle of a talk."""

import logging
import re

from actions import subjects, texts
from actions.applied import open_application
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.reply import Button, Reply, say
from refundbot.orders import get_source
from refundbot.orders.source import OrdersUnavailable

logger = logging.getLogger(__name__)

EXAMPLES = (
    say("我能退多少", "ask_refund_amount"),
    say("怎么退", "ask_refund_process"),
    texts.LIST_BUTTON,
)


def says_no_word(ask: Ask) -> bool:
    """？ and … are impatience: somebody is waiting, not asking something else."""
    return re.search(r"\w", ask.text) is None


def greet(ask: Ask) -> Answer:
    """Introduce ourselves once; later say where we are instead of greeting again."""
    if ask.account is None:
        text = "您好，我是退款助手。登录后可以查您的订单；没有登录时我可以说明一般的退订规则。"
        return Answer(Reply(text, (*texts.sign_in().buttons, texts.HANDOFF_BUTTON), "notice"))
    if ask.memory.order_id:
        return _still_here(ask, *_about_order(ask.memory.order_id, ask))
    if ask.memory.candidates:
        return _still_here(ask, *_about_list(ask))
    text = "您好，我是退款助手，可以查订单能不能退、退多少、怎么退。请直接说您的问题。"
    return Answer(Reply(text, EXAMPLES, kind="notice"))


def _still_here(ask: Ask, where: str, buttons: tuple[Button, ...]) -> Answer:
    """Where we are; somebody who has to ask again is also offered a person."""
    first = "还在的。" if ask.memory.misses == 0 else "抱歉让您着急了，我一直在的。"
    if ask.memory.misses:
        buttons = (*buttons, texts.HANDOFF_BUTTON)
    reply = Reply(f"{first}{where}", buttons, kind="notice")
    return Answer(reply, {"misses": ask.memory.misses + 1})


def _about_order(order_id: str, ask: Ask) -> tuple[str, tuple[Button, ...]]:
    account = ask.account or ""
    product = ""
    try:
        order = get_source().get_order(account, order_id)
        product = f"{order.product_name} " if order is not None else ""
    except OrdersUnavailable:  # whoever asks whether we are here gets an answer all the same
        logger.exception("order %s: restated without its product", order_id)
    state = open_application(account, order_id, ask) or "没有提交退订"
    buttons = (
        say("能退多少", "ask_refund_amount", order_id=order_id),
        say("其它订单", "list_orders"),
        say("没有了", "goodbye"),
    )
    return f"刚才说到{product}订单 {order_id}，{state}。还想了解什么？", buttons


def _about_list(ask: Ask) -> tuple[str, tuple[Button, ...]]:
    count = len(ask.memory.candidates)
    all_of_them = say("都算一下", "inform", ordinal="all")
    text = f"刚才列了 {count} 个订单，没有提交退订。想看哪一个？可以说编号或订单号。"
    return text, (all_of_them, texts.LIST_BUTTON, say("没有了", "goodbye"))


class Greet(RefundAction):
    """你好、在吗: an opening, or impatience in the middle of a talk."""

    action = "greet"

    def answer(self, ask: Ask) -> Answer:
        """Greet, or say where we are; 你好，能退多少 is a question."""
        return subjects.together(ask) or greet(ask)
