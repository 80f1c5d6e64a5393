"""The life of a refund application: which state may follow which, and who is told.

The table of transitions is this machine and nothing else; whoever changes an application sends
it an event. Every transition it makes is reported once, so that none can miss the history.
"""

from collections.abc import Callable
from typing import Any, Literal

from statemachine import State, StateMachine
from statemachine.exceptions import TransitionNotAllowed

__all__ = ["OPEN", "REVIEWS", "TERMINAL", "ApplicationMachine", "Path", "TransitionNotAllowed"]

Path = Literal["automatic", "manual"]


class ApplicationMachine(StateMachine):
    """States and transitions.

    An automatic application goes from 自动审核 straight to 已通过; a manual one passes
    初审、复审、终审. What is rejected, cancelled, refunded or failed stays so.
    """

    draft = State("待确认", initial=True)
    submitted = State("已提交")
    auto_review = State("自动审核")
    first_review = State("初审")
    second_review = State("复审")
    final_review = State("终审")
    approved = State("已通过")
    refunding = State("退款中")
    refunded = State("已退款", final=True)
    rejected = State("已驳回", final=True)
    cancelled = State("已撤销", final=True)
    failed = State("退款失败", final=True)

    submit = draft.to(submitted)
    advance = (
        submitted.to(auto_review)
        | auto_review.to(approved, cond="is_automatic")
        | auto_review.to(first_review, unless="is_automatic")
        | first_review.to(second_review)
        | second_review.to(final_review)
        | final_review.to(approved)
        | approved.to(refunding)
        | refunding.to(refunded)
    )
    approve = auto_review.to(approved, cond="is_automatic") | final_review.to(approved)
    reject = (
        auto_review.to(rejected)
        | first_review.to(rejected)
        | second_review.to(rejected)
        | final_review.to(rejected)
    )
    cancel = (
        submitted.to(cancelled)
        | auto_review.to(cancelled)
        | first_review.to(cancelled)
        | second_review.to(cancelled)
        | final_review.to(cancelled)
    )
    fail = approved.to(failed) | refunding.to(failed)
    nudge = (
        submitted.to(submitted, internal=True)
        | auto_review.to(auto_review, internal=True)
        | first_review.to(first_review, internal=True)
        | second_review.to(second_review, internal=True)
        | final_review.to(final_review, internal=True)
        | approved.to(approved, internal=True)
        | refunding.to(refunding, internal=True)
    )

    def __init__(self, row: Any, path: Path, told: Callable[[str, str, str], None]) -> None:
        """Run on ``row.state``.

        Args:
            row: has an attribute ``state`` with the id of the present state.
            path: which way this application takes.
            told: called after each transition with event, source state and target state.
        """
        self.is_automatic = path == "automatic"
        self._told = told
        super().__init__(row, state_field="state")

    def after_transition(self, event: Any, source: Any, target: Any) -> None:
        """Report a transition; python-statemachine calls this."""
        self._told(str(event), source.id, target.id)


REVIEWS = ("first_review", "second_review", "final_review")
TERMINAL = frozenset(state.id for state in ApplicationMachine.states if state.final)
# An open application holds its orders: there is no second one for them.
OPEN = frozenset(state.id for state in ApplicationMachine.states) - TERMINAL - {"draft"}


def state_name(state: str) -> str:
    """The Chinese name of a state.

    Raises:
        KeyError: there is no such state.
    """
    names: dict[str, str] = {each.id: each.name for each in ApplicationMachine.states}
    return names[state]


class _At:
    """Stands for an application in some state, to ask what could happen to it."""

    def __init__(self, state: str) -> None:
        self.state = state


def allows(state: str, path: Path, event: str) -> bool:
    """Whether ``event`` may happen in ``state``; nothing is changed.

    The machine is asked on a stand-in: trying it there is the whole truth, guards included.
    """
    try:
        ApplicationMachine(_At(state), path, lambda *_: None).send(event)
    except TransitionNotAllowed:
        return False
    return True
