"""提现、充值、开发票…: finance questions next to refunds, answered from a curated list."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from actions import subjects, texts
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.reply import Reply, say


@lru_cache(maxsize=1)
def _list() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("faq.yml").read_text("utf-8"))
    return data


def _topic(text: str) -> dict[str, Any] | None:
    """The first topic that has a word in the text."""
    topics: list[dict[str, Any]] = _list()["topics"]
    return next((t for t in topics if any(word in text for word in t["words"])), None)


class Faq(RefundAction):
    """One curated answer with the page it stands on."""

    action = "faq"

    def answer(self, ask: Ask) -> Answer:
        """The first topic that has a word in the message; without one, what the list holds."""
        more = subjects.together(ask, self.action)
        if more is not None:
            return more
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
