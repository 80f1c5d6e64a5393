"""The policies at hand, and which of them holds for a case."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from refund_core.case import RefundCase
from refund_core.checks import check_set
from refund_core.loader import load_policy
from refund_core.policy import Policy, PolicyError

POLICY_DIR = Path(__file__).parent / "policies"
# Official pages outrank copies of them, copies outrank what others write.
_RANK = {"official": 0, "mirror": 1, "third_party": 2}


@dataclass(frozen=True)
class PolicySet:
    """A checked set of policies; immutable, so it can be shared between threads."""

    policies: tuple[Policy, ...]

    def __post_init__(self) -> None:
        problems = [f"{where}: {what}" for where, what in check_set(self.policies)]
        if problems:
            raise PolicyError("\n".join(problems))

    def __iter__(self) -> Iterator[Policy]:
        return iter(self.policies)

    def only(self, ids: Iterable[str]) -> "PolicySet":
        """The policies with these ids (or id@version).

        Raises:
            PolicyError: an id is not there.
        """
        wanted = tuple(ids)
        for name in wanted:
            if not any(name in (policy.doc.id, policy.key) for policy in self.policies):
                known = ", ".join(dict.fromkeys(policy.doc.id for policy in self.policies))
                raise PolicyError(f"there is no policy {name!r}; there are: {known}")
        return PolicySet(
            tuple(item for item in self.policies if item.doc.id in wanted or item.key in wanted)
        )

    def get(self, name: str, as_of: datetime | None = None) -> Policy:
        """A policy by id@version, or by id: the version in force at `as_of`, else the newest.

        Raises:
            PolicyError: it is not there.
        """
        for policy in self.policies:
            if policy.key == name:
                return policy
        versions = [policy for policy in self.policies if policy.doc.id == name]
        if as_of is not None:
            versions = [
                policy
                for policy in versions
                if policy.start <= as_of and (policy.end is None or as_of < policy.end)
            ]
        if not versions:
            known = ", ".join(policy.key for policy in self.policies)
            raise PolicyError(f"there is no policy {name!r} in force; there are: {known}")
        return max(versions, key=lambda policy: policy.start)

    def select(self, case: RefundCase, now: datetime) -> Policy | None:
        """The policy that holds for the case: most specific, then most authoritative.

        Raises:
            PolicyError: two of them hold and neither outranks the other.
        """
        found = [policy for policy in self.policies if policy.applies_to(case, now)]
        if not found:
            return None
        best = min(map(_rank, found))
        first, *others = [policy for policy in found if _rank(policy) == best]
        if others:
            raise PolicyError(
                f"{first.key} and {others[0].key} both hold for order {case.order.id}; "
                "narrow one of them by `products`, `sites` or `effective`"
            )
        return first

    def all_for(self, case: RefundCase, now: datetime) -> list[Policy]:
        """Every policy that holds for the case, the most authoritative first."""
        return sorted((item for item in self.policies if item.applies_to(case, now)), key=_rank)

    def in_force(self, vendor: str, site: str, now: datetime) -> Policy | None:
        """The general rules of a vendor at an instant, for questions about no order."""
        found = [
            policy
            for policy in self.policies
            if policy.doc.vendor == vendor
            and site in policy.doc.sites
            and not policy.doc.products
            and policy.start <= now
            and (policy.end is None or now < policy.end)
        ]
        return min(found, key=_rank, default=None)


def _rank(policy: Policy) -> tuple[int, int]:
    return (_RANK[policy.doc.authority], 0 if policy.doc.products else 1)


def load_policies(folder: Path) -> PolicySet:
    """Load every policy below a folder (`<vendor>/<policy>.yaml`).

    Raises:
        PolicyError: a file does not fit, or there is none; all problems at once.
    """
    paths = sorted(folder.glob("*/*.yaml"))
    if not paths:
        raise PolicyError(f"{folder}: holds no policy (<vendor>/<policy>.yaml)")
    policies: list[Policy] = []
    problems: list[str] = []
    for path in paths:
        try:
            policies.append(load_policy(path))
        except PolicyError as error:
            problems.append(str(error))
    if problems:
        raise PolicyError("\n".join(problems))
    return PolicySet(tuple(policies))


@lru_cache(maxsize=1)
def default_policies() -> PolicySet:
    """The policies that come with the package; loaded once."""
    return load_policies(POLICY_DIR)
