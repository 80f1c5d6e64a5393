"""What keeps Rasa and TensorFlow quiet and modest; everything that starts them uses it."""

from collections.abc import Mapping


def quiet_environment(env: Mapping[str, str]) -> dict[str, str]:
    """A copy of ``env`` with telemetry off, library noise off and few threads.

    One BLAS/TensorFlow thread a process: on two cores more of them only fight each other.
    """
    return {
        **env,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
    }
