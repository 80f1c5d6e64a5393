"""What the customer reads."""

from typing import Any

from refund_core import RefundCase, default_policies, evaluate, explain
from refund_core.codec import parse_instant
from refund_core.library import POLICY_DIR
from refund_core.worked import read_cases

from .samples import instance_case

AS_OF = parse_instant("2026-11-23T10:00:00+08:00")


def text_of(name: str) -> str:
    cases = {case.name: case for case in read_cases(POLICY_DIR / "baidu" / "cases")}
    worked = cases[name]
    return explain.render_text(evaluate(worked.case, worked.as_of), worked.case)


def decide(**changes: Any) -> tuple[Any, RefundCase]:
    data = instance_case()
    for name, part in changes.items():
        data[name] = data.get(name, {}) | part
    case = RefundCase.from_json(data)
    return evaluate(case, AS_OF), case


def test_the_model_answer_word_for_word() -> None:
    decision, case = decide()
    assert explain.render_text(decision, case).splitlines() == [
        "可以退，预计退 ¥186.67。",
        "订单 BD20261114001 · 云服务器 BCC · 包年包月 1 个月（2026-11-14 至 2026-12-14）",
        "实付 ¥280.00（现金）− 已消费 ¥93.33（10/30 天，购买日和退订日都计 1 天）＝ ¥186.67",
        "代金券 ¥20.00 不退回。退款退到账户余额。",
        "依据：退订规则「退款金额＝订单金额－已消费金额」（百度智能云退订综述，2025-08-21）。"
        "按天折算是我们的估算方式，以退订页面显示为准。",
        "每多用一天约少退 ¥9.33。截止 2026-12-13 00:00：可退金额降为 0，不能再退订。",
        "退订后资源会释放，请先备份数据。提交退订到退订成功之间产生的费用不退。",
        "请到控制台 › 财务管理 › 退订管理自助退订。",
    ]


def test_a_no_gives_every_reason_numbered_with_basis_and_a_way_on() -> None:
    text = text_of("已到期，又参加了不退款的活动，两个原因都说")
    assert text.splitlines() == [
        "这个订单不能退，有 2 个原因：",
        "订单 BD20261114001 · 云服务器 BCC · 包年包月 1 个月（2026-11-14 至 2026-12-14）",
        "1. 资源已于 2026-12-14 10:00 到期，已到期资源不支持退订。",
        "2. 购买时参加了「双十一爆款」活动，活动说明不支持退款。",
        "依据：百度智能云退订综述「不可退订资源」「促销活动退款」（2025-08-21）",
        "您可以看看名下其它可退的订单，或转人工说明情况。",
    ]


def test_a_pack_says_until_when_and_what_ends_it() -> None:
    text = text_of("没用过的流量包，7 天内全额退，截止到分钟")
    assert "可以全额退 ¥50.00。" in text
    assert "实付 ¥50.00（现金），全额退 ¥50.00" in text
    assert "截止 2026-11-25 15:30：新购 7 天内且未使用才能退；开始使用后就不能退了。" in text
    assert "预计" not in text


def test_a_review_names_the_missing_fact_and_the_clause() -> None:
    text = text_of("不知道流量包用没用过，要人工确认")
    assert text.splitlines()[0] == "需要人工确认。"
    assert "还缺少一项信息：资源包是否已经使用。" in text
    assert "百度智能云退订综述「可退订资源」" in text
    assert "转人工" in text


def test_several_kinds_of_payment_are_named_with_their_parts() -> None:
    text = text_of("现金和赠送金一起付的，按比例退，加起来一分不差")
    assert "实付 ¥280.00（现金 ¥100.01、赠送金 ¥99.99、储值卡 ¥80.00）− 已消费" in text
    assert "其中现金 ¥66.68、赠送金 ¥66.66、储值卡 ¥53.33。" in text


def test_several_orders_are_shown_one_by_one_with_the_total() -> None:
    text = text_of("退订整个资源，当前周期差额，未开始的续费全额")
    assert "新购订单 BD20261114001：实付 ¥280.00 − 已消费 ¥93.33（10/30 天" in text
    assert "续费订单 BD20261120777：实付 ¥300.00 − 已消费 ¥0.00（尚未开始）＝ ¥300.00" in text
    assert "合计 ¥486.67" in text


def test_a_failed_creation_needs_nothing_from_the_customer() -> None:
    text = text_of("创建失败由系统自动退到余额")
    assert text.startswith("系统会自动退 ¥280.00，不需要您操作。")
    assert "退款直接退到账户余额。" in text


def test_every_step_of_the_sum_is_shown_with_its_ground() -> None:
    decision, _ = decide()
    lines = explain.step_lines(decision)
    assert lines[3].startswith(
        "4. 已用时长：10 天（2026-11-14 至 2026-11-23，购买日和退订日都计 1 天）"
    )
    assert "5. 已消费金额：实付金额 280 × 10 ÷ 30 ＝ 93.33333333…" in lines[4]
    assert "280.00 − 93.33 ＝ 186.67（四舍五入到分）" in lines[5]
    assert all("依据：" in line for line in lines)


def test_the_way_to_return_it_is_told_step_by_step() -> None:
    decision, _ = decide()
    lines = explain.process_lines(decision)
    assert lines[0] == "请到控制台 › 财务管理 › 退订管理自助退订。"
    assert lines[-1] == "4. 确认退订"


def test_amounts_are_grouped_and_dollars_are_dollars() -> None:
    decision, case = decide(order={"amount": "12345.60", "payments": {"cash": "12345.60"}})
    assert "实付 ¥12,345.60（现金）" in explain.render_text(decision, case)
    data = instance_case() | {"currency": "USD", "site": "intl"}
    dollars = RefundCase.from_json(data)
    assert "预计退 US$186.67" in explain.render_text(evaluate(dollars, AS_OF), dollars)


def test_the_general_rules_can_be_told_by_topic() -> None:
    policy = default_policies().in_force("baidu", "cn", AS_OF)
    assert policy is not None
    assert explain.render_rules(policy, ("seven_days",)).splitlines() == [
        "七天只适用于新购且未使用的量包和未生效的存储包；云服务器等包年包月资源没有七天限制，但到期后不能退。",
        "依据：百度智能云退订综述「可退订资源」「不可退订资源」（2025-08-21）",
    ]
    text = explain.render_rules(policy)
    assert text.startswith("百度智能云退订综述（2025-08-21）：\n· 可以退：包年包月预付费资源")
    assert "代金券不退" in text


def test_a_kind_of_payment_that_is_never_returned_is_said_to_be_lost() -> None:
    data = instance_case() | {"vendor": "tencent", "account": {"id": "A1", "entity_id": "E1"}}
    data["order"] |= {
        "product": {"code": "cvm", "name": "云服务器 CVM", "category": "instance"},
        "purchased_at": "2026-11-22T10:00:00+08:00",
        "effective_at": "2026-11-22T10:00:00+08:00",
        "starts_at": "2026-11-22T10:00:00+08:00",
        "ends_at": "2026-12-22T10:00:00+08:00",
        "amount": "250.00",
        "payments": {"cash": "200.00", "cash_coupon": "20.00", "voucher": "30.00"},
    }
    data["history"] = {"refunds": []}
    case = RefundCase.from_json(data)
    text = explain.render_text(evaluate(case, AS_OF), case)
    assert "实付 ¥200.00（现金），全额退 ¥200.00" in text
    assert "现金券 ¥20.00、代金券 ¥30.00 不退回。" in text


def test_a_kind_of_which_a_share_comes_back_is_not_lost() -> None:
    paid = {"cash": "279.99", "gift": "0.01", "voucher": "20.00"}
    decision, case = decide(order={"amount": "300.00", "payments": paid})
    text = explain.render_text(decision, case)
    assert "实付 ¥280.00（现金 ¥279.99、赠送金 ¥0.01）" in text
    assert "代金券 ¥20.00 不退回。" in text
    assert "赠送金 ¥0.01 不退回" not in text
