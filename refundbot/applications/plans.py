"""Which way an application is reviewed and how long each stage takes: `plans.yaml`, typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from refundbot.applications import machine

PLANS_FILE = Path(__file__).with_name("plans.yaml")
Unit = Literal["hours", "working_days"]
_UNITS = {"hours": "小时", "working_days": "个工作日"}
_STAGES = {
    "automatic": {"auto_review", "refunding"},
    "manual": {"auto_review", *machine.REVIEWS, "refunding"},
}


class PlanError(ValueError):
    """The plans file says something that cannot be used; the message says where and what."""


@dataclass(frozen=True)
class Source:
    """Where a plan is published, and by whom."""

    title: str
    url: str
    updated: str
    authority: str


@dataclass(frozen=True)
class StagePlan:
    """One stage.

    Attributes:
        least, most: how long it takes, in ``unit``; None when no time is stated.
        does: what happens in it, in Chinese.
    """

    least: int | None
    most: int | None
    unit: Unit
    does: str

    @property
    def text(self) -> str:
        """``1–3 个工作日``; empty when no time is stated."""
        if self.most is None:
            return ""
        span = str(self.most) if self.least == self.most else f"{self.least}–{self.most}"
        return f"{span} {_UNITS[self.unit]}"


@dataclass(frozen=True)
class Plan:
    """How one vendor's applications are reviewed.

    Attributes:
        id: stable name, kept with every application.
        path: ``automatic`` or ``manual``.
        stages: by state, in order.
        source: where this is published; None when nothing is.
        assumption: what the customer must be told about its dates; empty when they are stated.
    """

    id: str
    vendor: str
    path: machine.Path
    stages: Mapping[str, StagePlan]
    source: Source | None
    assumption: str


@dataclass(frozen=True)
class RejectionReason:
    """A usual reason to refuse an application, with what the customer can do."""

    code: str
    text: str
    remedy: str


@dataclass(frozen=True)
class Plans:
    """Everything `plans.yaml` says."""

    plans: tuple[Plan, ...]
    rejections: Mapping[str, RejectionReason]

    def get(self, plan_id: str) -> Plan:
        """The plan of that id.

        Raises:
            PlanError: there is none any more.
        """
        for plan in self.plans:
            if plan.id == plan_id:
                return plan
        raise PlanError(f"there is no plan {plan_id!r}; keep plans that applications refer to")

    def choose(self, vendor: str, path: machine.Path) -> Plan:
        """The vendor's plan for this path, else the one for any vendor."""
        for wanted in (vendor, "any"):
            for plan in self.plans:
                if (plan.vendor, plan.path) == (wanted, path):
                    return plan
        raise PlanError(f"no plan for {vendor!r} and none for any vendor, path {path}")


def _stage(where: str, given: Mapping[str, Any]) -> StagePlan:
    unknown = set(given) - {"within", "unit", "does"}
    if unknown:
        raise PlanError(f"{where}: unknown {', '.join(sorted(unknown))}")
    unit = given.get("unit", "working_days")
    if unit not in _UNITS:
        raise PlanError(f"{where}.unit={unit!r}; allowed: {', '.join(_UNITS)}")
    within = given.get("within")
    if within is None:
        return StagePlan(None, None, unit, given.get("does", ""))
    if (
        not isinstance(within, list)
        or len(within) != 2
        or not all(type(number) is int for number in within)
        or not 0 <= within[0] <= within[1] <= 365
    ):
        raise PlanError(f"{where}.within={within!r}; two whole numbers, least and most")
    return StagePlan(within[0], within[1], unit, given.get("does", ""))


def _plan(given: Mapping[str, Any], sources: Mapping[str, Source]) -> Plan:
    where = f"plans.{given.get('id')}"
    path = given.get("path")
    if path not in _STAGES:
        raise PlanError(f"{where}.path={path!r}; allowed: {', '.join(_STAGES)}")
    stages = {name: _stage(f"{where}.{name}", stage) for name, stage in given["stages"].items()}
    if set(stages) != _STAGES[path]:
        raise PlanError(f"{where}.stages; expected exactly {', '.join(sorted(_STAGES[path]))}")
    source = given.get("source")
    if source is not None and source not in sources:
        raise PlanError(f"{where}.source={source!r} is not in sources")
    return Plan(
        id=given["id"],
        vendor=given["vendor"],
        path=cast(machine.Path, path),
        stages=stages,
        source=sources[source] if source else None,
        assumption=given.get("assumption", ""),
    )


def read_plans(text: str) -> Plans:
    """Read plans from YAML.

    Raises:
        PlanError: something in it cannot be used.
    """
    try:
        content = yaml.safe_load(text)
        sources = {name: Source(**fields) for name, fields in content["sources"].items()}
        plans = tuple(_plan(given, sources) for given in content["plans"])
        rejections = {
            code: RejectionReason(code, given["text"], given["remedy"])
            for code, given in content["rejections"].items()
        }
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise PlanError(f"not a plans file: {type(error).__name__}: {error}") from error
    if len({plan.id for plan in plans}) != len(plans):
        raise PlanError("two plans have the same id")
    return Plans(plans, rejections)


@lru_cache(maxsize=1)
def default_plans() -> Plans:
    """The plans this installation works by."""
    return read_plans(PLANS_FILE.read_text(encoding="utf-8"))
