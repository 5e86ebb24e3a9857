"""What mibench adds to plain lm-eval: the same rounds by the same tiny checkpoint, processor seconds of the whole process.

Plain lm-eval is its `simple_evaluate` with the suite's own task and nothing else loaded; its command line would first read
fifteen thousand task names. Both by turns, the best of TRIES counts. Needs the extra hf. Prints Markdown.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRIES, BAR = 2, 1.05
WORK = ((1, 24, 160), (8, 24, 445))
"""(batch size, tokens a reply, rounds): in batches the whole suite, for plain lm-eval sorts all of it by length."""


def took(command):
    """(processor seconds, wall seconds) of a process and all it starts."""
    start = time.perf_counter()
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return used.ru_utime + used.ru_stime, time.perf_counter() - start


def commands(checkpoint, batch, tokens, limit, out):
    plain = (
        "from lm_eval import simple_evaluate; from lm_eval.tasks import TaskManager; from mibench.content import room\n"
        f"simple_evaluate(model='hf', model_args='pretrained={checkpoint},dtype=float32,device=cpu', batch_size={batch},\n"
        f"  tasks=['mi_zh'], limit={limit}, predict_only=True, apply_chat_template=True, bootstrap_iters=0, gen_kwargs='max_gen_toks={tokens}',\n"
        "  task_manager=TaskManager(include_path=str(room('tasks')), include_defaults=False))"
    )
    ours = ["-m", "mibench", "generate", "--model", "hf", "--model-args", f"pretrained={checkpoint},dtype=float32,device=cpu",
            "--batch-size", batch, "--gen-kwargs", f"max_gen_toks={tokens}", "--limit", limit, "--out", out]  # fmt: skip
    return [sys.executable, "-c", plain], [sys.executable, *ours]


def main():
    sys.path.insert(0, str(ROOT / "tests"))
    from conftest import tiny_model, write_checkpoint

    with tempfile.TemporaryDirectory() as tmp:
        checkpoint = write_checkpoint(Path(tmp) / "tiny-mi", *tiny_model())
        print("| work | plain lm-eval | `mibench generate` | ratio | bar |\n|---|---:|---:|---:|---:|")
        for batch, tokens, limit in WORK:
            found = [], []
            for number in range(TRIES):
                plain, ours = commands(checkpoint, batch, tokens, limit, Path(tmp) / f"run-{batch}-{number}")
                for place, command in ((0, plain), (1, ours)):
                    found[place].append(took(command)[0])
            plain, ours = map(min, found)
            print(
                f"| {limit} rounds of mi_zh, batches of {batch}, {tokens} tokens | {plain:.1f} s CPU | {ours:.1f} s CPU | {ours / plain:.2f} | {BAR} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
