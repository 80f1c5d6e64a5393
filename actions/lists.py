"""Replies about several orders: pick lists, the order list, and what they come to together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from actions import texts
from actions.labels import short_label, short_labels
from actions.reply import Button, Reply, say
from actions.view import View
from actions.wording import go_to_refund, headline
from refund_core.wording import money

# Orders on the screen at once; numbers go on over the pages, so that 第七个 is always the same.
PAGE = 5


def choose(
    views: Sequence[View], opening: str, start: int = 0, *, person: bool = False
) -> tuple[Reply, Sequence[View]]:
    """Ask which order is meant, and the orders asked about on this page.

    Args:
        views: all orders that fit, in the order numbered.
        opening: what to say before the list.
        start: how many of them come before this page.
        person: offer a person too, for somebody we did not understand.
    """
    today = views[0].decision.as_of
    shown = views[start : start + PAGE]
    labels = short_labels([view.order for view in shown], today)
    lines = [opening, *_numbered(shown, start, labels)]
    buttons = _numbers(shown, start)
    rest = len(views) - start - len(shown)
    if rest:
        lines.append(f"后面还有 {rest} 个，可以说「下一页」，或说订单号、产品、购买日期。")
        buttons.append(say("下一页", "list_orders", only="next"))
    elif start:
        buttons.append(say("上一页", "list_orders", only="previous"))
    buttons.append(say("都算一下", "inform", ordinal="all"))
    if person:
        buttons.append(texts.HANDOFF_BUTTON)
    return Reply("\n".join(lines), tuple(buttons), kind="choice"), shown


def go_together(views: Sequence[View]) -> bool:
    """Whether these orders are one resource that goes back as a whole, so that all answer alike."""
    resources = {view.order.resource_id for view in views}
    decisions = {(view.decision.outcome, frozenset(_money_of(view))) for view in views}
    return len(resources) == len(decisions) == 1 and None not in resources


def several_orders(
    views: Sequence[View], under_way: Mapping[str, str], *, applying: bool = False
) -> Reply:
    """One line an order, and what can be returned in total, each resource counted once.

    Args:
        views: the orders, in the order numbered.
        under_way: what to say of orders that are being returned already, by id.
        applying: the customer wants them returned: lead to the page of each.
    """
    today = views[0].decision.as_of
    lines = [f"{len(views)} 个订单的结果："]
    held = _held(views, under_way)
    total: list[Decimal] = []
    pages: list[Button] = []
    for number, view in enumerate(views, 1):
        told = under_way.get(view.order.id) or headline(view)
        if number in held:
            holder = held[number]
            whole = _money_of(view) < _money_of(views[holder - 1])
            why = (
                f"第 {holder} 个退整个资源时已经包含"
                if whole
                else (f"和第 {holder} 个是同一资源，一起退")
            )
            told = f"{told.rstrip('。')}（{why}，只算一次）。"
        elif _can_still_return(view, under_way) and view.decision.amount is not None:
            total.append(view.decision.amount)
            if not view.automatic:
                pages.append(go_to_refund(view, f"去确认退第 {number} 个"))
        lines.append(f"{number}. {short_label(view.order, today)}：{told}")
    if len(total) > 1:
        sum_of_all = money(sum(total, Decimal("0.00")))
        lines.append(f"合计可退 {sum_of_all}，每个资源要分别退订。")
    if applying and pages:
        lines.append("需要您在退订页面逐个确认后才会提交。")
    lines += sorted({note.text for view in views for note in view.decision.assumptions})
    buttons = _numbers(views[:PAGE], 0)
    if applying and pages:
        buttons = [*pages[:3], say("先不退", "cancel_refund")]
    decisions = tuple(view.to_json() for view in views)
    return Reply("\n".join(lines), (*buttons, texts.HANDOFF_BUTTON), "list", decisions=decisions)


def nothing_fits(*, described: bool, any_orders: bool) -> Reply:
    """No order fits, or none can be returned."""
    if not any_orders:
        text = "您名下还没有订单。"
    elif described:
        text = "在您名下没有找到符合这个说法的订单，可以换个说法，或从列表里选。"
    else:
        text = "您名下目前没有可以退的订单。可以看看每个订单不能退的原因，或转人工说明情况。"
    return Reply(text, (texts.LIST_BUTTON, texts.POLICY_BUTTON, texts.HANDOFF_BUTTON), "notice")


def no_other() -> Reply:
    """There is no order besides the one just spoken of."""
    text = "除了刚才说的这个，没有找到其它可能要退的订单。"
    return Reply(
        text, (texts.LIST_BUTTON, say("没有了", "goodbye"), texts.HANDOFF_BUTTON), "notice"
    )


def order_list(
    views: Sequence[View],
    start: int,
    under_way: Mapping[str, str],
    *,
    refundable_only: bool,
    note: str = "",
) -> tuple[Reply, Sequence[View]]:
    """One page of orders, and the orders on it.

    Args:
        views: the whole list, in the order numbered; not empty.
        start: how many of them come before this page.
        under_way: what to say of orders that are being returned already, by id.
        refundable_only: the list holds only what may be returned.
        note: a line to put first.
    """
    shown = views[start : start + PAGE]
    pages = -(-len(views) // PAGE)
    page = start // PAGE + 1
    what = "可能要退的订单" if refundable_only else "订单"
    place = f"（第 {page}/{pages} 页）" if pages > 1 else ""
    states = [_line(view, under_way) for view in shown]
    lines = [note, f"您名下有 {len(views)} 个{what}{place}：", *_numbered(shown, start, states)]
    buttons = _numbers(shown, start)
    only = {"only": "refundable"} if refundable_only else {}
    if page > 1:
        buttons.append(say("上一页", "list_orders", page=page - 1, **only))
    if page < pages:
        buttons.append(say("下一页", "list_orders", page=page + 1, **only))
    if not refundable_only and any(view.worth_asking for view in views):
        buttons.append(say("只看可退的", "list_orders", only="refundable"))
    text = "\n".join(line for line in lines if line)
    return Reply(text, tuple(buttons), "list"), shown


def _numbers(views: Sequence[View], start: int) -> list[Button]:
    return [
        say(str(number), "inform", order_id=view.order.id)
        for number, view in enumerate(views, start + 1)
    ]


def _numbered(views: Sequence[View], start: int, labels: Sequence[str]) -> list[str]:
    return [f"{start + n}. {label}" for n, label in enumerate(labels, 1)]


def _money_of(view: View) -> set[str]:
    """Orders whose money this decision returns: all of a resource when it goes as a whole."""
    return {line.order_id for line in view.decision.lines} or {view.order.id}


def _held(views: Sequence[View], under_way: Mapping[str, str]) -> dict[int, int]:
    """Numbers of the lines whose money another line's sum holds, with that line's number."""
    money_of = {
        number: _money_of(view)
        for number, view in enumerate(views, 1)
        if _can_still_return(view, under_way)
    }
    held = {}
    for number, mine in money_of.items():
        holders = [
            (-len(theirs), other)
            for other, theirs in money_of.items()
            if mine < theirs or (mine == theirs and other < number)
        ]
        if holders:
            held[number] = min(holders)[1]
    return held


def _can_still_return(view: View, under_way: Mapping[str, str]) -> bool:
    return view.decision.outcome == "refundable" and view.order.id not in under_way


def _line(view: View, under_way: Mapping[str, str]) -> str:
    today: datetime = view.decision.as_of
    state = under_way.get(view.order.id, "").rstrip("。") or _state(view)
    return f"{view.order.id} · {short_label(view.order, today)} · {state}"


def _state(view: View) -> str:
    decision = view.decision
    if decision.outcome == "needs_review":
        return "需要人工确认"
    if decision.outcome == "not_refundable" or decision.amount is None:
        return "不能退"
    return f"可退 {money(decision.amount)}"
