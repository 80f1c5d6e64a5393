"""Numbers written in Chinese characters, as whole numbers."""

import re

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "俩": 2,
    "〇": 0,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}

NUMERAL = "[零〇一二两俩三四五六七八九十百千万]"


def read_integer(text: str) -> int | None:
    """The value of ``12``, ``十二``, ``两百三``, ``三千二``, ``一万二`` …; None if it is no number.

    A digit after the last unit without a unit of its own counts one unit below, as in speech:
    三千二 is 3200, but 三千零二 is 3002.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or not re.fullmatch(f"{NUMERAL}+", text):
        return None
    if all(char in _DIGITS for char in text) and len(text) > 1:
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    last_unit, after_zero, has_digit = 1, False, False
    for char in text:
        if char in _DIGITS:
            if has_digit:
                return None
            digit, has_digit = _DIGITS[char], _DIGITS[char] != 0
            after_zero = after_zero or _DIGITS[char] == 0
            continue
        unit = _UNITS[char]
        if unit == 10000:
            total += (section + digit or 1) * unit
            section = 0
        else:
            section += (digit or 1) * unit
        digit, has_digit, after_zero, last_unit = 0, False, False, unit
    if digit and last_unit > 10 and not after_zero:
        digit *= last_unit // 10
    return total + section + digit
