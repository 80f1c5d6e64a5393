"""`make run`: prepare, then keep gateway, Rasa and action server running until Ctrl-C.

Circus supervises the processes: one that dies is started again while the others keep
answering. Everything they print goes to ``var/log``; the terminal shows what a person needs.
"""

import logging
import os
import secrets
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx
from dotenv import dotenv_values

from refundbot.clock import now
from refundbot.db import make_engine, session_factory
from refundbot.policies import live_policies
from refundbot.quiet import quiet_environment
from refundbot.settings import ROOT, Settings, get_settings
from refundbot.training import ensure_model

_SECRETS = ("REFUNDBOT_CONSOLE_SECRET", "REFUNDBOT_INTERNAL_SECRET", "REFUNDBOT_LINK_SECRET")
_PORTS = {
    "port": ("gateway and console", "REFUNDBOT_PORT"),
    "rasa_port": ("Rasa", "REFUNDBOT_RASA_PORT"),
    "actions_port": ("action server", "REFUNDBOT_ACTIONS_PORT"),
}


class StartError(RuntimeError):
    """The stack cannot start; the message says why and what to do."""


def prepare_environment() -> None:
    """Complete ``os.environ``: ``.env`` if there is one, and secrets for whoever set none.

    Secrets made here live in this process tree only: a restart signs everybody out, which is
    right for a demonstration and wrong for a deployment, whose operator sets them.
    """
    for name, value in dotenv_values(ROOT / ".env").items():
        if value is not None:
            os.environ.setdefault(name, value)
    for name in _SECRETS:
        os.environ.setdefault(name, secrets.token_hex(32))
    get_settings.cache_clear()


def check_ports(settings: Settings) -> None:
    """Raise StartError naming every port that is taken and the setting that changes it."""
    taken = []
    for field, (what, variable) in _PORTS.items():
        port = getattr(settings, field)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError:
                taken.append(
                    f"port {port} ({what}) is taken on {settings.host}; "
                    f"stop what uses it or set {variable}"
                )
    if taken:
        raise StartError("\n".join(taken))


def prepare_database(settings: Settings) -> None:
    """Bring the schema up to date and, in demo mode, load the demo data as of now."""
    from refundbot.applications.demo import load_demo_applications
    from refundbot.orders.demo import load_demo
    from refundbot.orders.migrate import upgrade

    upgrade(settings.database_url)
    if settings.demo:
        engine = make_engine(settings.database_url)
        at, sessions = now(), session_factory(engine)
        load_demo(sessions, at)
        load_demo_applications(sessions, at)
        engine.dispose()


def rasa_command(settings: Settings, model: Path) -> list[str]:
    """The command that serves the model; the HTTP API stays off, the internal channel is all."""
    command = [sys.executable, "-m", "rasa", "run", "--model", str(model)]
    command += ["--endpoints", str(ROOT / "endpoints.yml")]
    command += ["--credentials", str(ROOT / "credentials.yml")]
    return [*command, "--interface", settings.host, "--port", str(settings.rasa_port)]


def rasa_environment(settings: Settings) -> dict[str, str]:
    """What Rasa and the action server run with."""
    return {
        **quiet_environment(os.environ),
        "REFUNDBOT_ACTIONS_URL": settings.actions_url,
        "REFUNDBOT_TRACKER_DB": str(settings.var_dir / "conversations.db"),
    }


def _watchers(settings: Settings, model: Path) -> list[dict[str, Any]]:
    python, *rasa = rasa_command(settings, model)
    commands = {
        "actions": ["-m", "actions.server"],
        "gateway": ["-m", "refundbot.gateway"],
        "rasa": rasa,
    }
    env = rasa_environment(settings)
    logs = settings.var_dir / "log"

    def stream(name: str) -> dict[str, Any]:
        return {
            "class": "FileStream",
            "filename": str(logs / f"{name}.log"),
            "max_bytes": 10_000_000,
            "backup_count": 2,
        }

    return [
        {
            "name": name,
            "cmd": python,
            "args": args,
            "env": env,
            "working_dir": str(ROOT),
            "stdout_stream": stream(name),
            "stderr_stream": stream(name),
            "graceful_timeout": 5,
            "max_retry": -1,
            "singleton": True,
        }
        for name, args in commands.items()
    ]


def _log_supervisor(folder: Path) -> None:
    """Keep Circus and its event loop, which complains when stopped, off the terminal."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(folder / "supervisor.log")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name in ("circus", "tornado", "asyncio"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.propagate = False


def _welcome(settings: Settings) -> str:
    if not settings.demo:
        return f"\n  {settings.public_url}/ answers customers of {settings.login_url}\n"
    return (
        f"\n  Open {settings.public_url}/ and pick an account, or ask here:\n"
        '    .venv/bin/refundbot ask --account A1001 "我能退多少钱"\n'
        "  Three questions to try:\n"
        "    我9天前买的云服务器还能退吗\n"
        "    那代金券呢\n"
        "    我有哪些订单可以退\n"
        "  Ctrl-C stops everything.\n"
    )


def _announce_when_ready(settings: Settings, say: Any, stopped: threading.Event) -> None:
    started = time.monotonic()
    while not stopped.wait(0.3):
        try:
            ready = httpx.get(f"{settings.public_url}/healthz", timeout=2).status_code == 200
        except httpx.HTTPError:
            ready = False
        if ready:
            say(f"everything is up in {time.monotonic() - started:.1f} s")
            say(_welcome(settings))
            return


def run_stack(say: Any) -> None:
    """Prepare and run the whole stack; returns after Ctrl-C or SIGTERM has ended it.

    Args:
        say: called with each line meant for the person at the terminal.

    Raises:
        StartError: a port is taken.
        refund_core.PolicyError: a policy file cannot be used.
        refundbot.training.TrainingError: the model could not be trained.
    """
    prepare_environment()
    settings = get_settings()
    now()  # a malformed REFUNDBOT_NOW stops here, with its own message
    check_ports(settings)
    live_policies()  # a mistake in a policy file stops here, named by file and line
    prepare_database(settings)
    model = ensure_model(settings.models_dir, say)

    from circus import get_arbiter

    _log_supervisor(settings.var_dir / "log")
    # A short folder of its own: a Unix socket's path may not be longer than about 100 bytes.
    sockets = tempfile.TemporaryDirectory(prefix="refundbot-")
    arbiter = get_arbiter(
        _watchers(settings, model),
        controller=f"ipc://{sockets.name}/control",
        pubsub_endpoint=f"ipc://{sockets.name}/events",
        check_delay=1,
    )
    say(
        f"starting gateway :{settings.port}, Rasa :{settings.rasa_port}, "
        f"action server :{settings.actions_port} (logs in {settings.var_dir / 'log'})"
    )
    stopped = threading.Event()
    watcher = threading.Thread(
        target=_announce_when_ready, args=(settings, say, stopped), daemon=True
    )
    watcher.start()
    try:
        arbiter.start()  # until SIGINT or SIGTERM, which it answers by ending every process
    finally:
        stopped.set()
        sockets.cleanup()
    say("everything is stopped")
