"""Conditions on the resource and the account."""

from datetime import timedelta

from refund_core.catalogue import predicate
from refund_core.context import Context
from refund_core.verdict import Unknown, Verdict, known


@predicate()
def police_frozen(ctx: Context, _: None) -> Verdict:
    """The account or the resource is frozen by the public security organs."""
    if ctx.case.account.frozen:
        return True
    return known(ctx.case.resource.police_frozen, "resource.police_frozen")


@predicate()
def in_transaction(ctx: Context, _: None) -> Verdict:
    """Another transaction is running on the resource."""
    return known(ctx.case.resource.in_transaction, "resource.in_transaction")


@predicate()
def used(ctx: Context, _: None) -> Verdict:
    """The pack has been used."""
    resource = ctx.case.resource
    if resource.usage is not None and (resource.usage.used > 0 or resource.used is None):
        return resource.usage.used > 0
    return known(resource.used, "resource.used")


@predicate()
def effective(ctx: Context, _: None) -> Verdict:
    """The storage pack has become effective."""
    at = ctx.case.order.effective_at
    if ctx.case.resource.effective is None and at is not None:
        return at <= ctx.now
    return known(ctx.case.resource.effective, "resource.effective")


@predicate()
def support_benefits_used(ctx: Context, _: None) -> Verdict:
    """Benefits of the support plan were used."""
    return known(ctx.case.resource.support_benefits_used, "resource.support_benefits_used")


@predicate()
def spec_changed_after_renewal(ctx: Context, _: None) -> Verdict:
    """The resource was scaled after its last renewal."""
    return known(
        ctx.case.resource.spec_changed_after_renewal, "resource.spec_changed_after_renewal"
    )


@predicate()
def transferred(ctx: Context, _: None) -> Verdict:
    """The resource was transferred to another account."""
    return known(ctx.case.resource.transferred, "resource.transferred")


@predicate()
def os_changed(ctx: Context, _: None) -> Verdict:
    """The operating system of the resource was changed."""
    return known(ctx.case.resource.os_changed, "resource.os_changed")


@predicate()
def marketplace_image(ctx: Context, _: None) -> Verdict:
    """The resource is tied to a paid marketplace image."""
    return known(ctx.case.resource.marketplace_image, "resource.marketplace_image")


@predicate()
def deployed(ctx: Context, _: None) -> Verdict:
    """The server was deployed."""
    return known(ctx.case.resource.deployed, "resource.deployed")


@predicate()
def ddos_record(ctx: Context, _: None) -> Verdict:
    """The server was attacked by DDoS."""
    return known(ctx.case.resource.ddos_record, "resource.ddos_record")


@predicate()
def illegal_content(ctx: Context, _: None) -> Verdict:
    """Illegal content was found."""
    return known(ctx.case.resource.illegal_content, "resource.illegal_content")


@predicate()
def in_arrears(ctx: Context, _: None) -> Verdict:
    """The account owes money."""
    return known(ctx.case.account.in_arrears, "account.in_arrears")


@predicate()
def framework_contract(ctx: Context, _: None) -> Verdict:
    """A framework contract waives handling fees."""
    return known(ctx.case.account.framework_contract, "account.framework_contract")


@predicate("number")
def used_percent_below(ctx: Context, percent: int) -> Verdict:
    """Less than this share of the pack was used, in per cent."""
    usage = ctx.case.resource.usage
    if usage is None or usage.size == 0:
        return Unknown(("resource.usage",))
    return usage.used * 100 < percent * usage.size


@predicate()
def used_up(ctx: Context, _: None) -> Verdict:
    """The pack is used up."""
    usage = ctx.case.resource.usage
    if usage is None or usage.size == 0:
        return Unknown(("resource.usage",))
    return usage.used >= usage.size


@predicate("number")
def restored_within_hours(ctx: Context, hours: int) -> Verdict:
    """The resource came back from the recycle bin less than this many hours ago."""
    at = ctx.case.resource.restored_at
    return at is not None and at <= ctx.now < at + timedelta(hours=hours)
