"""A back-test as table, CSV and HTML with a chart; Chinese, for the policy owner."""

import csv
import html
import io
from decimal import Decimal

from rich.table import Table

from refund_core.backtest import Change, Report
from refund_core.wording import money

OUTCOMES = {"refundable": "可退", "not_refundable": "不可退", "needs_review": "人工确认"}
_BARS = 21


def signed(amount: Decimal) -> str:
    """An amount with its sign always shown."""
    return ("+" if amount > 0 else "−" if amount < 0 else "") + money(abs(amount))


def summary_lines(report: Report) -> list[str]:
    """What changes in all."""
    return [
        f"{report.before} → {report.after}",
        f"{report.cases} 个订单，{len(report.changes)} 个有变化",
        f"退款合计 {money(report.total_before)} → {money(report.total_after)}"
        f"（{signed(report.difference)}）",
    ]


def outcome_table(report: Report) -> Table:
    """How many cases went from which answer to which."""
    table = Table("原来", "改后", "订单数", title="答案变化", title_justify="left")
    for (before, after), number in sorted(report.outcomes.items(), key=lambda item: -item[1]):
        table.add_row(OUTCOMES[before], OUTCOMES[after], str(number))
    return table


def largest_table(report: Report, number: int = 10) -> Table:
    """The largest changes."""
    table = Table("订单", "原来", "改后", "差额", "原因", title="变化最大", title_justify="left")
    for change in report.largest(number):
        table.add_row(*_cells(change))
    return table


def _cells(change: Change) -> list[str]:
    reasons = sorted(set(change.reasons_after) ^ set(change.reasons_before))
    return [
        change.order_id,
        _answer(change.outcome_before, change.amount_before),
        _answer(change.outcome_after, change.amount_after),
        signed(change.difference),
        "、".join(reasons),
    ]


def _answer(outcome: str, amount: Decimal | None) -> str:
    return OUTCOMES[outcome] + ("" if amount is None else f" {money(amount)}")


def to_csv(report: Report) -> str:
    """Every change, one a row."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["case", "order", "outcome_before", "outcome_after", "amount_before", "amount_after",
         "difference", "reasons_before", "reasons_after"]
    )  # fmt: skip
    for change in report.changes:
        writer.writerow(
            [change.name, change.order_id, change.outcome_before, change.outcome_after,
             change.amount_before, change.amount_after, change.difference,
             " ".join(change.reasons_before), " ".join(change.reasons_after)]
        )  # fmt: skip
    return out.getvalue()


def to_html(report: Report) -> str:
    """A page on its own: summary, chart of differences, table of the largest changes."""
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in summary_lines(report))
    outcomes = "".join(
        f"<tr><td>{OUTCOMES[before]}</td><td>{OUTCOMES[after]}</td><td>{number}</td></tr>"
        for (before, after), number in sorted(report.outcomes.items(), key=lambda item: -item[1])
    )
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(change)) + "</tr>"
        for change in report.largest(50)
    )
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>退订规则回测</title>
<style>body{{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:60rem;
margin:2rem auto;padding:0 1rem;color:#1d2129}}table{{border-collapse:collapse;margin:1rem 0}}
td,th{{border:1px solid #dde1e7;padding:.3rem .6rem;text-align:left}}
.more{{fill:#2f9e62}}.less{{fill:#d1495b}}.same{{fill:#9aa3b2}}text{{font-size:11px;fill:#4e5969}}
</style></head><body><h1>退订规则回测</h1>{lines}
<h2>差额分布</h2>{chart(report)}
<h2>答案变化</h2><table><tr><th>原来</th><th>改后</th><th>订单数</th></tr>{outcomes}</table>
<h2>变化最大</h2><table><tr><th>订单</th><th>原来</th><th>改后</th><th>差额</th><th>原因</th></tr>
{rows}</table></body></html>
"""


def chart(report: Report) -> str:
    """Bars: how many changed cases by how much more or less is returned (SVG)."""
    differences = [change.difference for change in report.changes]
    if not differences:
        return "<p>没有变化。</p>"
    widest = max(max(map(abs, differences)), Decimal("0.01"))
    bars = [0] * _BARS
    for difference in differences:
        bars[min(_BARS - 1, int((difference / widest + 1) / 2 * _BARS))] += 1
    top = max(bars)
    parts = []
    for index, number in enumerate(bars):
        height = 160 * number // top
        kind = "less" if index < _BARS // 2 else "same" if index == _BARS // 2 else "more"
        x = 10 + index * 34
        parts.append(
            f'<rect class="{kind}" x="{x}" y="{180 - height}" width="30" height="{height}"/>'
        )
        if number:
            parts.append(
                f'<text x="{x + 15}" y="{174 - height}" text-anchor="middle">{number}</text>'
            )
    labels = (
        f'<text x="10" y="198">少退 {money(widest)}</text>'
        f'<text x="{10 + _BARS * 17}" y="198" text-anchor="middle">不变</text>'
        f'<text x="{6 + _BARS * 34}" y="198" text-anchor="end">多退 {money(widest)}</text>'
    )
    width = 20 + _BARS * 34
    return (
        f'<svg viewBox="0 0 {width} 205" width="100%" role="img" aria-label="差额分布">'
        f"{''.join(parts)}{labels}</svg>"
    )
