"""Sums of money; value: decimal text in 元, ``"800"`` for 八百块, ``"186.67"``.

A sum only helps to tell orders apart (那个五十块的); no amount of a refund is ever read from text.
"""

import re
from decimal import Decimal

from refundbot.nlu.entities.numerals import NUMERAL, read_integer
from refundbot.nlu.entities.spans import Span

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?"
_EDGE = r"(?<![A-Za-z0-9.\-/])"
_UNIT = r"(?:元|块钱|块|圆|人民币|rmb|cny|大洋)"
# 一块 and 几块 also mean "together" and "a few"; 块 before 硬盘 counts disks.
_NO_UNIT_AFTER = r"(?!\s?(?:硬盘|磁盘|云盘|盘|数据盘|儿|退|申请|买|处理|算))"

_SYMBOL = re.compile(rf"[¥￥$]\s?({_NUMBER})")
_DIGITS = re.compile(
    rf"{_EDGE}({_NUMBER})\s?(千|k|w|万)?\s?({_UNIT}){_NO_UNIT_AFTER}(?:(\d)(?!\d))?", re.IGNORECASE
)
_CHINESE = re.compile(rf"(?<!第)({NUMERAL}+)(元|块钱|块|圆){_NO_UNIT_AFTER}({NUMERAL})?")
# 三千二, 八百五, 两千: said without a unit; a measure word after it counts something else.
_NO_MONEY_AFTER = (
    r"(?!\s?(?:多|来|几)?\s?(?:个|台|天|年|次|人|份|件|条|张|号|日|月|点|兆|度|本|套|分|秒|小时|米|里|斤|"
    r"[gmktGMKT%]|万?条|行|页|位|名|倍|种|家|岁|章|字|积分|客服))"
)
_SPOKEN = re.compile(
    r"(?<![第之几一二两三四五六七八九十百千万\d])"
    r"([一二两三四五六七八九]十?[万千百][零〇一二两三四五六七八九十百千]*)" + _NO_MONEY_AFTER
)
_MIXED = re.compile(
    rf"{_EDGE}(\d{{1,3}}(?:\.\d)?)([千万kKwW])(\d)?(?![A-Za-z0-9])" + _NO_MONEY_AFTER
)
_PLAIN = re.compile(
    rf"{_EDGE}(\d{{2,7}}\.\d{{1,2}}|\d{{2,6}})(?=的|那个|那笔|那单|那台|$(?<=\.\d\d))"
)
_SCALES = {"千": 1000, "k": 1000, "w": 10000, "万": 10000}


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _from_digits(match: re.Match[str]) -> Decimal:
    value = Decimal(match.group(1).replace(",", ""))
    if match.group(2):
        value *= _SCALES[match.group(2).lower()]
    if match.group(4):
        value += Decimal(match.group(4)) / 10
    return value


def find(text: str) -> list[Span]:
    """Sums of money in a normalised text."""
    found = [
        Span("money", match.start(), match.end(), _text(Decimal(match.group(1).replace(",", ""))))
        for match in _SYMBOL.finditer(text)
    ]
    for match in _DIGITS.finditer(text):
        found.append(Span("money", match.start(), match.end(), _text(_from_digits(match))))
    for match in _CHINESE.finditer(text):
        whole = read_integer(match.group(1))
        tenth = read_integer(match.group(3)) if match.group(3) else 0
        together = match.group(0) == "一块"
        if whole is not None and tenth is not None and not together:
            value = Decimal(whole) + Decimal(tenth) / 10
            found.append(Span("money", match.start(), match.end(), _text(value)))
    for match in _SPOKEN.finditer(text):
        whole = read_integer(match.group(1))
        if whole is not None and whole >= 100:
            found.append(Span("money", match.start(1), match.end(1), _text(Decimal(whole))))
    for match in _MIXED.finditer(text):
        scale = _SCALES[match.group(2).lower()]
        value = Decimal(match.group(1)) * scale + Decimal(match.group(3) or 0) * scale / 10
        found.append(Span("money", match.start(), match.end(), _text(value)))
    for match in _PLAIN.finditer(text):
        found.append(Span("money", match.start(1), match.end(1), _text(Decimal(match.group(1)))))
    return found
