"""Chinese words for the codes of orders and decisions."""

from refund_core.wording import VENDOR_NAMES

KIND = {
    "new": "新购",
    "renewal": "续费",
    "upgrade": "升配",
    "downgrade": "降配",
    "conversion": "转包年包月",
}
STATUS = {
    "paid": "已支付",
    "creating": "创建中",
    "failed": "创建失败",
    "effective": "已生效",
    "completed": "已完成",
    "refunded": "已退款",
    "archived": "已归档",
}
BILLING = {
    "prepaid": "包年包月",
    "postpaid": "按量付费",
    "one_off": "一次性",
    "free": "免费",
    "trial": "试用",
}
RESOURCE = {
    "running": "运行中",
    "expired": "已到期",
    "creating": "创建中",
    "create_failed": "创建失败",
    "not_found": "未找到",
    "released": "已释放",
}
OUTCOME = {
    "refundable": "可退",
    "not_refundable": "不可退",
    "needs_review": "需人工确认",
    "unknown": "暂不能判断",
}
ACCOUNT = {"person": "个人账号", "enterprise": "企业账号"}
VENDOR = VENDOR_NAMES
PAYMENT = {
    "cash": "现金",
    "gift": "赠送金",
    "stored_value": "储值卡",
    "cash_coupon": "现金券",
    "voucher": "代金券",
}


def of(words: dict[str, str], code: str | None) -> str:
    """The word for a code; the code itself when there is none, a dash for None."""
    return "—" if code is None else words.get(code, code)
