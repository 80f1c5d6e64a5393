"""Places in a list that was shown; value: 1, 2 … from the top, -1, -2 … from the end, or one of

``cheapest`` ``most_expensive`` ``newest`` ``oldest`` ``previous`` (the one just spoken of) ``all``.
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
_WORDS: tuple[tuple[str, int | str], ...] = (
    (r"(?:最后|末尾|最末|最下面|最底下)(?:那|这|的|面)?(?:一)?(?:个|单|笔|台|条|项)", -1),
    (r"(?:最上面|最前面|最顶上|头)(?:那|的|一)(?:一)?(?:个|单|笔|台|条)?", 1),
    (
        r"(?:最贵|价格最高|金额最大|金额最高|钱最多|最大)(?:的|那)(?:那)?(?:一)?(?:个|单|笔|台|条)?",
        "most_expensive",
    ),
    (r"(?<!最)(?:更|较|比较)?贵(?:点|一点|些)?的?那(?:一)?(?:个|单|笔|台|条)", "most_expensive"),
    (r"(?<!最)(?:更|较|比较)?便宜(?:点|一点|些)?的?那(?:一)?(?:个|单|笔|台|条)", "cheapest"),
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
    (r"(?:所有|全部)的?(?:订单|都)", "all"),
    (r"(?:两|俩|三|四|五|六|\d)(?:个|台|单|笔)(?:订单)?(?:都|全)", "all"),
    (r"每(?:个|一个|单|笔|台)(?:订单)?都?", "all"),
)
_WORD_PATTERNS = tuple((re.compile(pattern), value) for pattern, value in _WORDS)
_ALL_ALONE = re.compile(r"(?:都要|全部|全都|所有|都|全要|全都要|都退|全退了?)[吧的了.。!]*")


def _place(text: str) -> int | None:
    value = read_integer(text)
    return value if value is not None and 1 <= value <= LONGEST_LIST else None


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
            found.append(Span("ordinal", match.start(), match.end(), value))
    if _ALL_ALONE.fullmatch(text):
        found.append(Span("ordinal", 0, len(text), "all"))
    whole = _WHOLE.fullmatch(text)
    if whole and not found and not re.search(r"[要选就].*[元块天]|号$(?<=\d\d号)", text):
        place = _place(whole.group(1))
        if place is not None:
            found.append(Span("ordinal", whole.start(1), whole.end(1), place))
    return found
