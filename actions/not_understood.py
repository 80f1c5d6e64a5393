"""没听懂: guesses in the customer's words, then a person; never the same sentence twice."""

from actions import texts
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.follow_up import follow_up, points_at_order
from actions.greeting import greet, says_no_word
from actions.notes import NotedReply
from actions.reply import say

# What a guess looks like on a button.
_TITLES = {
    "ask_refund_eligibility": "能不能退",
    "ask_refund_amount": "能退多少",
    "ask_refund_process": "怎么退",
    "apply_refund": "我要退款",
    "ask_refund_status": "退款到哪了",
    "ask_refund_timing": "多久到账",
    "ask_refund_destination": "钱退到哪",
    "ask_rejection_reason": "为什么退不了",
    "cancel_refund": "不退了",
    "ask_voucher_refund": "代金券退不退",
    "ask_invoice_refund": "开过发票怎么退",
    "ask_policy": "退订规则",
    "ask_calculation": "怎么算的",
    "list_orders": "我的订单",
    "handoff": "转人工",
}
_GUESSES = 3
# From the fourth miss on; the count keeps it from being the same sentence again.
_AGAIN = "已经有 {count} 句没听懂，实在抱歉。请点「转人工」，由财务支持人员直接看您的问题。"
_SENTENCES = (
    "没太明白您的意思。您是想问：",
    "没听懂，抱歉。您可以换个说法，比如「我14号买的云服务器能退多少」，或者看看是不是这些：",
    "这个问题我可能处理不了，建议转人工，由财务支持人员来看。",
)


class NotUnderstood(RefundAction):
    """Up to three guesses; a person from the second miss on, at the latest."""

    action = "not_understood"

    def answer(self, ask: Ask) -> Answer:
        """The sentence of this miss; none is said twice."""
        if says_no_word(ask):
            return greet(ask)
        if points_at_order(ask):
            return follow_up(ask)
        miss = ask.memory.misses
        guesses = [say(_TITLES[name], name) for name, _ in ask.ranking if name in _TITLES][
            :_GUESSES
        ] or [say("能退多少", "ask_refund_amount"), texts.LIST_BUTTON]
        last = miss >= len(_SENTENCES) - 1
        sentence = _SENTENCES[miss] if miss < len(_SENTENCES) else _AGAIN.format(count=miss + 1)
        buttons = [texts.HANDOFF_BUTTON, texts.LIST_BUTTON] if last else guesses
        if miss == 1:
            buttons = [*guesses, texts.HANDOFF_BUTTON]
        return Answer(
            NotedReply(
                sentence,
                tuple(buttons),
                kind="choice",
                notes={"review": {"guesses": _guesses_to_note(ask)}},
            ),
            {"misses": ask.memory.misses + 1},
        )


def _guesses_to_note(ask: Ask) -> list[dict[str, str]]:
    """The best guesses for whoever annotates the message later."""
    named = [(name, sure) for name, sure in ask.ranking if name != "nlu_fallback"]
    return [{"intent": name, "confidence": f"{sure:.2f}"} for name, sure in named[:_GUESSES]]
