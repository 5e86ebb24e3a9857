"""Speed as ratios, each taken in one run: `make bench`. Not a test; this prints Markdown.

A ratio below 1 is inside the limit, or faster than the peer.
"""

import subprocess
import sys
import time
from statistics import median

import numpy as np


def seconds(work, repeats=3):
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def command(*args):
    return lambda: subprocess.run([sys.executable, "-m", "mibench", *args], check=True, capture_output=True)


def fresh(code):
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def row(what, took, against, limit):
    print(f"| {what} | {_shown(took)} | {against} {_shown(limit)} | {took / limit:.2f} |", flush=True)


def _shown(seconds):
    return f"{seconds:.2f} s" if seconds >= 0.05 else f"{seconds * 1000:.1f} ms"


def help_answers():
    row("`mibench --help`, whole process", seconds(command("--help"), 7), "limit", 0.4)


def judge_loads_and_codes():
    code = "from mibench.judging import load_judge; from mibench.schema import Occasion\n"
    rate = "load_judge('offline').rate(Occasion(id='x', language='zh', change_goal='g', history=(('client', '想戒。'),)), '您想戒。')"
    both, bare = seconds(fresh(code + rate)), seconds(fresh(code))
    row("offline judge loads and codes its first reply", both - bare, "limit", 1.0)

    from mibench.judging import load_judge
    from mibench.suites import load_suite, occasion_of

    judge = load_judge("offline")
    pairs = [(occasion_of(round_), round_.reference.text) for round_ in load_suite("mi_zh").rounds[:400]]
    judge.rate(*pairs[0])
    row("offline judge codes 400 replies", seconds(lambda: [judge.rate(*pair) for pair in pairs]), "limit", 2.0)


def bootstrap_against_scipy():
    from scipy.stats import bootstrap

    from mibench.measures.bootstrap import draw_counts, ratio_interval

    rng = np.random.default_rng(0)
    over, under = rng.poisson(6, 40).astype(float), rng.poisson(4, 40).astype(float) + 1

    def theirs():
        bootstrap((over, under), lambda o, u, axis: o.sum(axis=axis) / u.sum(axis=axis), paired=True, vectorized=True,
                  n_resamples=10_000, method="BCa", batch=500, rng=rng)  # fmt: skip

    ours = seconds(lambda: ratio_interval(over, under, draw_counts(40, 10_000, 0)), 7)
    row("BCa interval of a ratio, 40 dialogues, 10,000 draws", ours, "scipy", seconds(theirs, 7))


def whole_job(tmp):
    row(
        "`mibench run`, whole suite, three anchors, report",
        seconds(command("run", "--out", f"{tmp}/run"), 1),
        "limit",
        60,
    )


def generation_against_plain_lm_eval(tmp):
    """The same 60 rounds by the same counsellor: ours with a file kept, and lm-eval's own evaluate."""
    ours = seconds(command("generate", "--model", "adviser", "--limit", "60", "--out", f"{tmp}/ours"), 1)
    plain = (
        "from lm_eval import simple_evaluate; from lm_eval.tasks import TaskManager\n"
        "from mibench.content import room; from mibench.generating.counsellors.adviser import Adviser\n"
        "simple_evaluate(model=Adviser(), tasks=['mi_zh'], limit=60, predict_only=True, apply_chat_template=True,\n"
        "  bootstrap_iters=0, task_manager=TaskManager(include_path=str(room('tasks')), include_defaults=False))"
    )
    row("`mibench generate`, 60 rounds, whole process", ours, "plain lm-eval", seconds(fresh(plain), 1))


if __name__ == "__main__":
    import tempfile

    print("| what | took | against | ratio |\n|---|---:|---:|---:|")
    help_answers()
    judge_loads_and_codes()
    bootstrap_against_scipy()
    with tempfile.TemporaryDirectory() as tmp:
        whole_job(tmp)
        generation_against_plain_lm_eval(tmp)
