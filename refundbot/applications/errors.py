# ruff: noqa: N818  -- the names say what happened
"""What can go wrong with a refund application. Each says it to the customer in Chinese."""

from collections.abc import Sequence
from datetime import date

from refund_core import Decision
from refundbot.applications.records import ApplicationRecord


class ApplicationError(Exception):
    """A request about an application is refused.

    Attributes:
        text: Chinese sentence for the customer; `str()` is for the log.
    """

    text = "这次没有办成，请稍后再试或转人工。"

    def __init__(self, log: str = "", text: str | None = None) -> None:
        super().__init__(log or type(self).__name__)
        if text is not None:
            self.text = text


class ApplicationsUnavailable(ApplicationError):
    """The applications cannot be read or written now."""

    text = "退款申请暂时查不到，请稍后再试；着急的话可以转人工。"


class NoSuchOrder(ApplicationError):
    """The account has no such order."""

    text = "在您名下没有找到这个订单，请核对订单号。"


class NoSuchApplication(ApplicationError):
    """The account has no such application."""

    text = "在您名下没有找到这个退款申请。"


class NotConfirmed(ApplicationError):
    """The page's confirmation is missing, forged, too old, or for something else."""

    text = "确认信息已经失效，请看一下重新计算的结果，再确认一次。没有提交任何退订。"


class NotRefundable(ApplicationError):
    """The rules say no; ``decision`` holds every reason."""

    text = "按现在的规则和订单情况，这个订单不能退，没有提交退订。原因见下方。"

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"order {decision.order_id}: not refundable")
        self.decision = decision


class NotNeeded(ApplicationError):
    """The vendor returns the money by itself; an application would return it twice."""

    text = "这个订单由系统自动退款，不需要提交申请。"


class AmountChanged(ApplicationError):
    """What the customer confirmed is not what comes out now; ``why`` says what changed."""

    text = "您确认之后金额有变化，没有提交退订。请核对新的金额，再确认一次。"

    def __init__(self, decision: Decision, why: Sequence[str]) -> None:
        super().__init__(f"order {decision.order_id}: confirmed something else")
        self.decision = decision
        self.why = tuple(why)


class _About(ApplicationError):
    """Refused because of an application there is; ``application`` is that one."""

    def __init__(self, application: ApplicationRecord, text: str) -> None:
        super().__init__(f"{application.id} is {application.state}", text)
        self.application = application


class AlreadyRefunded(_About):
    """The order has been refunded by an earlier application."""


class OverlappingApplication(_About):
    """An application for another order on the same resource is under way or was paid."""


class NotAllowed(_About):
    """The application's state does not allow it."""


class NudgedToday(_About):
    """It was 催一下 today already; ``again_on`` is the day it can be done again."""

    def __init__(self, application: ApplicationRecord, again_on: date) -> None:
        super().__init__(
            application, f"今天已经催过了，{again_on.month} 月 {again_on.day} 日可以再催。"
        )
        self.again_on = again_on


class ChangedMeanwhile(_About):
    """Somebody else changed it first; look again before deciding."""


class BadAmount(ApplicationError):
    """An operator's amount is missing, not a sum of money, or more than was paid."""


class BadReason(ApplicationError):
    """A reason is missing or its code is not known."""
