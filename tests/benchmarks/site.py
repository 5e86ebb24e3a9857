"""Size and speed of the leaderboard's site against their bars: `python tests/benchmarks/site.py`. Prints Markdown.

Submissions are synthetic: three counsellors that ship answer both suites, and each submission takes every round's reply
and rating from one of them at random, in its own proportion. Scores are computed from those ratings. A ratio below 1 is
inside the bar.
"""

import gzip
import importlib.util
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from mibench.api import judge_stages, score_stage
from mibench.board.site import build_site
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.scoring.board import sheet_of
from mibench.scoring.estimates import metrics_for
from mibench.suites import load_suite

ROOT = Path(__file__).resolve().parents[2]
COUNSELLORS = ("reference", "reflector", "adviser")
SUITES = ("mi_zh", "mi_en")
CHROMIUM = "/usr/bin/chromium"

spec = importlib.util.spec_from_file_location("folders", ROOT / "tests/publishing/site/folders.py")
folders = importlib.util.module_from_spec(spec)
spec.loader.exec_module(folders)


def row(what, found, bar, unit):
    print(f"| {what} | {found:.2f} {unit} | {bar:g} {unit} | {found / bar:.2f} |", flush=True)


def made(home):
    """The three counsellors' runs: suite → list of (manifest, scores, replies, ratings), rounds in one order."""
    found = {}
    for suite in SUITES:
        loaded = load_suite(suite)
        for name in COUNSELLORS:
            run = RunFolder(home / f"{suite}-{name}")
            generate(run, loaded, GenerationPlan(model=name))
            score_stage(run, loaded, judge_stages(run, loaded, ["offline"]))
            ratings = {rating.subject: rating for rating in run.ratings()}
            found.setdefault(suite, []).append((run.manifest(), run.scores(), run.replies(), ratings))
    return found


def synthetic(home, runs, number, rng):
    """A submission of mixed replies."""
    path = home / f"model-{number:03d}_lab-{number % 17}_2026-{1 + number % 12:02d}-{1 + number % 28:02d}"
    shares = rng.dirichlet((1.2, 1.0, 0.5))
    for suite, sources in runs.items():
        manifest, scores, replies, _ = sources[0]
        picks = rng.choice(len(sources), size=len(replies), p=shares)
        pairs = list(zip(replies, picks, strict=True))
        text = {id_: sources[pick][2][id_] for id_, pick in pairs}
        said = [sources[pick][3][id_] for id_, pick in pairs]
        whole = sheet_of(manifest, text, said, [("offline", "reply")]).sums().sum(axis=0, keepdims=True)
        values = {metric.name: float(metric.of(whole)[0]) for metric in metrics_for(("reply",))}
        inside = path / suite
        inside.mkdir(parents=True)
        (inside / "run.json").write_text(manifest.model_dump_json(), encoding="utf-8")
        (inside / "scores.json").write_text(shifted(scores, values).model_dump_json(), encoding="utf-8")
        packed(inside / "replies.jsonl.gz", text.values())
        packed(inside / "ratings.jsonl.gz", said)
    about = {
        **folders.ABOUT, "name": f"Synthetic {number:03d}", "organisation": f"Lab {number % 17}",
        "date": path.name[-10:], "parameters": float(1 + number % 70), "open_weights": ("yes", "no", "unknown")[number % 3],
    }  # fmt: skip
    (path / "submission.yaml").write_text(json.dumps(about), encoding="utf-8")
    folders.sealed(path, "re-scored")


def shifted(scores, values):
    """Scores with other values; intervals keep their width."""
    return scores.model_copy(update={"estimates": tuple(_shifted(e, values.get(e.metric)) for e in scores.estimates)})


def _shifted(e, value):
    if value is None or e.value is None or np.isnan(value):
        return e
    ends = {end: None if getattr(e, end) is None else getattr(e, end) + value - e.value for end in ("low", "high")}
    return e.model_copy(update={"value": value, **ends})


def packed(path, records):
    path.write_bytes(gzip.compress("".join(r.model_dump_json() + "\n" for r in records).encode(), 1, mtime=0))


def many_rows(index, rows):
    """The page with each ranked row of the first board repeated until there are so many."""
    opening = '<tbody class="k-model">'
    body = index.index(opening) + len(opening)
    end = index.index("</tbody>", body)
    lines = [line + "</tr>" for line in index[body:end].split("</tr>") if line.strip()]
    return index[:body] + "".join(lines[n % len(lines)] for n in range(rows)) + index[end:]


def timed_in_browser(path, probe, repeats=5):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = []
        for _ in range(repeats):
            page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(path.as_uri(), wait_until="load")
            found.append(page.evaluate(probe))
            page.context.close()
        chromium.close()
    return median(found)


LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"
SORTED = """() => {
  const button = document.querySelector('.board:not([hidden]) th[data-key=r_to_q] button');
  const start = performance.now();
  button.click();
  document.body.getBoundingClientRect();
  const took = performance.now() - start;
  const values = [...document.querySelectorAll('.board:not([hidden]) .k-model tr')].map((row) => +row.cells[4].dataset.v);
  if (values.length !== 1000 || values.some((value, n) => n && values[n - 1] < value)) throw new Error("not sorted");
  return took;
}"""


def main(count=200):
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        runs = made(home / "runs")
        for number in range(count):
            synthetic(home / "submissions", runs, number, rng)
        few = home / "few"
        few.mkdir()
        for path in sorted((home / "submissions").iterdir())[:50]:
            shutil.copytree(path, few / path.name)
        print("| what | found | bar | ratio |\n|---|---|---|---|")
        start, worked = time.perf_counter(), time.process_time()
        built = build_site(home / "site", home / "submissions")
        row(
            f"a site of {built.submissions} synthetic submissions, both suites, {built.pages} pages",
            time.perf_counter() - start,
            60,
            "s",
        )
        row("the same, seconds of one core", time.process_time() - worked, 60, "s")
        assert not built.left_out, built.left_out
        build_site(home / "small", few)
        row(
            "`index.html` of 50 submissions, both suites: 100 rows",
            (home / "small/index.html").stat().st_size / 1000,
            300,
            "KB",
        )
        row(
            f"its load in Chromium, {count} submissions: {2 * count} rows",
            timed_in_browser(home / "site/index.html", LOADED),
            1,
            "s",
        )
        page = home / "small/many.html"
        page.write_text(many_rows((home / "small/index.html").read_text(encoding="utf-8"), 1000), encoding="utf-8")
        row("sorting 1,000 rows, until all are laid out", timed_in_browser(page, SORTED), 300, "ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
