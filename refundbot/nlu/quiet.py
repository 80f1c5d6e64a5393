"""Keeping the libraries below Rasa from writing on the person's terminal."""

import logging
import os
import warnings

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}


def silence_libraries() -> None:
    """Switch off telemetry, TensorFlow's greetings and deprecation warnings; call before Rasa.

    A setting already in the environment stays.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    warnings.filterwarnings("ignore")
    logging.getLogger().setLevel(logging.ERROR)
    for name in ("rasa", "tensorflow", "matplotlib", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)
