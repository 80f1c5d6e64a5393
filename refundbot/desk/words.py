"""What customers and agents read about tickets. All of it, in one place."""

from datetime import datetime

LEAVE = "退出排队"
# Typed words that leave the queue, or end the talk with a person, besides the button.
LEAVING = frozenset(
    {"退出排队", "取消排队", "不排队了", "不排了", "退出人工", "取消人工", "结束人工", "取消转人工"}
)
# Typed words that ask for a person, for when nothing can understand other words.
ASKING = frozenset(
    {
        "人工",
        "转人工",
        "人工客服",
        "转人工客服",
        "转接人工",
        "找人工",
        "要人工",
        "联系人工",
        "我要转人工",
    }
)

CONNECTING = "好的，为您转接人工客服。\n前面的对话客服都能看到。我没有替您提交任何退订。"
TAKEN = "客服 {agent} 已接入，正在看您前面的对话。"
HANDED_BACK = "客服 {agent} 已把对话交还给退款助手，您可以接着问我。"
CLOSED = "客服 {agent} 已结束本次人工服务。还有退款问题可以接着问我，需要时也可以再转人工。"
LEFT_QUEUE = "已退出排队，没有转给客服。退款方面的问题可以接着问我，需要时再说「转人工」。"
LEFT_AGENT = "已结束人工服务，现在由退款助手回复您。需要时再说「转人工」。"
CUSTOMER_LEFT = "客户已退出，回到退款助手。"

DESK_DOWN = (
    "人工服务暂时接不进来，没有为您排上队。请过几分钟再试，或点「联系人工」提交工单；"
    "您的订单没有任何改动。"
)

MISSING = "没有这个会话。"
ENDED = "这个会话已经结束，不能再操作。"
NOT_TAKEN = "请先接入，再回复。"
NOT_YOURS = "这个会话现在由 {agent} 处理；要接着处理，请先接手。"
EMPTY = "请先写回复内容。"
TOO_LONG = "回复有 {length} 个字，请缩短到 {limit} 字以内。"

_WEEKDAYS = "一二三四五六日"


def day_and_time(at: datetime) -> str:
    """11月24日（周二）09:00; Beijing time."""
    return f"{at.month}月{at.day}日（周{_WEEKDAYS[at.weekday()]}）{at:%H:%M}"


def queue(ahead: int) -> str:
    """How many wait before this customer."""
    return f"前面还有 {ahead} 位" if ahead else "前面没有人排队"
