"""A deployment chooses which policies are live, vendor by vendor."""

import pytest

from refund_core import PolicyError, default_policies
from refundbot.policies import choose, live_policies
from refundbot.settings import get_settings


def ids(vendor: str, names: tuple[str, ...]) -> set[str]:
    return {policy.key for policy in choose(names) if policy.doc.vendor == vendor}


def test_without_a_choice_every_shipped_policy_is_live() -> None:
    assert choose(()) is default_policies()


def test_a_named_policy_is_the_only_one_of_its_vendor_and_others_keep_theirs() -> None:
    names = ("baidu-unsubscribe@2025-08-21",)
    assert ids("baidu", names) == {"baidu-unsubscribe@2025-08-21"}
    assert ids("aliyun", names) == ids("aliyun", ())
    assert len(ids("aliyun", ())) > 1


def test_an_unknown_policy_is_refused_with_the_setting_and_what_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REFUNDBOT_POLICIES", "baidu-unsubscribe, baidu-refunds")
    get_settings.cache_clear()
    try:
        with pytest.raises(PolicyError) as refused:
            live_policies()
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
    for part in ("REFUNDBOT_POLICIES", "baidu-refunds", "baidu-unsubscribe"):
        assert part in str(refused.value)
