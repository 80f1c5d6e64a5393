"""Keeping the libraries below Rasa from writing on the person's terminal."""

import logging
import os
import warnings

from refundbot.quiet import quiet_environment


def silence_libraries() -> None:
    """Switch off telemetry, TensorFlow's greetings and deprecation warnings; call before Rasa."""
    os.environ.update(quiet_environment({}))
    # A filter would not do: libraries reset the filters when they are imported.
    warnings.showwarning = lambda *args, **kwargs: None
    logging.getLogger().setLevel(logging.ERROR)
    for name in ("rasa", "tensorflow", "matplotlib", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)
