"""怎么开发票？还有我那个存储包能退吗: one message about several subjects gets all its answers.

Several questions about one order are one subject; `order_question` answers them together.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from actions.ask import Ask
from actions.base import Answer
from actions.reply import Reply, distinct

# Questions about an order, by intent; filled by `order_question`.
ORDER = "order"
_order_questions: dict[str, Callable[[Ask], Answer]] = {}
# What else a message may ask beside them, by intent, and whether a clause really asks it.
_others: dict[str, tuple[Callable[[Ask], Answer], Callable[[str], bool]]] = {}


def add_order_question(intent: str, answer: Callable[[Ask], Answer]) -> None:
    """Make a question about an order known."""
    _order_questions[intent] = answer


def add_subject(intent: str, answer: Callable[[Ask], Answer], asks: Callable[[str], bool]) -> None:
    """Make another subject known.

    Args:
        intent: its intent.
        answer: answers it.
        asks: whether these words ask it; a clause alone is easily misread.
    """
    _others[intent] = (answer, asks)


def together(ask: Ask, own: str = "", asked: str = "") -> Answer | None:
    """One answer to all subjects of a message.

    Args:
        ask: the message.
        own: subject of the action the message came to; "" for small talk, which any question beats.
        asked: the question that action answers, when it is not the message's intent.

    Returns:
        None when there is nothing in the message but the action's own subject.
    """
    groups = _groups(ask)
    if own:
        groups.setdefault(own, [(asked or ask.intent, ask.text)])
    if set(groups) <= {own}:
        return None
    return _joined([_answer(ask, subject, asked) for subject, asked in groups.items()])


def _groups(ask: Ask) -> dict[str, list[tuple[str, str]]]:
    """(question, its words) by subject, in the order asked."""
    groups: dict[str, list[tuple[str, str]]] = {}
    named = {intent for intent, _ in ask.clauses}
    for intent, words in ask.clauses:
        if intent == "ask_refund_timing" and "ask_refund_status" in named:
            continue  # how far a refund has come says when it is there
        if intent in _order_questions:
            groups.setdefault(ORDER, []).append((intent, words))
        elif intent in _others and _others[intent][1](words):
            groups.setdefault(intent, []).append((intent, words))
    return groups


def _answer(ask: Ask, subject: str, asked: list[tuple[str, str]]) -> Answer:
    intents = tuple(dict.fromkeys(intent for intent, _ in asked))
    first = ask.intent if ask.intent in intents else intents[0]
    part = replace(
        ask, intent=first, intents=intents, clauses=(), text="，".join(words for _, words in asked)
    )
    return _order_questions[first](part) if subject == ORDER else _others[subject][0](part)


def _joined(answers: Iterable[Answer]) -> Answer:
    """Their texts one after the other; what the conversation is about comes from the last one."""
    remember: dict[str, object] = {}
    replies: list[Reply] = []
    for answer in answers:
        remember.update(answer.remember)
        replies.append(answer.reply)
    if len(replies) == 1:
        return Answer(replies[0], remember)
    decisions = [r.decision for r in replies if r.decision] + [
        d for r in replies for d in r.decisions
    ]
    # What can be done about an order is worth more than what a general answer offers.
    by_weight = sorted(replies, key=lambda reply: reply.decision is None)
    buttons = [button for reply in by_weight for button in reply.buttons]
    last = [button for button in buttons if button.title == "转人工"][:1]
    others = distinct((b for b in buttons if b.title != "转人工"), limit=5 - len(last))
    reply = Reply(
        "\n\n".join(reply.text for reply in replies),
        (*others, *last),
        kind=replies[-1].kind,
        decision=decisions[0] if len(decisions) == 1 else None,
        decisions=tuple(decisions) if len(decisions) > 1 else (),
    )
    return Answer(reply, remember)
