"""Replies about several orders: pick lists, sums over all of them, the order list."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from actions import texts
from actions.labels import short_label
from actions.reply import Reply, say
from actions.view import View
from actions.wording import headline
from refund_core.wording import money

PICK = 5
PAGE = 6


def choose(views: Sequence[View], *, described: bool) -> Reply:
    """Ask which order is meant; the first ones as buttons, the rest in the list."""
    today = views[0].decision.as_of
    what = "订单符合" if described else "可能要退的订单"
    lines = [f"您有 {len(views)} 个{what}，是哪一个？"]
    shown = views[:PICK]
    lines += [f"{n}. {short_label(view.order, today)}" for n, view in enumerate(shown, 1)]
    buttons = [say(str(n), "inform", order_id=v.order.id) for n, v in enumerate(shown, 1)]
    if len(views) > PICK:
        lines.append(f"还有 {len(views) - PICK} 个没有列出，可以说订单号、产品或购买日期。")
        buttons.append(say("全部可退订单", "list_orders", only="refundable"))
    buttons.append(say("都算一下", "inform", ordinal="all"))
    return Reply("\n".join(lines), tuple(buttons), kind="choice")


def several_orders(views: Sequence[View]) -> Reply:
    """One line an order, and the sum of what can be returned."""
    today = views[0].decision.as_of
    lines = [f"{len(views)} 个订单的结果："]
    lines += [
        f"{n}. {short_label(view.order, today)}：{headline(view)}"
        for n, view in enumerate(views, 1)
    ]
    amounts = [
        view.decision.amount
        for view in views
        if view.decision.outcome == "refundable" and view.decision.amount is not None
    ]
    if len(amounts) > 1:
        lines.append(f"合计可退 {money(sum(amounts, Decimal('0.00')))}，每个订单要分别退订。")
    notes = {note.text for view in views for note in view.decision.assumptions}
    lines += sorted(notes)
    buttons = [say(str(n), "inform", order_id=v.order.id) for n, v in enumerate(views[:PICK], 1)]
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


def order_list(
    views: Sequence[View], page: int, *, refundable_only: bool
) -> tuple[Reply, Sequence[View]]:
    """One page of orders, newest first, and the orders on it."""
    kept = [view for view in views if view.worth_asking] if refundable_only else list(views)
    if not kept:
        return nothing_fits(described=False, any_orders=bool(views)), ()
    pages = -(-len(kept) // PAGE)
    page = min(page, pages)
    shown = kept[(page - 1) * PAGE : page * PAGE]
    what = "可能要退的订单" if refundable_only else "订单"
    place = f"（第 {page}/{pages} 页）" if pages > 1 else ""
    lines = [f"您名下有 {len(kept)} 个{what}{place}："]
    lines += [_line(n, view) for n, view in enumerate(shown, 1)]
    buttons = [say(str(n), "inform", order_id=v.order.id) for n, v in enumerate(shown, 1)]
    only = {"only": "refundable"} if refundable_only else {}
    if page < pages:
        buttons.append(say("下一页", "list_orders", page=page + 1, **only))
    elif pages > 1:
        buttons.append(say("第一页", "list_orders", page=1, **only))
    if not refundable_only and any(view.worth_asking for view in kept):
        buttons.append(say("只看可退的", "list_orders", only="refundable"))
    return Reply("\n".join(lines), tuple(buttons), "list"), shown


def _line(number: int, view: View) -> str:
    today: datetime = view.decision.as_of
    return f"{number}. {view.order.id} · {short_label(view.order, today)} · {_state(view)}"


def _state(view: View) -> str:
    decision = view.decision
    if decision.outcome == "needs_review":
        return "需要人工确认"
    if decision.outcome == "not_refundable" or decision.amount is None:
        return "不能退"
    return f"可退 {money(decision.amount)}"
