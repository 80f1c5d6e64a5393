"""What a message names is found, once, and digits of one thing are not another."""

from itertools import pairwise

import pytest

from refundbot.nlu.entities.extractor import find_entities
from refundbot.nlu.entities.numerals import read_integer
from refundbot.nlu.entities.products import CatalogueError, build_catalogue
from refundbot.nlu.text import normalize
from tests.nlu.reading import NOW, entities, values


@pytest.mark.parametrize(
    "typed",
    [
        "BD20261114001能退吗",
        "bd20261114001",
        "bd 20261114001 退一下",
        "BD-2026-1114-001",
        "bd 2026 1114 001",
        "ＢＤ２０２６１１１４００１",
        "订单BD20261114001",
        "订单号：BD20261114001，谢谢",
    ],
)
def test_an_order_id_however_it_is_typed(typed: str) -> None:
    assert values(typed, "order_id") == ["BD20261114001"]
    assert [found["entity"] for found in entities(typed)] == ["order_id"]


def test_the_id_ends_where_the_next_number_begins() -> None:
    found = entities("BD20261114001 2026-11-14 280元")
    assert [(e["entity"], e["text"]) for e in found] == [
        ("order_id", "BD20261114001"),
        ("purchase_time", "2026-11-14"),
        ("money", "280元"),
    ]


@pytest.mark.parametrize("typed", ["RF20261118002", "rf 20261118002到哪了", "rf20261118002"])
def test_a_refund_id_is_no_order_id(typed: str) -> None:
    assert values(typed, "refund_id") == ["RF20261118002"]
    assert values(typed, "order_id") == []


def test_dashes_of_the_ids_own_stay() -> None:
    assert values("ord-20261101-0001退了吗", "order_id") == ["ORD-20261101-0001"]


def test_an_order_id_of_digits_only() -> None:
    assert values("20261114001234能退吗", "order_id") == ["20261114001234"]


@pytest.mark.parametrize(
    "typed", ["13800138000", "我手机号13800138000", "iPhone15", "windows2019", "12345"]
)
def test_phone_numbers_and_model_names_are_no_orders(typed: str) -> None:
    assert values(typed, "order_id") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("i-A1b2C3d4 退一下", "i-a1b2c3d4"),
        ("vol-12ab34cd", "vol-12ab34cd"),
        ("i-lin-web能退吗", "i-lin-web"),
    ],
)
def test_a_resource_id(typed: str, meant: str) -> None:
    assert values(typed, "resource_id") == [meant]


@pytest.mark.parametrize("typed", ["wi-fi坏了", "e-mail给我", "all-in-one12"])
def test_words_with_dashes_are_no_resources(typed: str) -> None:
    assert values(typed, "resource_id") == []


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("云服务器", ["bcc"]),
        ("服务器能退吗", ["bcc"]),
        ("这台机器", ["bcc"]),
        ("阿里云ECS", ["bcc"]),
        ("我的主機", ["bcc"]),
        ("gpu云服务器", ["gpu"]),
        ("mysql数据库", ["rds"]),
        ("数据库和cdn", ["rds", "cdn"]),
        ("ssl证书", ["ssl"]),
        ("域名", ["domain"]),
        ("弹性公网IP", ["eip"]),
        ("文件存储", ["cfs"]),
        ("短信包", ["sms"]),
        ("redis", ["scs"]),
        ("文字识别次数包", ["ocr"]),
        ("量包", []),
        ("mycdnx", []),
        ("今天天气", []),
    ],
)
def test_products_by_their_many_names(typed: str, codes: list[str]) -> None:
    assert values(typed, "product") == codes


def test_an_everyday_word_gives_way_to_a_product_name() -> None:
    assert values("我那台机器的数据库", "product") == ["rds"]


def test_the_name_tells_the_category() -> None:
    assert [e.get("hint") for e in entities("流量包和存储包和cdn")] == [
        "usage_pack",
        "storage_pack",
        None,
    ]


def test_one_name_for_two_products_is_refused() -> None:
    with pytest.raises(CatalogueError, match="云"):
        build_catalogue({"a": {"names": ["云"]}, "b": {"names": ["云"]}})


def test_a_product_without_names_is_refused() -> None:
    with pytest.raises(CatalogueError, match="a: no names"):
        build_catalogue({"a": {"title": "A"}})


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("八百块", "800"),
        ("三千二买的", "3200"),
        ("五十块的", "50"),
        ("50块", "50"),
        ("那个280的", "280"),
        ("¥1,234.50", "1234.5"),
        ("￥99", "99"),
        ("1200元", "1200"),
        ("1.5万元", "15000"),
        ("两百三的那个", "230"),
        ("退我186.67", "186.67"),
        ("花了3千2", "3200"),
        ("1万2买的", "12000"),
        ("2k买的", "2000"),
        ("八百一分不少", "800"),
        ("9块9", "9.9"),
        ("花了五百多", "500"),
    ],
)
def test_sums_of_money(typed: str, amount: str) -> None:
    assert values(typed, "money") == [amount]


@pytest.mark.parametrize(
    "typed",
    [
        "20天",
        "14号",
        "第二个",
        "两块硬盘",
        "一块退了",
        "BD20261114001",
        "三台",
        "千万别退",
        "百分之一百",
        "一百个",
        "两千人",
        "第一百",
        "万一",
    ],
)
def test_other_numbers_are_no_money(typed: str) -> None:
    assert values(typed, "money") == []


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("第二个", 2),
        ("第2台", 2),
        ("第十二单", 12),
        ("最后一个", -1),
        ("倒数第二个", -2),
        ("2", 2),
        ("二", 2),
        ("2。", 2),
        ("②", 2),
        ("选2", 2),
        ("上面那个", "previous"),
        ("刚才那个", "previous"),
        ("最贵的", "most_expensive"),
        ("最便宜的那台", "cheapest"),
        ("便宜的那台", "cheapest"),
        ("贵的那个", "most_expensive"),
        ("那个贵的", "most_expensive"),
        ("换那台便宜点的", "cheapest"),
        ("最近买的那个", "newest"),
        ("最早买的那个", "oldest"),
        ("都算一下", "all"),
        ("两个都退", "all"),
        ("全部", "all"),
        ("全部退了吧", "all"),
        ("都退掉", "all"),
        ("那就都退了吧", "all"),
        ("一起退", "all"),
        ("全都不要了帮我退了", "all"),
        ("三台一块退了", "all"),
        ("统统给我退掉", "all"),
        ("把名下的机器全退掉", "all"),
        ("一个不留", "all"),
        ("另一个", "other"),
        ("我说的是另外那台", "other"),
        ("剩下那个呢", "other"),
        ("不是这个，是刚才那个", "other"),
        ("不对，是上面那个", "above"),
        ("前一个", "above"),
        ("下面那个", "below"),
        ("搞错了，是后一个", "below"),
        ("不是第一个，是第二个", 2),
        ("不是便宜的那台，是贵的那台", "most_expensive"),
    ],
)
def test_places_in_a_list(typed: str, place: int | str) -> None:
    assert values(typed, "ordinal") == [place]


@pytest.mark.parametrize(
    "typed",
    [
        "14号",
        "第三天",
        "第一次",
        "2天",
        "二十块",
        "能退两台吗",
        "0",
        "99",
        "能全部退给我吗",
        "能不能全部退",
        "全部退款要多久",
        "是全退吗",
        "运费也一起退吗",
        "我都退了怎么还扣钱",
        "都退了三天了钱还没到",
        "为什么都退不了",
        "我问的是另外一个问题",
        "退到另一个支付宝",
        "下一个月再退",
        "还有一个月到期",
    ],
)
def test_other_numbers_are_no_places(typed: str) -> None:
    assert values(typed, "ordinal") == []


@pytest.mark.parametrize(
    ("typed", "kind", "meant"),
    [
        ("不是服务器，是数据库", "product", ["rds"]),
        ("我要退的是cdn，不是域名", "product", ["cdn"]),
        ("是不是数据库和域名", "product", ["rds", "domain"]),
        ("不是服务器", "product", ["bcc"]),
        ("不是280那个，是99块的", "money", ["99"]),
        ("是BD20261020011不是BD20261020012", "order_id", ["BD20261020011", "BD20261020012"]),
    ],
)
def test_what_it_is_not_gives_way_to_what_it_is(typed: str, kind: str, meant: list[str]) -> None:
    assert values(typed, kind) == meant


def test_all_servers_are_all_and_servers() -> None:
    found = {e["entity"]: e["value"] for e in entities("所有的服务器都退了吧")}
    assert found == {"ordinal": "all", "product": "bcc"}


def test_a_place_and_a_product_in_one_breath() -> None:
    assert [(e["entity"], e["value"]) for e in entities("第二台服务器")] == [
        ("ordinal", 2),
        ("product", "bcc"),
    ]


@pytest.mark.parametrize(
    "text",
    ["我14号花八百块买的第二台bcc，订单BD20261114001", "昨天下午三点在这买了三台服务器花了1200块"],
)
def test_entities_never_overlap_and_quote_the_text(text: str) -> None:
    normal = normalize(text)
    found = find_entities(normal, NOW)
    assert len(found) >= 3
    for one, other in pairwise(found):
        assert one["end"] <= other["start"]
    for one in found:
        assert normal[one["start"] : one["end"]] == one["text"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), ("十", 10), ("十二", 12), ("二十", 20), ("两百", 200), ("两百三", 230),
        ("三千二", 3200), ("三千零二", 3002), ("一万二", 12000), ("三千二百五", 3250), ("八", 8),
        ("一二", 12), ("", None), ("三个", None), ("两三百", None),
    ],
)  # fmt: skip
def test_numbers_in_characters(text: str, number: int | None) -> None:
    assert read_integer(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", "|||", "9" * 600, "月" * 50, "第第第", "¥", "2026-13-45", "32号"]
)
def test_odd_texts_find_nothing_and_break_nothing(text: str) -> None:
    assert [e for e in find_entities(text, NOW) if e["entity"] not in ("order_id",)] == []
