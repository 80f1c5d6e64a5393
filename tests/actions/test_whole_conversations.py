"""Whole conversations, played at random: whatever is said in whatever order, the promises hold.

Several customers talk in turn to the real actions on a database of their own; each has slots that
are carried over, as Rasa carries them. After every turn ARCHITECTURE.md's promises are checked.
"""

import re
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from actions.order_question import QUESTIONS
from refund_core.decision import Decision
from refundbot.applications.service import get_applications
from refundbot.settings import get_settings
from tests.actions.conftest import Customer, Said
from tests.actions.truth import AMOUNT, Known, known, sum_of

ACCOUNTS: dict[str | None, str] = {
    "A1001": "baidu",
    "A1003": "baidu",
    "A1004": "baidu",
    "A1006": "baidu",
    "A1007": "baidu",
    "A1010": "aliyun",
    None: "baidu",
}
# What may be said for each intent; the words decide where an action reads them.
WORDS: dict[str, tuple[str, ...]] = {
    "ask_refund_process": ("怎么退", "要什么材料"),
    "apply_refund": ("帮我退了",),
    "ask_refund_status": ("退款到哪了", "催一下"),
    "ask_rejection_reason": ("为什么退不了", "为什么被拒了"),
    "cancel_refund": ("算了不退了", "撤销申请", "不撤销"),
    "ask_voucher_refund": ("代金券退吗", "赠送金呢"),
    "ask_policy": ("退订规则", "不是七天无理由吗", "有哪些可以退"),
    "list_orders": ("我的订单", "下一页", "上一页", "第三页", "最后一页", "哪些可以退"),
    "inform": ("这个", "便宜的", "贵的呢"),
    "faq": ("怎么开发票", "随便问问"),
    "handoff": ("转人工", "我要投诉", "为什么要人工"),
    "greet": ("在吗", "？"),
    "affirm": ("好的", "知道了"),
    "deny": ("不用了", "不对", "我不同意", "不是这个"),
    "nlu_fallback": ("咕噜", "？"),
    "out_of_scope": ("mysql 连不上了", "你们太坑了", "快点"),
}
INTENTS = sorted({*QUESTIONS, *WORDS})
ACTIONS = {"inform": "action_follow_up", "nlu_fallback": "action_not_understood"}
ORDINALS = (1, 2, 7, -1, "cheapest", "newest", "all", "previous", "other", "above", "below")
SLOTS = {"order_id", "candidates", "shown", "pending_question", "last_question", "misses"}
ORDER_ID = re.compile(r"\b(?:BD|AL|TX|HW)\d{8,}\b")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TOTAL = re.compile(r"合计可退 ¥([\d,]+\.\d\d)")
IN_LIST = re.compile(r"^\d+\. ((?:BD|AL|TX|HW)\d+) .* · 可退 ¥([\d,]+\.\d\d)$", re.MULTILINE)


def states() -> dict[str, str]:
    """State of every application of every account."""
    return {
        record.id: record.state
        for account in ACCOUNTS
        if account is not None
        for record in get_applications().list_for_account(account, limit=200)
    }


class Conversations(RuleBasedStateMachine):
    """Customers who talk in turn."""

    make: Callable[..., Customer]
    truth: dict[str | None, Known]
    every_order: list[str]
    restore: Callable[[], None]

    def __init__(self) -> None:
        super().__init__()
        self.customers = {a: self.make(a, vendor=vendor) for a, vendor in ACCOUNTS.items()}
        self.said: dict[str | None, Said] = {}
        self.before = states()
        self.at_start = dict(self.before)

    def teardown(self) -> None:
        """Applications taken back in one run are open again in the next."""
        if self.before != self.at_start:
            self.restore()

    @rule(
        who=st.sampled_from(list(ACCOUNTS)),
        intent=st.sampled_from(INTENTS),
        words=st.integers(0, 9),
        pointing=st.one_of(
            st.none(),
            st.tuples(st.just("order_id"), st.integers(0, 999)),
            st.tuples(st.just("ordinal"), st.sampled_from(ORDINALS)),
            st.tuples(st.just("product"), st.sampled_from(("bcc", "cdn", "rds", "gpu"))),
        ),
        also=st.one_of(st.none(), st.sampled_from(INTENTS)),
    )
    def says(
        self,
        who: str | None,
        intent: str,
        words: int,
        pointing: tuple[str, Any] | None,
        also: str | None,
    ) -> None:
        """A message of some intent, pointing at something or not, perhaps asking more."""
        entities = dict([pointing] if pointing else [])
        if "order_id" in entities:  # own, another account's, or nobody's
            entities["order_id"] = [*self.every_order, "BD20991231999"][
                entities["order_id"] % (len(self.every_order) + 1)
            ]
        choices = WORDS.get(intent, ("…",))
        text = choices[words % len(choices)]
        clauses = None
        if also is not None:
            clauses = [
                {"text": text, "intent": intent, "confidence": 0.9},
                {"text": WORDS.get(also, ("…",))[0], "intent": also, "confidence": 0.9},
            ]
        customer = self.customers[who]
        asked = who in self.said and "要撤销这个申请吗" in self.said[who].text
        action = ACTIONS.get(intent)
        said = customer.ask(intent, text=text, action=action, clauses=clauses, **entities)
        self._check(who, said, entities.get("order_id"), may_cancel=asked)

    @rule(
        who=st.sampled_from(list(ACCOUNTS)),
        intent=st.sampled_from(("ask_refund_amount", "apply_refund")),
        listed=st.booleans(),
    )
    def wants_all(self, who: str | None, intent: str, listed: bool) -> None:
        """都算一下, with or without the list of everything on the screen."""
        customer = self.customers[who]
        if listed:
            self._check(who, customer.ask("list_orders", text="我的订单"), None, may_cancel=False)
        said = customer.ask(intent, text="全部退了吧", ordinal="all")
        self._check(who, said, None, may_cancel=False)

    @rule(who=st.sampled_from(("A1004", "A1006", "A1007")), between=st.sampled_from(INTENTS))
    def takes_back_and_digresses(self, who: str, between: str) -> None:
        """An application is nearly taken back, then something else is said, then 好的."""
        customer = self.customers[who]
        for intent, text in (("cancel_refund", "撤销申请"), (between, "…"), ("affirm", "好的")):
            sure = intent == "affirm" and "要撤销这个申请吗" in self.said[who].text
            said = customer.ask(intent, text=text, action=ACTIONS.get(intent))
            self._check(who, said, None, may_cancel=sure)

    @rule(who=st.sampled_from(list(ACCOUNTS)), which=st.integers(0, 9))
    def presses(self, who: str | None, which: int) -> None:
        """A button of the reply before, if it is not a link."""
        offered = [b for b in self.said[who].buttons if "payload" in b] if who in self.said else []
        offered = [b for b in offered if b["payload"] != "/goodbye"]  # Rasa's own response
        if not offered:
            return
        button = offered[which % len(offered)]
        said = self.customers[who].press(button)
        self._check(who, said, None, may_cancel="confirmed" in button["payload"])

    def _check(self, who: str | None, said: Said, typed: str | None, *, may_cancel: bool) -> None:
        self.said[who] = said
        truth = self.truth[who]
        assert CHINESE.search(said.text), said.text
        assert said.buttons or "handoff" in said.custom, f"no way on: {said.text}"
        assert said.kind != "outage", said.text
        named = set(ORDER_ID.findall(said.text)) - {typed}
        for button in said.buttons:
            named |= set(ORDER_ID.findall(button.get("payload", "") + button.get("url", "")))
        assert named <= set(truth.orders), f"not of {who}: {named}"
        self._check_sums(who, said, truth)
        self._check_slots(who, truth)
        self._check_applications(who, may_cancel=may_cancel)

    def _check_sums(self, who: str | None, said: Said, truth: Known) -> None:
        given = [*([said.decision] if said.decision else []), *said.decisions]
        for one in given:
            decision = Decision.from_json(one)
            assert decision in truth.decisions[decision.order_id], f"not the rule core's: {one}"
        for order_id, told in IN_LIST.findall(said.text):
            assert sum_of(told) == truth.decisions[order_id][0].amount, said.text
        total = TOTAL.search(said.text)
        allowed = set(truth.amounts)
        if total is not None:
            assert sum_of(total.group(1)) == self._total(truth, said), said.text
            allowed.add(sum_of(total.group(1)))
        for amount in map(sum_of, AMOUNT.findall(said.text)):
            assert amount in allowed, f"¥{amount} of {who} comes from nowhere: {said.text}"

    def _total(self, truth: Known, said: Said) -> Decimal:
        """The sum over the resources of the orders told, without those being returned already."""
        by_resource: dict[str | None, Decimal] = {}
        for one in said.decisions:
            decision = Decision.from_json(one)
            order = truth.orders[decision.order_id]
            application = get_applications().get_by_order(order.account_id, order.id)
            gone = application is not None and (application.open or application.state == "refunded")
            if decision.outcome == "refundable" and decision.amount is not None and not gone:
                # The whole resource's sum holds what a renewal of it gives by itself.
                most = max(by_resource.get(order.resource_id, decision.amount), decision.amount)
                by_resource[order.resource_id] = most
        return sum(by_resource.values(), Decimal(0))

    def _check_slots(self, who: str | None, truth: Known) -> None:
        slots = self.customers[who].slots
        assert set(slots) <= SLOTS
        ids = [*(slots.get("candidates") or []), *(slots.get("shown") or [])]
        ids += [slots["order_id"]] if slots.get("order_id") else []
        assert set(ids) <= set(truth.orders), "another account's order is remembered"
        for name in ("pending_question", "last_question"):
            assert slots.get(name) in {None, *QUESTIONS, "cancel_refund"}
        assert 0 <= float(slots.get("misses") or 0) < 1000

    def _check_applications(self, who: str | None, *, may_cancel: bool) -> None:
        now = states()
        changed = {each for each in now if now[each] != self.before.get(each)}
        assert set(now) == set(self.before), "the chat submitted an application"
        assert not changed or may_cancel, f"changed without a yes: {changed}"
        mine = {r.id for r in get_applications().list_for_account(who, limit=200)} if who else set()
        assert changed <= mine, "another account's application was changed"
        assert all(now[each] == "cancelled" for each in changed)
        self.before = now


def test_whatever_is_said_in_whatever_order_the_promises_hold(
    customer: Callable[..., Customer], own_database: None
) -> None:
    file = Path(get_settings().database_url.removeprefix("sqlite:///"))
    pristine = sqlite3.connect(":memory:")
    with sqlite3.connect(file) as now:
        now.backup(pristine)
    now.close()

    def restore() -> None:
        with sqlite3.connect(file) as again:
            pristine.backup(again)
        again.close()

    truth = {account: known(account) for account in ACCOUNTS}

    class Played(Conversations):
        make = staticmethod(customer)  # type: ignore[assignment]
        every_order = sorted(order for each in truth.values() for order in each.orders)

    Played.truth = truth
    Played.restore = staticmethod(restore)  # type: ignore[assignment]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Played,
        settings=settings(
            max_examples=30,
            stateful_step_count=16,
            # Shrinking plays whole conversations again and again: minutes for a shorter story.
            phases=(Phase.explicit, Phase.generate),
            report_multiple_bugs=False,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    pristine.close()
