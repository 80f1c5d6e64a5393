"""A small model trained once, and the clock of every test: Monday 2026-11-23 10:00 in Shanghai."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

NOW = "2026-11-23T10:00:00+08:00"
ROOT = Path(__file__).resolve().parents[2]

EXAMPLES = {
    "ask_refund_eligibility": [
        "还能退吗",
        "这台服务器可以退款吗",
        "能不能退",
        "买了三天还能退不",
        "为什么不能退",
    ],
    "ask_refund_amount": ["能退多少钱", "退多少", "手续费扣多少", "能退我多少", "退款金额怎么少了"],
    "ask_refund_timing": [
        "几天到账",
        "退款多久能到",
        "要等多久才能退下来",
        "什么时候能到账",
        "大概几天",
    ],
    "ask_voucher_refund": [
        "代金券退吗",
        "代金券还给我吗",
        "优惠券会退回来吗",
        "券还能用吗",
        "红包退不退",
    ],
    "apply_refund": ["我要退款", "帮我退了吧", "申请退款", "给我退掉", "现在就退"],
    "out_of_scope": ["今天天气怎么样", "服务器连不上了", "怎么退出登录", "讲个笑话", "手机闪退"],
    "affirm": ["好的", "对", "是的", "可以", "行"],
}


@pytest.fixture(autouse=True)
def _fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFUNDBOT_NOW", NOW)


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the project's pipeline, trained on a handful of sentences."""
    from refundbot.nlu.quiet import silence_libraries

    silence_libraries()
    folder = tmp_path_factory.mktemp("nlu")
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(folder / "cache"))
    from rasa.model_training import train_nlu

    nlu = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in EXAMPLES.items()
    ]
    data = folder / "nlu.yml"
    data.write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True))
    trained = train_nlu(str(ROOT / "config.yml"), str(data), str(folder / "models"))
    assert trained is not None
    return Path(trained)


@pytest.fixture(scope="session")
def agent(small_model: Path) -> Any:
    from rasa.core.agent import Agent

    return Agent.load(str(small_model))


@pytest.fixture
def understand(agent: Any) -> Callable[[str], dict[str, Any]]:
    """What a loaded model makes of a raw text that reached Rasa."""
    return lambda text: asyncio.run(agent.parse_message(text))
