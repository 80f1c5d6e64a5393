"""Which decision of an order the desk is shown."""

from refundbot.gateway.frontdesk import latest_decisions


def said(decision: dict[str, str] | None, *decisions: dict[str, str]) -> dict[str, object]:
    return {"replies": [{"text": "…", "decision": decision, "decisions": list(decisions)}]}


def test_the_one_an_answer_rests_on_goes_over_what_it_quotes() -> None:
    official, quoted = ({"order_id": "AL1", "policy": name} for name in ("official", "article"))
    assert latest_decisions([said(official, quoted)]) == (official,)


def test_the_latest_answer_on_an_order_goes_over_earlier_ones() -> None:
    first, second, other = (
        {"order_id": order, "at": at} for order, at in (("1", "a"), ("1", "b"), ("2", "a"))
    )
    assert latest_decisions([said(first), said(None, other), said(second)]) == (other, second)
