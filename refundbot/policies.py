"""Which policies are live in this deployment (``REFUNDBOT_POLICIES``)."""

from functools import lru_cache

from refund_core import PolicyError, PolicySet, default_policies
from refundbot.settings import get_settings


@lru_cache(maxsize=4)
def choose(names: tuple[str, ...]) -> PolicySet:
    """The shipped policies, limited to ``names`` for every vendor that is named at all.

    Args:
        names: policy ids or id@version; a vendor none of whose policies is named keeps all.

    Raises:
        PolicyError: a name is not among the policies, or a policy file cannot be used.
    """
    policies = default_policies()
    if not names:
        return policies
    named = policies.only(names)
    vendors = {policy.doc.vendor for policy in named}
    live = tuple(p for p in policies if p.doc.vendor not in vendors or p in tuple(named))
    return PolicySet(live)


def live_policies() -> PolicySet:
    """The policies every answer, page and application of this deployment is decided by.

    Raises:
        PolicyError: as `choose`, naming the setting.
    """
    names = get_settings().policies
    try:
        return choose(names)
    except PolicyError as error:
        if not names:
            raise
        raise PolicyError(f"REFUNDBOT_POLICIES={','.join(names)}: {error}") from None
