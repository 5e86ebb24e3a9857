"""mibench: how well does a language model do motivational interviewing?

>>> from mibench import run, load_run
>>> result = run(model="reflector", suite="mi_zh", out="runs/reflector")
>>> result.scores["r_to_q"].value
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mibench.api import Run, load_run, run, run_all

__all__ = ["Run", "__version__", "load_run", "run", "run_all"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("Run", "load_run", "run", "run_all"):
        from mibench import api

        return getattr(api, name)
    raise AttributeError(f"module 'mibench' has no attribute {name!r}")
