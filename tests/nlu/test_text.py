"""Different spellings of one wish become one text; nothing typed becomes a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refundbot.nlu.text import normalize


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("１１月３号买的ＢＣＣ", "11月3号买的BCC"),
        ("我買的雲服務器還能退款嗎", "我买的云服务器还能退款吗"),
        ("伺服器退款", "服务器退款"),
        ("退\u200b款\ufeff", "退款"),
        ("\x00退\x07款\x1b", "退款"),
        ("退款\n多久\t到账", "退款 多久 到账"),
        ("多久到账？？？！！！", "多久到账?!"),
        ("退退退退", "退"),
        ("哈哈哈哈哈", "哈哈"),
        ("  能退吗   谢谢  ", "能退吗 谢谢"),
        ("①", "1"),
        ("退款\ufffd", "退款"),
    ],
)
def test_one_form_for_all_spellings(typed: str, meant: str) -> None:
    assert normalize(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("退宽", "退款"),
        ("推款", "退款"),
        ("tuikuan", "退款"),
        ("Tui Kuan", "退款"),
        ("退qian", "退钱"),
        ("退 qian", "退钱"),
        ("能t吗", "能退吗"),
        ("肿么退", "怎么退"),
        ("多久到zhang", "多久到账"),
        ("什么时候到帐", "什么时候到账"),
        ("代金卷退吗", "代金券退吗"),
        ("转rg", "转人工"),
        ("88", "再见"),
    ],
)
def test_slang_and_slips_become_plain_words(typed: str, meant: str) -> None:
    assert normalize(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "退定金",
        "BTK1",
        "http:/tk.example.com/qx",
        "a@tk.cn",
        "订单8812",
        "付了88元",
        "到张三名下",
        "shopqx2",
    ],
)
def test_words_that_only_look_like_slang_stay(text: str) -> None:
    assert normalize(text) == text


@pytest.mark.parametrize(
    "typed",
    [
        "／refund{}",
        "\u200b/refund",
        "\u3000／／refund",
        " / / refund",
        "\x1c/refund",
        "\u2060\u200b／\ufeff/refund",
        "////",
        "\u202e/refund",
    ],
)
def test_nothing_typed_begins_with_a_slash(typed: str) -> None:
    assert not normalize(typed).strip().startswith("/")


@given(st.text(max_size=40))
def test_no_text_whatever_becomes_a_command(typed: str) -> None:
    assert not normalize("/" + typed).strip().startswith("/")
    assert normalize(normalize(typed)).strip() == normalize(typed) or len(normalize(typed)) > 0


def test_a_slash_inside_stays() -> None:
    assert normalize("2026/11/14买的") == "2026/11/14买的"


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t", "\u200b", "\x00\x01", "/"])
def test_nothing_stays_nothing(nothing: str) -> None:
    assert normalize(nothing) == ""


def test_a_long_paste_keeps_its_head_and_tail() -> None:
    text = "我的订单" + "".join(chr(0x4E00 + i % 5000) for i in range(10_000)) + "能退吗"
    assert len(normalize(text)) <= 600
    assert normalize(text).startswith("我的订单")
    assert normalize(text).endswith("能退吗")
