"""What is exported names nobody, and is NLU YAML that Rasa reads."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from sqlalchemy.orm import Session

from refundbot.cli import main
from refundbot.clock import parse_instant
from refundbot.db import Base, make_engine, session_factory
from refundbot.review import tables
from refundbot.review.export import UNSURE, to_yaml
from refundbot.review.masking import mask
from refundbot.review.store import Reviews
from refundbot.settings import get_settings

AT = parse_instant("2026-11-23T10:00:00+08:00")
C1 = "console:baidu:A1001:c1"


@pytest.fixture
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Session]:
    url = f"sqlite:///{tmp_path / 'review.db'}"
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", url)
    get_settings.cache_clear()
    engine = make_engine(url)
    wanted = (tables.Feedback, tables.ReviewItem)
    Base.metadata.create_all(engine, tables=[model.__table__ for model in wanted])
    return session_factory(engine)


@pytest.fixture
def reviews(sessions: Callable[[], Session]) -> Reviews:
    return Reviews(sessions)


def fill(reviews: Reviews) -> None:
    guess = [{"intent": "ask_policy", "confidence": "0.41"}]
    reviews.not_understood(C1, "m1", "我是a1001，BD20261114001咋整", "没太明白", guess, AT)
    reviews.not_understood(C1, "m2", "咕噜: #咕噜", "没太明白", [], AT)
    reviews.not_understood(C1, "m3", "咕噜:  #咕噜", "没太明白", [], AT)
    reviews.vote(
        C1,
        "m4",
        "down",
        "电话13812345678没人接",
        text="退多少",
        answer="订单 BD20261114001 可以退 ¥186.67。\n第二行",
        at=AT,
    )


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("BD20261114001能退吗", "BD00000000000能退吗"),
        ("ＢＤ２０２６１１１４００１", "BD00000000000"),
        ("ORD-20261101-0001 呢", "ORD-00000000-0000 呢"),
        ("bd 2026-1114-001", "bd 0000-0000-000"),
        ("打 138 1234 5678", "打 13000000000"),
        ("电话13812345678。", "电话13000000000。"),
        ("+86-138-1234-5678", "13000000000"),
        ("我的邮箱 li.lei@qq.com", "我的邮箱 user@example.com"),
        ("i-8f3k2m1x这台", "i-00000000这台"),
        ("身份证 11010519491231002X", "身份证 00000000000000000X"),
        ("6222 0202 0011 2233 445 到账没", "0000 0000 0000 0000 000 到账没"),
        ("账号A1001", "账号ACCOUNT"),
        ("看 https://console.example.cn/o?id=BD1 这里", "看 https://example.com 这里"),
    ],
)
def test_what_names_somebody_is_masked(text: str, masked: str) -> None:
    assert mask(text, "A1001") == masked


@pytest.mark.parametrize(
    "text",
    [
        "能退280.00元吗",
        "付了12345678元",
        "20261114买的",
        "2026-11-14 10:30买的",
        "2026年11月14日",
        "15天了",
        "mysql5.7连不上",
        "BCC和CDN都退",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert mask(text, "A1001") == text


def test_the_export_is_nlu_yaml_that_rasa_reads(reviews: Reviews) -> None:
    fill(reviews)
    text = to_yaml(reviews.items())
    read = RasaYAMLReader().reads(text)
    examples = {(one.get("intent"), one.get("text")) for one in read.intent_examples}
    assert examples == {
        ("ask_policy", "我是ACCOUNT，BD00000000000咋整"),
        (UNSURE, "咕噜: #咕噜"),
        (UNSURE, "退多少"),
    }
    for secret in ("BD2026", "1114001", "A1001", "a1001", "13812345678"):
        assert secret not in text
    about = yaml.safe_load(text)["nlu"][1]["examples"]
    down = next(one["metadata"] for one in about if one["metadata"]["source"] == "down_vote")
    assert down["reason"] == "电话13000000000没人接"
    assert down["answer"] == "订单 BD00000000000 可以退 ¥186.67。"


def test_the_same_list_gives_the_same_file(reviews: Reviews) -> None:
    fill(reviews)
    assert to_yaml(reviews.items()) == to_yaml(list(reversed(reviews.items())))


def test_the_command_lists_and_exports_and_marks_as_done(reviews: Reviews, tmp_path: Path) -> None:
    fill(reviews)
    listed = CliRunner().invoke(main, ["review", "list"])
    assert listed.exit_code == 0, listed.output
    assert "退多少" in listed.output
    assert "BD20261114001" not in listed.output
    out = tmp_path / "new.yml"
    only = ["review", "export", "--only", "down-votes", "--done", "--out", str(out)]
    assert CliRunner().invoke(main, only).exit_code == 0
    assert [item.source for item in reviews.items()] == ["not_understood"] * 3
    assert len(reviews.items(done=True)) == 4
    assert "退多少" in out.read_text(encoding="utf-8")
    again = CliRunner().invoke(main, only)
    assert again.exit_code == 1
    assert "nothing to review" in again.output


def test_a_file_that_cannot_be_written_leaves_the_list_as_it_is(
    reviews: Reviews, tmp_path: Path
) -> None:
    fill(reviews)
    missing = str(tmp_path / "no" / "folder.yml")
    failed = CliRunner().invoke(main, ["review", "export", "--done", "--out", missing])
    assert failed.exit_code == 1
    assert len(reviews.items()) == 4


def test_without_tables_the_command_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    get_settings.cache_clear()
    failed = CliRunner().invoke(main, ["review", "list"])
    assert failed.exit_code == 1
    assert "refundbot db upgrade" in failed.output
    assert "Traceback" not in failed.output


def test_a_dealt_with_thumb_down_that_turns_up_stays_dealt_with(reviews: Reviews) -> None:
    fill(reviews)
    reviews.finish([item.id for item in reviews.items()])
    reviews.vote(C1, "m4", "up", "", text="退多少", answer="可以", at=AT)
    assert reviews.items() == []
    assert len(reviews.items(done=True)) == 4
