"""Tables of the refund applications: the application, what it claims, its history, its number.

Nothing here points at the orders' tables: orders may be kept by another service, and an
application outlives what the order became. Facts and decision are kept as they were confirmed.
"""

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
)

from refundbot.db import Base, Instant, Money

ID = String(64)
CODE = String(32)


class Application(Base):
    """One refund application. Amounts in yuan, as the customer confirmed them.

    ``version`` counts its changes: a change based on an older version is refused.
    ``due`` is the date promised for the current stage when it was entered; it never moves.
    """

    __tablename__ = "refund_applications"
    __table_args__ = (
        Index("ix_refund_applications_account_id", "account_id", "submitted_at"),
        Index("ix_refund_applications_state", "state"),
    )

    id = Column(ID, primary_key=True)
    account_id = Column(ID, nullable=False)
    order_id = Column(ID, nullable=False)
    vendor = Column(CODE, nullable=False)
    product_name = Column(String(200), nullable=False)
    plan = Column(ID, nullable=False)
    state = Column(CODE, nullable=False)
    state_since = Column(Instant, nullable=False)
    due = Column(Date)
    submitted_at = Column(Instant, nullable=False)
    amount = Column(Money)
    currency = Column(String(8), nullable=False)
    facts = Column(Text, nullable=False)
    decision = Column(Text, nullable=False)
    reason_code = Column(CODE)
    reason_text = Column(Text)
    remedy = Column(Text)
    nudged_at = Column(Instant)
    demo = Column(Boolean, nullable=False, server_default=false())
    version = Column(Integer, nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own name


class Claim(Base):
    """An order that an application is returning or has returned.

    The primary key lets one application have an order, whatever runs at the same time. A
    rejected, cancelled or failed application gives its claims up; a paid one keeps them.
    """

    __tablename__ = "application_claims"
    __table_args__ = (Index("ix_application_claims_application_id", "application_id"),)

    account_id = Column(ID, primary_key=True)
    order_id = Column(ID, primary_key=True)
    application_id = Column(
        ID, ForeignKey("refund_applications.id", ondelete="CASCADE"), nullable=False
    )


class ApplicationEvent(Base):
    """One thing that happened to an application; rows are only ever added."""

    __tablename__ = "application_events"
    __table_args__ = (UniqueConstraint("application_id", "position"),)

    id = Column(Integer, primary_key=True, autoincrement=True)
    application_id = Column(
        ID, ForeignKey("refund_applications.id", ondelete="CASCADE"), nullable=False
    )
    position = Column(Integer, nullable=False)
    event = Column(CODE, nullable=False)
    from_state = Column(CODE, nullable=False)
    to_state = Column(CODE, nullable=False)
    actor_kind = Column(CODE, nullable=False)
    actor = Column(ID, nullable=False)
    at = Column(Instant, nullable=False)
    reason = Column(Text)
    due = Column(Date)
    demo = Column(Boolean, nullable=False, server_default=false())


class ApplicationNumber(Base):
    """The last number given out on a day (``yyyymmdd``, Asia/Shanghai)."""

    __tablename__ = "application_numbers"

    day = Column(String(8), primary_key=True)
    last = Column(Integer, nullable=False)


# The database itself refuses to change history; demo rows may go, for they are reloaded.
_SQLITE = (
    """CREATE TRIGGER application_events_keep BEFORE UPDATE ON application_events
    BEGIN SELECT RAISE(ABORT, 'application_events is append-only'); END""",
    """CREATE TRIGGER application_events_stay BEFORE DELETE ON application_events
    WHEN NOT OLD.demo
    BEGIN SELECT RAISE(ABORT, 'application_events is append-only'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION application_events_refuse() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'application_events is append-only'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER application_events_keep BEFORE UPDATE ON application_events
    FOR EACH ROW EXECUTE FUNCTION application_events_refuse()""",
    """CREATE TRIGGER application_events_stay BEFORE DELETE ON application_events
    FOR EACH ROW WHEN (NOT OLD.demo) EXECUTE FUNCTION application_events_refuse()""",
)
APPEND_ONLY = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(
            ApplicationEvent.__table__,
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),
        )
