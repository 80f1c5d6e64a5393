"""Times; value: an ISO 8601 interval in Asia/Shanghai without its end, to the minute.

The whole 14th is ``2026-11-14T00:00+08:00/2026-11-15T00:00+08:00``: a string, because Rasa's test
stories cannot annotate anything else.

``purchase_time`` is never in the future: 14号 said on the 10th is last month's 14th, 周五 said on a
Monday is last week's, 双十一 said in May is last year's. A time said to be ahead (明天, 下个月,
三天后) is a ``future_time``. When something else happened (昨天申请的退款, 今天能退吗) is neither:
it would send the search for an order astray.
"""

import re
from calendar import monthrange
from datetime import datetime, timedelta

from refundbot.clock import format_interval
from refundbot.nlu.entities.chinese_time import Moment
from refundbot.nlu.entities.numerals import NUMERAL, read_integer
from refundbot.nlu.entities.spans import Span

_AHEAD = re.compile(
    r"明天|明日|明早|明晚|明年|后天|后年|大后天|下(?:个|周|星期|礼拜|月|年)|[天周月年时钟日](?:之|以)?后$"
)
_WITHIN = re.compile(r"内$|之内|以内|^近|天之前|工作日")
# 第三天 counts; four digits alone may be anything.
_NO_DATE = re.compile(r"^第|^\d{4}$")
_DAY_OF_MONTH = re.compile(rf"^(?:\d{{1,2}}|{NUMERAL}{{1,3}})[号日]")
_WEEKDAY = re.compile(r"^(?:这|本)?(?:周|星期|礼拜)")
_TIME_OF_DAY = re.compile(
    r"^(?:早|上午|中午|下午|晚|凌晨|傍晚|\d|[一二两三四五六七八九十])[^年月日号周]*$"
)
_BOUGHT = r"(?=\s?(?:买|购|下单|订|开|续|的|那|号|日|充|付|拍|入手|交))"

# What follows a time at which nothing was bought.
_NO_PURCHASE = re.compile(
    r"^(?:的时候|就|才|刚|我|已经|又|也|都|,|\s)*"
    r"(?:申请|提交|退|取消|撤|审核|驳回|被|打款|到|问|说|联系|投诉|收到|能|可以|会|想|要|来)"
)
# 12月1号退能退多少: a day to return on, unless it is over (1号退的).
_TO_RETURN = re.compile(
    r"^(?:那天|的时候|之?后|以后|再|才|去|来|申请|,|\s)*(?:退|取消)(?!的|了|过|款(?:的|了|到|申请))"
)
_BUYING = re.compile(r"买|购|下单|订|开通|续|付|充|拍|入手|办|交")
_TODAY = re.compile(
    r"^(?:今天|今日|今儿|今晚|今早|现在|这会儿|目前|今年|早上|上午|中午|下午|晚上|周末)$"
)
_NEAR = 10

_BARE_DAY = re.compile(rf"(?<![\d月.])(?P<day>\d{{1,2}}|{NUMERAL}{{1,3}})[号日](?!线|楼|店|码|机)")
_DOTTED = re.compile(
    rf"(?<![\d.])(?P<month>1[0-2]|0?[1-9])\.(?P<day>3[01]|[12]\d|0?[1-9])(?![\d.元块]){_BOUGHT}"
)
_MONTH_WORD = re.compile(
    r"(?P<word>上上个?月|上个?月|这个?月|本月|当月|下个?月)(?P<part>初|中旬|底|末)?(?![\d一二三四五六七八九十])"
)
_MONTH_PART = re.compile(r"(?<![个\d一二三四五六七八九十上下这本当])月(?P<part>初|中旬|底|末)")
# 俩月 is how long, not February.
_MONTH_NAME = re.compile(
    rf"(?<!个)(?P<month>1[0-2]|[1-9]|(?![两俩]){NUMERAL}{{1,2}})月份?"
    r"(?![\d一二三四五六七八九十初底末中上下])"
)
_JUST_NOW = re.compile(r"刚刚?(?=买|购|下单|付|续|开通|充)|今早|今儿")
_SHOPPING = re.compile(
    rf"(?<!\d)(?:618|1212|1111|双十二|双12|双11)(?:大促|活动|那天|期间)?{_BOUGHT}"
)
_SHOPPING_DAYS = {"618": (6, 18), "121": (12, 12), "双十二": (12, 12), "双12": (12, 12)}
_SHIFTS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1}


def _day_start(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _day_end(moment: datetime) -> datetime:
    return moment.replace(hour=23, minute=59, second=59, microsecond=0)


def _month(now: datetime, shift: int) -> datetime:
    index = now.year * 12 + now.month - 1 + shift
    return _day_start(now.replace(year=index // 12, month=index % 12 + 1, day=1))


def _part_of_month(first: datetime, part: str | None) -> tuple[datetime, datetime]:
    last = monthrange(first.year, first.month)[1]
    begin, end = {"初": (1, 10), "中旬": (11, 20), "底": (21, last), "末": (21, last)}.get(
        part or "", (1, last)
    )
    return first.replace(day=begin), _day_end(first.replace(day=end))


def last_day_numbered(day: int, now: datetime) -> datetime | None:
    """Start of the latest day with this number in its month, today or before; None for 0 or 32."""
    for shift in range(0, -12, -1):
        first = _month(now, shift)
        if 1 <= day <= monthrange(first.year, first.month)[1]:
            candidate = first.replace(day=day)
            if candidate <= now:
                return candidate
    return None


def _span(entity: str, start: int, end: int, edges: tuple[datetime, datetime]) -> Span:
    """A span of the minutes from the first edge to the last, both counted."""
    since, until = (edge.replace(second=0, microsecond=0) for edge in edges)
    return Span(entity, start, end, format_interval(since, until + timedelta(minutes=1)))


def _a_year_back(moment: datetime) -> datetime:
    last = monthrange(moment.year - 1, moment.month)[1]
    return moment.replace(year=moment.year - 1, day=min(moment.day, last))


def roll_back(moment: Moment, now: datetime) -> tuple[datetime, datetime]:
    """The latest past occurrence of a time the parser placed in the future."""
    since, until = moment.since, moment.until
    if since is None or until is None:
        raise ValueError(f"{moment.text!r} is a duration, not a time")
    if _DAY_OF_MONTH.match(moment.text):
        day = last_day_numbered(since.day, now)
        if day is not None:
            shift = day - _day_start(since)
            since, until = since + shift, until + shift
    elif _WEEKDAY.match(moment.text):
        since, until = since - timedelta(days=7), until - timedelta(days=7)
    elif _TIME_OF_DAY.match(moment.text):
        since, until = since - timedelta(days=1), until - timedelta(days=1)
    else:
        since, until = _a_year_back(since), _a_year_back(until)
    return since, until


def from_moments(moments: list[Moment], text: str, now: datetime) -> list[Span]:
    """The parser's times as entities."""
    found = []
    for moment in moments:
        if moment.since is None or moment.until is None or _WITHIN.search(moment.text):
            continue
        if _NO_DATE.search(moment.text):
            continue
        edges, entity = (moment.since, moment.until), "purchase_time"
        if moment.since > now:
            if _AHEAD.search(moment.text) or _TO_RETURN.match(text[moment.end :]):
                entity = "future_time"
            else:
                edges = roll_back(moment, now)
                if edges[0] > now:
                    continue
        found.append(_span(entity, moment.start, moment.end, edges))
    return found


def _month_words(text: str, now: datetime) -> list[Span]:
    found = []
    for match in _MONTH_WORD.finditer(text):
        shift = next(n for word, n in _SHIFTS.items() if match.group("word").startswith(word))
        edges = _part_of_month(_month(now, shift), match.group("part"))
        entity = "future_time" if edges[0] > now else "purchase_time"
        found.append(_span(entity, match.start(), match.end(), edges))
    for match in _MONTH_PART.finditer(text):
        edges = _part_of_month(_month(now, 0), match.group("part"))
        bought = re.match(r"(?:的时候)?(?:买|购|下单|订|开|续)", text[match.end() :])
        if edges[0] > now and bought:
            edges = _part_of_month(_month(now, -1), match.group("part"))
        entity = "purchase_time" if bought or edges[1] < now else "future_time"
        found.append(_span(entity, match.start(), match.end(), edges))
    return found


def _dated(match: re.Match[str], month: int, day: int | None, now: datetime) -> Span | None:
    """A day of a month, or the whole month, in its latest year that is not ahead."""
    if not 1 <= month <= 12:
        return None
    year = now.year if (month, day or 1) <= (now.month, now.day) else now.year - 1
    first = _day_start(now.replace(year=year, month=month, day=1))
    if day is None:
        edges = _part_of_month(first, None)
    elif day <= monthrange(year, month)[1]:
        edges = (first.replace(day=day), _day_end(first.replace(day=day)))
    else:
        return None
    return _span("purchase_time", match.start(), match.end(), edges)


def _numbered(text: str, now: datetime) -> list[Span]:
    found: list[Span | None] = []
    for match in _DOTTED.finditer(text):
        found.append(_dated(match, int(match.group("month")), int(match.group("day")), now))
    for match in _SHOPPING.finditer(text):
        month, day = _SHOPPING_DAYS.get(match.group(0)[:3], (11, 11))
        found.append(_dated(match, month, day, now))
    for match in _MONTH_NAME.finditer(text):
        found.append(_dated(match, read_integer(match.group("month")) or 0, None, now))
    for match in _BARE_DAY.finditer(text):
        start = last_day_numbered(read_integer(match.group("day")) or 0, now)
        if start is not None:
            edges = (start, _day_end(start))
            found.append(_span("purchase_time", match.start(), match.end(), edges))
    return [span for span in found if span is not None]


def _may_be_purchase(span: Span, text: str) -> bool:
    """Whether the words after a time allow that something was bought then."""
    if span.entity != "purchase_time":
        return True
    after = re.split(r"[,。?!;\s]", text[span.end : span.end + _NEAR])[0]
    if _TODAY.match(text[span.start : span.end]):
        return bool(_BUYING.search(after))
    return not _NO_PURCHASE.match(after)


def find(text: str, now: datetime, moments: list[Moment]) -> list[Span]:
    """Times in a normalised text, those of the parser first, then what it does not know."""
    found = from_moments(moments, text, now) + _month_words(text, now) + _numbered(text, now)
    for match in _JUST_NOW.finditer(text):
        edges = (_day_start(now), _day_end(now))
        found.append(_span("purchase_time", match.start(), match.end(), edges))
    return [span for span in found if _may_be_purchase(span, text)]
