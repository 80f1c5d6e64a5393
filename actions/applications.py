"""退款到哪了、催一下、撤销申请、为什么被拒: questions about a refund already applied for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions import subjects, texts, wording
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.mentions import Mentions
from actions.order_question import QUESTIONS, OrderQuestion
from actions.reply import Button, Reply, say
from actions.view import View
from refundbot.applications.chat_steps import CONFIRMED, NUDGE
from refundbot.applications.links import application_link
from refundbot.applications.progress import Progress, progress
from refundbot.applications.records import ApplicationRecord
from refundbot.applications.service import Applications, get_applications
from refundbot.applications.status_text import headline, status_lines
from refundbot.orders import get_source

_URGES = re.compile(r"催|加急|快一?点|搞快|抓紧")
_TAKES_BACK = re.compile(r"撤|取消|申请|退款单")
_OF_REVIEW = re.compile(r"拒|驳|审|申请|通过|失败|退款单")
_KEEPS = re.compile(r"不撤|别撤|不要撤|先不|不用|不取消|别取消|算了")
_NOT_CREATED = re.compile(
    r"没(?:有)?(?:建|开|创建|开通|生成)(?:出来|成功|起来|成)|(?:创建|开通|开机|建)(?:失败|不成|不出来|不成功)"
)
_SHOWN = 5


@dataclass(frozen=True)
class Meant:
    """The application a message means; ``several`` when it could be one of these."""

    one: ApplicationRecord | None
    several: Sequence[ApplicationRecord] = ()


def which_application(ask: Ask, account: str, applications: Applications) -> Meant:
    """By its number, by its order, by the order talked about, or the only open one."""
    if ask.mentions.refund_ids:
        return Meant(applications.get(account, ask.mentions.refund_ids[0]))
    order_id = next(iter(ask.mentions.order_ids), None)
    if order_id is not None:
        return Meant(applications.get_by_order(account, order_id))
    if ask.memory.order_id is not None:
        of_order = applications.get_by_order(account, ask.memory.order_id)
        if of_order is not None:
            return Meant(of_order)
    known = applications.list_for_account(account)
    pending = [record for record in known if record.open]
    if len(pending) == 1 or len(known) == 1:
        return Meant((pending or known)[0])
    return Meant(None, (pending or known)[:_SHOWN])


def _ways_on(shown: Progress) -> tuple[Button, ...]:
    buttons = [Button("看申请页面", url=application_link(shown.order_id))]
    if shown.can_nudge:
        buttons.insert(0, say("催一下", "ask_refund_status", refund_id=shown.id, only=NUDGE))
    if shown.can_cancel:
        buttons.append(say("撤销申请", "cancel_refund", refund_id=shown.id))
    return (*buttons, texts.HANDOFF_BUTTON)


def _told(record: ApplicationRecord, ask: Ask, first: str = "") -> Answer:
    """The state of an application; the talk is about its order from now on."""
    shown = progress(record, ask.as_of)
    lines = [first, *status_lines(shown, ask.as_of)]
    reply = Reply("\n".join(line for line in lines if line), _ways_on(shown))
    return Answer(reply, {"order_id": record.order_id, "misses": 0, "pending_question": None})


def _list(records: Sequence[ApplicationRecord], ask: Ask, intent: str) -> Answer:
    shown = [progress(record, ask.as_of) for record in records]
    lines = [f"您有 {len(shown)} 个退款申请，是哪一个？"]
    lines += [f"{n}. {headline(each)} · {each.product_name}" for n, each in enumerate(shown, 1)]
    buttons = [say(str(n), intent, refund_id=each.id) for n, each in enumerate(shown, 1)]
    return Answer(Reply("\n".join(lines), tuple(buttons), kind="choice"), {"misses": 0})


def _none(ask: Ask) -> Answer:
    if ask.mentions.refund_ids:
        text = f"在您名下没有找到退款单 {ask.mentions.refund_ids[0]}。请核对退款单号。"
    else:
        text = "在您名下没有找到退款申请。还没有申请的话，我可以先帮您看能退多少、在哪里申请。"
    buttons = (say("能退多少", "ask_refund_amount"), texts.LIST_BUTTON, texts.HANDOFF_BUTTON)
    return Answer(Reply(text, buttons, kind="notice"), {"misses": 0})


class AskRefundStatus(RefundAction):
    """退款到哪了; with 催, the application is nudged as well."""

    action = "ask_refund_status"

    def answer(self, ask: Ask) -> Answer:
        """Every stage with its date, and what the customer can do."""
        more = subjects.together(ask, self.action)
        if more is not None:
            return more
        if ask.account is None:
            return Answer(texts.sign_in())
        failed = _not_created(ask, ask.account)
        if failed is not None:  # its money comes by itself, there is no application
            of_it = replace(ask, mentions=Mentions(order_ids=(failed,)), clauses=(), intents=())
            return QUESTIONS["ask_refund_eligibility"].answer(of_it)
        applications = get_applications()
        meant = which_application(ask, ask.account, applications)
        if meant.one is None:
            several = meant.several
            return _list(several, ask, self.action) if several else _none(ask)
        urged = ask.mentions.only == NUDGE or _URGES.search(ask.text) is not None
        if urged and not ask.late and progress(meant.one, ask.as_of).can_nudge:
            record = applications.nudge(ask.account, meant.one.id, at=ask.as_of)
            return _told(record, ask, "已经替您催了，处理人员会看到。一天可以催一次。")
        return _told(meant.one, ask)


def _not_created(ask: Ask, account: str) -> str | None:
    """The newest order whose resource was not made, when the message speaks of one."""
    if not _NOT_CREATED.search(ask.text):
        return None
    orders = get_source().list_orders(account)
    return next((o.id for o in orders if o.resource_status == "create_failed"), None)


subjects.add_subject(AskRefundStatus.action, AskRefundStatus().answer, lambda _: True)


class CancelRefund(RefundAction):
    """算了不退了: takes an application back after the customer has confirmed it."""

    action = "cancel_refund"

    def answer(self, ask: Ask) -> Answer:
        """Ask before anything is taken back; without an application nothing happened at all."""
        if ask.account is None:
            return Answer(texts.sign_in())
        applications = get_applications()
        record = self._meant(ask, ask.account, applications)
        if record is None or not record.open:
            return Answer(_nothing_submitted(), {"misses": 0, "pending_question": None})
        if ask.memory.pending_question == self.action and _KEEPS.search(ask.text):
            return kept()
        shown = progress(record, ask.as_of)
        if not shown.can_cancel:
            return _told(record, ask, "这个申请已经不能撤销了。")
        # Our own button says this, for one application; typed text only as a yes to the question.
        # A late turn only asks: minds change while something is down.
        if ask.mentions.only == CONFIRMED and not ask.late:
            record = applications.cancel(ask.account, record.id, at=ask.as_of)
            return _told(record, ask, "已经撤销，资源照常使用。")
        text = f"{headline(shown)}。要撤销这个申请吗？撤销后资源照常使用。"
        buttons = (
            say("确认撤销", "cancel_refund", refund_id=shown.id, only=CONFIRMED),
            say("不撤销", "deny"),
            Button("看申请页面", url=application_link(shown.order_id)),
        )
        waiting = {"order_id": record.order_id, "pending_question": self.action, "misses": 0}
        return Answer(Reply(text, buttons, kind="choice"), waiting)

    def _meant(
        self, ask: Ask, account: str, applications: Applications
    ) -> ApplicationRecord | None:
        """The application to take back; 算了 about another order means none."""
        pointed = ask.mentions.refund_ids or ask.mentions.order_ids
        if pointed or _TAKES_BACK.search(ask.text):
            return which_application(ask, account, applications).one
        if ask.memory.order_id is None:
            return None
        return applications.get_by_order(account, ask.memory.order_id)


def kept() -> Answer:
    """The customer was asked whether to take an application back, and said no."""
    buttons = (say("退款到哪了", "ask_refund_status"), texts.LIST_BUTTON, say("没有了", "goodbye"))
    reply = Reply("好的，没有撤销，申请照常处理。", buttons, kind="notice")
    return Answer(reply, {"pending_question": None, "misses": 0})


def _nothing_submitted() -> Reply:
    text = "好的，没有提交任何退订，资源照常使用。"
    return Reply(text, (texts.LIST_BUTTON, say("没有了", "goodbye")), kind="notice")


class AskRejectionReason(OrderQuestion):
    """为什么被拒、为什么退不了: why an application failed, or what the rules say of the order."""

    action = "ask_rejection_reason"
    title = "为什么退不了"
    candidates_are = "不能直接退的订单"

    def concerns(self, view: View) -> bool:
        """Somebody who asks why not means one of those that cannot be returned at once."""
        return view.decision.outcome != "refundable"

    def about(self, view: View, ask: Ask) -> Reply:
        """The reasons; when the rules give none, that is the answer."""
        return wording.rejection(view)

    def answer(self, ask: Ask) -> Answer:
        """A rejected application's reason and remedy first; the rules otherwise."""
        rejected = None if ask.account is None else self._rejected(ask, ask.account)
        return super().answer(ask) if rejected is None else _told(rejected, ask)

    def _rejected(self, ask: Ask, account: str) -> ApplicationRecord | None:
        applications = get_applications()
        if ask.mentions.any or ask.mentions.refund_ids or ask.memory.order_id:
            record = which_application(ask, account, applications).one
            asked_about = {*ask.mentions.order_ids, ask.memory.order_id}
            if record is None or not (ask.mentions.refund_ids or record.order_id in asked_about):
                return None
            return record if record.rejection is not None else None
        if ask.memory.pending_question is not None and not _OF_REVIEW.search(ask.text):
            return None  # the customer was asked which order; that is still open
        known = applications.list_for_account(account)
        return next((record for record in known if record.rejection is not None), None)
