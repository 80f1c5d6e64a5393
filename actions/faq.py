"""提现、充值、开发票…: finance questions next to refunds, answered from a curated list."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from actions import subjects, texts
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.facets import facet
from actions.follow_up import follow_up
from actions.reply import Reply, say
from refund_core.wording import VENDOR_NAMES


@lru_cache(maxsize=1)
def _list() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("faq.yml").read_text("utf-8"))
    return data


def _topic(text: str) -> dict[str, Any] | None:
    """The first topic that has a word in the text."""
    topics: list[dict[str, Any]] = _list()["topics"]
    return next((t for t in topics if any(word in text for word in t["words"])), None)


def _elsewhere(vendor: str) -> Reply:
    """The list knows one vendor's documents; another one's customers are not sent there."""
    name = VENDOR_NAMES.get(vendor, "云厂商")
    text = f"这类财务问题请到{name}控制台的费用中心或帮助文档查看；退款和退订我可以接着帮您看。"
    buttons = (say("查订单能退多少", "ask_refund_amount"), texts.HANDOFF_BUTTON)
    return Reply(text, buttons, "notice")


class Faq(RefundAction):
    """One curated answer with the page it stands on."""

    action = "faq"

    def answer(self, ask: Ask) -> Answer:
        """The first topic that has a word in the message; without one, what the list holds."""
        more = subjects.together(ask, self.action)
        if more is not None:
            return more
        talking = ask.account is not None and ask.memory.last_question is not None
        if talking and facet(ask.text) is not None:
            return follow_up(ask)  # 合同的那个呢 points at an order
        if ask.vendor != _list()["vendor"]:
            return Answer(_elsewhere(ask.vendor), {"misses": 0})
        topic = _topic(ask.text)
        buttons = (say("查订单能退多少", "ask_refund_amount"), texts.HANDOFF_BUTTON)
        if topic is None:
            text = (
                "这类财务问题请看帮助文档「财务相关」："
                "充值、提现、发票、续费、账单、合同、代金券都在里面。"
            )
            return Answer(Reply(text, buttons, "notice"), {"misses": 0})
        text = f"{topic['answer']}\n文档位置：财务相关 › {topic['page']}（{_list()['source']}）"
        return Answer(Reply(text, buttons, "notice"), {"misses": 0})


subjects.add_subject(Faq.action, Faq().answer, lambda words: _topic(words) is not None)
