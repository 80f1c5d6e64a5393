"""Bring a database up to the tables this version of the code expects."""

import importlib
import importlib.util
import logging
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from refundbot.db import Base, make_engine
from refundbot.settings import ROOT

# Alembic announces every look at a database; a start-up log wants to hear of trouble only.
logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)

# Every module that declares tables on refundbot.db.Base. A module not installed yet is skipped,
# so that a migration can be written together with its module.
MODEL_MODULES = (
    "refundbot.orders.models",
    "refundbot.gateway.tables",
    "refundbot.applications.tables",
    "refundbot.audit.tables",
    "refundbot.desk.tables",
    "refundbot.review.tables",
)


def target_metadata() -> Any:
    """The tables the code declares, with every module of ``MODEL_MODULES`` imported."""
    for name in MODEL_MODULES:
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)
    return Base.metadata


def alembic_config(url: str) -> Config:
    """Alembic's configuration for one database, without alembic.ini and without logging."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    # An attribute, not the option sqlalchemy.url: passwords may hold a "%".
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> bool:
    """Run the migrations that ``url`` lacks; return whether there were any.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be reached or refuses.
    """
    config = alembic_config(url)
    head = ScriptDirectory.from_config(config).get_current_head()
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            if MigrationContext.configure(connection).get_current_revision() == head:
                return False
    finally:
        engine.dispose()
    command.upgrade(config, "head")
    return True
