"""A timeline as a picture: SVG without any other package, PNG when one that can draw is there."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from refund_core.case import RefundCase
from refund_core.texts import instant_text
from refund_core.timelines import Point, Timeline
from refund_core.wording import money

_WIDTH, _HEIGHT = 900, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 30, 60, 60
_COLOURS = {"refundable": "#2f6fed", "not_refundable": "#d1495b", "needs_review": "#e0a100"}
_NAMES = {"refundable": "可退", "not_refundable": "不可退", "needs_review": "人工确认"}


class PlotError(ValueError):
    """The picture cannot be drawn: says what is missing or what is allowed."""


def draw(line: Timeline, case: RefundCase, path: Path) -> None:
    """Write the picture; its kind follows from the file's ending.

    Raises:
        PlotError: another ending than .svg or .png, or nothing that can draw PNG is installed.
        OSError: the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".svg":
        path.write_text(to_svg(line, case), encoding="utf-8")
    elif kind == ".png":
        _draw_png(line, case, path)
    else:
        raise PlotError(f"{path.suffix or 'no ending'} is not a picture; use .svg or .png")


def steps(line: Timeline) -> list[tuple[datetime, datetime, Point]]:
    """The stretches of time with one answer each."""
    points = [line.days[0], *line.jumps]
    ends = [*(point.at for point in line.jumps), line.days[-1].at]
    return [(point.at, end, point) for point, end in zip(points, ends, strict=True)]


def to_svg(line: Timeline, case: RefundCase) -> str:
    """The picture as SVG: the refund over time, each stretch in the colour of its answer."""
    stretches = steps(line)
    first, last = stretches[0][0], stretches[-1][1]
    top = max((point.amount or Decimal(0) for _, _, point in stretches), default=Decimal(0))
    top = top or Decimal(1)

    def x(at: datetime) -> float:
        share = (at - first) / (last - first)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(amount: Decimal) -> float:
        return round(_HEIGHT - _BOTTOM - float(amount / top) * (_HEIGHT - _TOP - _BOTTOM), 1)

    parts = []
    for start, end, point in stretches:
        level = y(point.amount or Decimal(0))
        colour = _COLOURS[point.outcome]
        parts.append(
            f'<path d="M{x(start)} {level}H{x(end)}" stroke="{colour}" stroke-width="3"/>'
            f'<rect x="{x(start)}" y="{level}" width="{round(x(end) - x(start), 1)}" '
            f'height="{round(_HEIGHT - _BOTTOM - level, 1)}" fill="{colour}" opacity=".12"/>'
        )
    return _frame(case, line, "".join(parts), top, x, y)


def _frame(case: RefundCase, line: Timeline, body: str, top: Decimal, x: object, y: object) -> str:
    assert callable(x)
    assert callable(y)
    first, last = line.days[0].at, line.days[-1].at
    labels = []
    for number in range(5):
        amount = (top * number / 4).quantize(Decimal("0.01"))
        labels.append(
            f'<text x="{_LEFT - 8}" y="{y(amount) + 4}" text-anchor="end">'
            f"{money(amount, case.currency)}</text>"
            f'<path d="M{_LEFT} {y(amount)}H{_WIDTH - _RIGHT}" stroke="#dde1e7"/>'
        )
    for number in range(5):
        at = first + (last - first) * number / 4
        labels.append(
            f'<text x="{x(at)}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">'
            f"{instant_text(at)[:10]}</text>"
        )
    seen = dict.fromkeys(point.outcome for _, _, point in steps(line))
    legend = "".join(
        f'<text x="{_LEFT + index * 90}" y="{_HEIGHT - 14}" fill="{_COLOURS[name]}">'
        f"■ {_NAMES[name]}</text>"
        for index, name in enumerate(seen)
    )
    title = f"{case.order.id} · {case.order.product.name} · 退款金额随时间的变化"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="sans-serif" font-size="12" fill="none">'
        f'<rect width="100%" height="100%" fill="#fff"/><g fill="#1d2129">'
        f'<text x="{_LEFT}" y="32" font-size="16">{_escape(title)}</text>{"".join(labels)}</g>'
        f"{body}{legend}</svg>\n"
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _draw_png(line: Timeline, case: RefundCase, path: Path) -> None:
    try:
        import matplotlib  # type: ignore[import-not-found,import-untyped,unused-ignore]

        matplotlib.use("Agg")
        from matplotlib import pyplot  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        raise PlotError("drawing .png needs matplotlib; install it, or write .svg") from None
    figure, axes = pyplot.subplots(figsize=(9, 4.2), dpi=120)
    for start, end, point in steps(line):
        amount = float(point.amount or 0)
        axes.hlines(amount, start, max(end, start + timedelta(minutes=1)), lw=2.5,
                    color=_COLOURS[point.outcome])  # fmt: skip
    # Latin text only: the fonts of a plain installation hold no Chinese.
    axes.set_title(f"{case.order.id} ({case.order.product.code}) refund over time")
    axes.set_ylabel(case.currency)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    figure.autofmt_xdate()
    figure.savefig(path, bbox_inches="tight")
    pyplot.close(figure)
