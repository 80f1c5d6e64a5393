"""Places in a list that was shown; value: 1, 2 … from the top, -1, -2 … from the end, or one of

``cheapest`` ``most_expensive`` ``newest`` ``oldest`` ``previous`` (the one just spoken of) ``all``
``other`` (another than the one just spoken of) ``above`` ``below`` (its neighbours in the list).
"""

import re

from refundbot.nlu.entities.numerals import NUMERAL, read_integer
from refundbot.nlu.entities.spans import Span

LONGEST_LIST = 50

_THING = r"(?:个|单|笔|台|条|项|份|张|件|款|种|行|号)?"
_NUMBERED = re.compile(
    rf"(?<!倒数)第\s?(\d{{1,2}}|{NUMERAL}{{1,3}})(?!\s?(?:天|次|年|月|周|季|步|期|方|条规|条款|三方|一时间|二天)){_THING}"
)
_FROM_END = re.compile(rf"倒数第?\s?(\d{{1,2}}|{NUMERAL}{{1,3}}){_THING}")
_WHOLE = re.compile(
    rf"(?:我?(?:选|要|退|就|是|说的是|回复|发|点)?\s?)(\d{{1,2}}|{NUMERAL}{{1,2}})"
    r"(?:[.、,。!)）]|号|个|吧|的|那个|这个|呢|啊|哈|号订单)*"
)
_ONE = r"的?(?:那|这)?(?:一)?(?:个|单|笔|台|条|项)"
_THAT = r"[那这](?:一)?(?:个|单|笔|台|条)"
# 另一个问题, 下一个月, 还有一个朋友: not an order.
_NO_ORDER = (
    r"(?!半?月|星期|礼拜|小时|季|年|周|事|问题|意思|人|客服|账|帐|手机|号码|电话|邮箱|支付|微信|卡|银行|"
    r"平台|名|地|区|页|步|次|情况|办法|方法|原因|朋友|同事|领导|公司|部门|产品线)"
)
# 都退了 with 吗 or 三天 behind it, or 我 before it, asks for a sum or tells what has happened.
_RETURN = r"(?:申请)?(?:退(?:了|掉|订|一下|一退)?|取消(?:了|掉)?|不(?:想)?要了|处理掉|注销掉)"
_PLEASE = r"(?:给我|帮我|替我|给|麻烦|直接|一起|一块儿?|一并|都|全)*"
_DONE = r"(?:吧|呗|啦|咯|哈|算了|好了)?(?=[,。.!~;\s]|$|帮我|给我退|麻烦|退)"
_WORDS: tuple[tuple[str, int | str], ...] = (
    (rf"(?<![能是])(?:全部|全都|统统|通通)的?{_PLEASE}{_RETURN}{_DONE}", "all"),
    (rf"(?<![也能])(?:一起|一块儿?|一并){_PLEASE}{_RETURN}{_DONE}", "all"),
    (rf"(?<![我早经才也])都{_PLEASE}{_RETURN}{_DONE}", "all"),
    (rf"(?<![完安])全(?:给我|帮我)?(?:退(?:了|掉)|不要了){_DONE}", "all"),
    (r"一(?:个|台|单)(?:都|也)?不留", "all"),
    (r"(?:最后|末尾|最末|最下面|最底下)(?:那|这|的|面)?(?:一)?(?:个|单|笔|台|条|项)", -1),
    (r"(?:最上面|最前面|最顶上|头)(?:那|的|一)(?:一)?(?:个|单|笔|台|条)?", 1),
    (
        r"(?:最贵|价格最高|金额最大|金额最高|钱最多|最大)(?:的|那)(?:那)?(?:一)?(?:个|单|笔|台|条)?",
        "most_expensive",
    ),
    (r"(?<!最)(?:更|较|比较)?贵(?:点|一点|些)?的?那(?:一)?(?:个|单|笔|台|条)", "most_expensive"),
    (r"(?<!最)(?:更|较|比较)?便宜(?:点|一点|些)?的?那(?:一)?(?:个|单|笔|台|条)", "cheapest"),
    (rf"{_THAT}(?:更|较|比较|最)?贵(?:点|一点|些)?的", "most_expensive"),
    (rf"{_THAT}(?:更|较|比较|最)?便宜(?:点|一点|些)?的", "cheapest"),
    (
        r"(?:最便宜|价格最低|金额最小|钱最少|最小)(?:的|那)(?:那)?(?:一)?(?:个|单|笔|台|条)?",
        "cheapest",
    ),
    (
        r"(?:最新|最近(?:一次)?(?:买|下单|购买|下|开)?|刚(?:刚)?(?:买|下单|下|购买|开通))(?:的|那|这)(?:那)?(?:一)?(?:个|单|笔|台|条)?",
        "newest",
    ),
    (r"最近(?:的)?(?:一|那)(?:个|单|笔|台|条)", "newest"),
    (
        r"(?:最早|最老|最旧|最开始|最先)(?:买|下单|购买|下)?(?:的|那)(?:那)?(?:一)?(?:个|单|笔|台|条)?",
        "oldest",
    ),
    (
        r"(?:刚才|刚刚|上面|前面|之前说|刚说|刚问)(?:说|问|提到|查|讲)?的?(?:那|这)(?:一)?(?:个|单|笔|台|条)?",
        "previous",
    ),
    (r"(?:刚才|上面|上)(?:说|问)?的?(?:一|那)(?:个|单|笔|台|条)", "previous"),
    (
        r"(?:都|全部|全都|一起|通通|统统)(?:给我|帮我|一起)?(?:算|看|查|说|列|报|要)(?:一?下|一遍|出来|算|看)?",
        "all",
    ),
    (r"(?:所有|全部)的?(?:订单|单子|资源|东西|都)", "all"),
    (r"所有的?(?=[^,。?]{1,8}(?:都|全|退))", "all"),
    (r"(?:两|俩|三|四|五|六|\d)(?:个|台|单|笔)(?:订单)?(?:都|全)", "all"),
    (r"每(?:个|一个|单|笔|台)(?:订单)?都?", "all"),
    (rf"(?:另外?|别)(?:的(?:那|这))?{_ONE}{_NO_ORDER}", "other"),
    (rf"(?:还有|剩下|余下)的?(?:那|一)(?:一)?(?:个|单|笔|台){_NO_ORDER}", "other"),
    (rf"(?<!最)(?:下面|下边|底下|后面|后边){_ONE}{_NO_ORDER}", "below"),
    (rf"(?<![之往以])[后下]一(?:个|单|笔|台|条){_NO_ORDER}", "below"),
    (rf"(?<!最)(?:上边|前边){_ONE}{_NO_ORDER}", "above"),
    (rf"前一(?:个|单|笔|台|条){_NO_ORDER}", "above"),
)
# 上面那个 is the one spoken of, unless just that one is refused: 不是这个, 是上面那个.
_REFUSED = re.compile(r"(?<!是)不是|不对|搞错|弄错|看错|说错|选错|点错|错了|并非")
_SPOKEN_OF = re.compile(r"刚|之前|说|问|提|查|讲")
_WORD_PATTERNS = tuple((re.compile(pattern), value) for pattern, value in _WORDS)
_ALL_ALONE = re.compile(r"(?:都要|全部|全都|所有|都|全要|全都要|都退|全退了?)[吧的了.。!]*")


def _place(text: str) -> int | None:
    value = read_integer(text)
    return value if value is not None and 1 <= value <= LONGEST_LIST else None


def _after_refusal(words: str) -> str:
    """What 上面那个 or 刚才那个 means once the order just spoken of is refused."""
    return "other" if _SPOKEN_OF.search(words) else "above"


def find(text: str) -> list[Span]:
    """Ordinals in a normalised text; a bare number only when it is the whole message."""
    found = []
    for pattern, sign in ((_FROM_END, -1), (_NUMBERED, 1)):
        for match in pattern.finditer(text):
            place = _place(match.group(1))
            if place is not None:
                found.append(Span("ordinal", match.start(), match.end(), sign * place))
    for word_pattern, value in _WORD_PATTERNS:
        for match in word_pattern.finditer(text):
            refused = value == "previous" and _REFUSED.search(text[: match.start()])
            meant = _after_refusal(match.group(0)) if refused else value
            found.append(Span("ordinal", match.start(), match.end(), meant))
    if _ALL_ALONE.fullmatch(text):
        found.append(Span("ordinal", 0, len(text), "all"))
    whole = _WHOLE.fullmatch(text)
    if whole and not found and not re.search(r"[要选就].*[元块天]|号$(?<=\d\d号)", text):
        place = _place(whole.group(1))
        if place is not None:
            found.append(Span("ordinal", whole.start(1), whole.end(1), place))
    return found
