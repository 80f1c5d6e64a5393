"""Tables for the policy owner, in Chinese, for the terminal."""

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from refund_core.catalogue import CATALOGUE
from refund_core.library import PolicySet
from refund_core.method_doc import MethodDoc
from refund_core.policy import Policy
from refund_core.policy_diff import Difference, shown
from refund_core.texts import instant_text
from refund_core.timelines import Timeline
from refund_core.wording import money

_AUTHORITY = {"official": "官方", "mirror": "官方（镜像）", "third_party": "第三方"}
_OUTCOME = {"not_refundable": "不能退", "needs_review": "人工确认"}


def list_table(policies: PolicySet) -> Table:
    """Every policy version, one a row."""
    table = _table("规则", "厂商", "站点", "产品", "生效", "失效", "来源", "页面日期")
    for policy in policies:
        doc = policy.doc
        table.add_row(
            policy.key,
            doc.vendor,
            "、".join(doc.sites),
            "、".join(doc.products) or "全部",
            str(doc.effective.since),
            str(doc.effective.until or "—"),
            f"{doc.title}（{_AUTHORITY[doc.authority]}）",
            policy.ref.updated or "—",
        )
    return table


def policy_view(policy: Policy) -> Group:
    """One policy in full: rules with clause and source, assumptions, order of routes."""
    parts: list[RenderableType] = [_head(policy), _routes(policy), _exclusions(policy)]
    parts.append(_methods(policy))
    for table in (
        _windows(policy),
        _quotas(policy),
        _conflicts(policy),
        _assumptions(policy),
        _notes(policy),
    ):
        if table.row_count:
            parts.append(table)
    parts.append(_sources(policy))
    return Group(*parts)


def _table(*columns: str, title: str | None = None) -> Table:
    table = Table(title=title, title_justify="left", show_lines=False, expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _head(policy: Policy) -> Text:
    doc = policy.doc
    effective = doc.effective
    selected = "申请时间" if effective.selected_by == "request" else "购买时间"
    clock = "退订成功时" if doc.clock.instant == "approval" else "申请时"
    lines = [
        f"{doc.title} · {policy.key} · {_AUTHORITY[doc.authority]}",
        f"生效 {effective.since} 至 {effective.until or '今'}，按{selected}选用"
        + ("（假设）" if effective.assumption else ""),
        f"费用计到{clock}" + ("（假设）" if doc.clock.assumption else ""),
    ]
    return Text("\n".join(lines))


def _ground(policy: Policy, clause: str | None, assumption: str | None) -> str:
    parts = []
    if clause is not None:
        found = policy.clauses[clause]
        parts.append(f"{found.section}「{found.text}」")
    if assumption is not None:
        parts.append(f"假设：{policy.doc.assumptions[assumption].text}")
    return escape("\n".join(parts))


def _routes(policy: Policy) -> Table:
    table = _table("可退路径", "条件", "计算", "先于", "不受限于", "依据", title="可以退")
    for route in policy.routes:
        doc = route.doc
        clauses = [f"{item.section}「{item.text}」" for item in route.clauses]
        table.add_row(
            f"{doc.id}\n{doc.label}",
            conditions_text(doc.when),
            doc.method,
            "\n".join(doc.over) or "—",
            f"{len(doc.exempt)} 项" if doc.exempt else "—",
            escape("\n".join(clauses)),
        )
    return table


def _exclusions(policy: Policy) -> Table:
    table = _table("原因代码", "结果", "条件", "说法", "依据", title="不能退 / 人工确认")
    items = [item.doc for item in policy.exclusions]
    if policy.zero_refund is not None:
        items.append(policy.zero_refund.doc)
    for doc in items:
        table.add_row(
            doc.code,
            _OUTCOME[doc.outcome],
            conditions_text(doc.when),
            escape(doc.text),
            _ground(policy, doc.clause, doc.assumption),
        )
    return table


def _methods(policy: Policy) -> Table:
    table = _table("算法", "参数", "依据", title="怎么算")
    for key, doc in policy.doc.methods.items():
        table.add_row(key, method_text(doc), _ground(policy, doc.clause, doc.assumption))
    return table


def _windows(policy: Policy) -> Table:
    table = _table("期限", "起点", "长度", "依据", title="期限（左闭右开）")
    for key, doc in policy.doc.windows.items():
        length = f"{doc.days} 天" + (f" {doc.minutes} 分钟" if doc.minutes else "")
        table.add_row(
            key,
            " / ".join(doc.since),
            length + ("，到当天结束" if doc.until_end_of_day else ""),
            _ground(policy, doc.clause, doc.assumption),
        )
    return table


def _quotas(policy: Policy) -> Table:
    table = _table("名额", "次数", "范围", "依据", title="名额")
    for key, doc in policy.doc.quotas.items():
        scope = f"{doc.scope} / {doc.per} / {doc.period}"
        table.add_row(key, str(doc.limit), scope, _ground(policy, doc.clause, doc.assumption))
    return table


def _conflicts(policy: Policy) -> Table:
    table = _table("矛盾", "条件", "说法", title="来源自相矛盾，涉及时转人工")
    for rule in policy.conflicts:
        doc = rule.doc
        sides = [doc.text, *(f"· {side.text}" for side in doc.sides)]
        when = "不涉及具体订单" if doc.when is None else conditions_text(doc.when)
        table.add_row(doc.code, when, escape("\n".join(sides)))
    return table


def _assumptions(policy: Policy) -> Table:
    table = _table("假设", "内容", "告诉客户", title="来源没有写明，按假设处理")
    for key, doc in policy.doc.assumptions.items():
        table.add_row(key, escape(doc.text), "是" if doc.customer else "否")
    return table


def _notes(policy: Policy) -> Table:
    table = _table("条款", "说明", title="来源之间的矛盾和空白")
    for doc in policy.doc.notes:
        table.add_row("\n".join(doc.clauses) or "—", escape(doc.text))
    return table


def _sources(policy: Policy) -> Table:
    table = _table("来源", "页面", "日期", "说明", title="来源")
    for key, doc in policy.doc.sources.items():
        table.add_row(key, f"{doc.title}\n{doc.url}", doc.updated or "—", escape(doc.note or "—"))
    return table


def conditions_text(when: Any) -> str:
    """A `when` list in one line a condition."""
    return escape("\n".join(_condition(item) for item in when) or "总是")


def _condition(item: Any) -> str:
    if isinstance(item, str):
        return item
    ((name, value),) = item.items()
    if name == "not":
        return f"非（{_condition(value)}）"
    if name in ("any", "all"):
        joined = (" 或 " if name == "any" else " 且 ").join(_condition(part) for part in value)
        return f"（{joined}）"
    shown = "|".join(value) if isinstance(value, list) else str(value)
    return f"{name}: {shown}"


def method_text(doc: MethodDoc) -> str:
    """A method's parameters in one line."""
    if doc.kind == "none":
        return "不计已消费金额"
    parts = [f"{doc.kind} {doc.basis}"]
    if doc.used is not None:
        parts.append(f"已用按 {doc.used.unit}/{doc.used.how}")
    if doc.total is not None:
        parts.append(f"总量按 {doc.total.unit}/{doc.total.how}")
    if doc.total_fixed is not None:
        parts.append(f"总量固定 {doc.total_fixed}")
    if doc.month_days is not None:
        parts.append(f"总量每月按 {doc.month_days} 天")
    if doc.discount != "none":
        parts.append(f"折扣 {doc.discount}")
    parts += [f"系数 {factor.value}" for factor in doc.factors]
    if doc.fee is not None:
        parts.append("另收手续费")
    parts.append(f"{doc.rounding} 到分")
    return escape("，".join(parts))


def conditions_table() -> Table:
    """Every condition a policy can name, with its parameter and what it tests."""
    table = _table("condition", "parameter", "holds when")
    for name, item in sorted(CATALOGUE.items()):
        parameter = "、".join(item.choices) or ("" if item.parameter == "none" else item.parameter)
        table.add_row(name, parameter, " ".join(item.doc.split()))
    return table


def diff_table(before: Policy, after: Policy, found: Sequence[Difference]) -> Table:
    """What differs between two policies, one key a row."""
    table = _table("项", before.key, after.key, title="规则差别")
    for item in found:
        table.add_row(item.key, escape(shown(item.before)), escape(shown(item.after)))
    return table


def timeline_table(line: Timeline, currency: str) -> Group:
    """A timeline: the days, then the jumps."""
    days = _table("时间", "答案", "退款", "说明", title="逐日")
    jumps = _table("起", "答案", "退款", "说明", title="变化的时刻")
    for table, points in ((days, line.days), (jumps, line.jumps)):
        for point in points:
            table.add_row(
                instant_text(point.at),
                {"refundable": "可退", **_OUTCOME}[point.outcome],
                "—" if point.amount is None else money(point.amount, currency),
                point.route or "、".join(point.reasons),
            )
    return Group(days, jumps)
