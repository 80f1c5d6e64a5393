"""Every action of the domain has tests of its own."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from tests.stack import ROOT

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
ACTIONS: list[str] = DOMAIN["actions"]
# Tests that run every question in a loop are no action's own.
TESTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted(Path(__file__).parent.glob("test_*.py"))
    if path.name not in {Path(__file__).name, "test_whole_conversations.py"}
)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_has_a_test_of_its_own(action: str) -> None:
    intent = action.removeprefix("action_")
    asked = rf'\.ask\(\s*"{intent}"|action="{action}"|reply\({intent.title().replace("_", "")}\('
    assert re.search(asked, TESTS), f"no test asks {action} anything"


def test_every_action_of_the_domain_is_served_and_every_one_served_is_in_the_domain(
    executor: ActionExecutor,
) -> None:
    named = {name for name in executor.actions if name != "action_"}  # the shared base class
    assert named == set(ACTIONS)


def test_every_rule_leads_to_an_action_or_a_response_of_the_domain() -> None:
    known = {*ACTIONS, *DOMAIN["responses"]}
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            for step in rule["steps"]:
                assert "action" not in step or step["action"] in known, (path.name, rule["rule"])
