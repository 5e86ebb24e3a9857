"""A site built of real runs: few rounds, hostile names and replies, a run with holes, two languages, three judges."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from mibench.api import judge_stages, score_stage
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.suites import load_suite

ROUNDS = 90
HOSTILE = [
    "<script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    "</script><script>window.owned=1</script>",
    "{{ 7*7 }}{% include 'x' %}",
    '" onmouseover="window.owned=1" a=b',
    "好\u202e的\u202c，零\u200b宽\x07",
    "z" + "\u0301" * 900,
    "javascript:window.owned=1",
]
NAME = "<script>window.owned=1</script>Beta"
ORGANISATION = '"><img src=x onerror=window.owned=1>'

_spec = importlib.util.spec_from_file_location("site_folders", Path(__file__).with_name("folders.py"))
folders = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(folders)


def made(folder, suite, judges=("offline",), limit=ROUNDS, **plan):
    """A run with its scores; `folder` → its path."""
    run, loaded = RunFolder(folder), load_suite(suite)
    generate(run, loaded, GenerationPlan(limit=limit, **plan))
    score_stage(run, loaded, judge_stages(run, loaded, list(judges)))
    return Path(folder)


def altered(folder, of, suite, replies=None, drop=0):
    """A copy of a run with other `replies` (round → text), judged anew, or with every `drop`th rating taken out."""
    shutil.copytree(of, folder)
    run, loaded = RunFolder(folder), load_suite(suite)
    lines = [json.loads(line) for line in run.replies_path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        line["text"] = (replies or {}).get(line["round"], line["text"])
    run.replies_path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    names = judge_stages(run, loaded, ["offline"])
    if drop:
        kept = run.ratings_path.read_text(encoding="utf-8").splitlines(keepends=True)
        run.ratings_path.write_text("".join(line for n, line in enumerate(kept) if n % drop), encoding="utf-8")
    score_stage(run, loaded, names)
    return Path(folder)


@pytest.fixture(scope="session")
def counsellors(tmp_path_factory):
    """counsellors["mi_zh-reference"] → a run folder."""
    home = tmp_path_factory.mktemp("runs")
    found = {
        f"{suite}-{name}": made(home / f"{suite}-{name}", suite, model=name)
        for suite in ("mi_zh", "mi_en") for name in ("reference", "reflector", "adviser")
    }  # fmt: skip
    rounds = [round_.id for round_ in load_suite("mi_zh").rounds]
    hostile = dict(zip(rounds, HOSTILE, strict=False))
    found["hostile"] = altered(home / "hostile", found["mi_zh-reflector"], "mi_zh", hostile)
    found["holes"] = altered(home / "holes", found["mi_zh-reference"], "mi_zh", drop=7)
    no = {"answer": "no", "quote": ""}
    told = {
        "globals": [{"subject": "*", "text": {"evidence_for": [], "evidence_against": [], "rating": 3}}],
        "safety": [{"subject": "*", "text": {"noticed": no, "responded": no, "directed": no, "worsened": no}}],
    }
    judges = ["offline"]
    for name, rows in told.items():
        path = home / f"{name}.jsonl"
        path.write_text("".join(json.dumps({**row, "text": json.dumps(row["text"])}) + "\n" for row in rows))
        judges.append(f"{name}:scripted/{path}")
    for name in ("reference", "reflector"):
        found[f"jury-{name}"] = made(home / f"jury-{name}", "mi_zh", judges, limit=40, model=name)
    return found


@pytest.fixture(scope="session")
def submissions(tmp_path_factory, counsellors):
    """A folder of submissions."""
    home = tmp_path_factory.mktemp("submissions")

    def runs(name, *suites):
        return {suite: counsellors[f"{suite}-{name}"] for suite in suites or ("mi_zh", "mi_en")}

    def add(folder, runs, standing=None, **about):
        return folders.submitted(home, folder, runs, standing, **about)

    add(
        "reference_mibench_2026-10-01",
        runs("reference"),
        "re-scored",
        name="reference",
        kind="reference",
        date="2026-10-01",
    )
    add(
        "reflector_mibench_2026-10-01",
        runs("reflector"),
        "re-scored",
        name="reflector",
        kind="baseline",
        date="2026-10-01",
    )
    add("alpha_lab_2026-11-01", runs("reference"), "reproduced", name="Alpha-7B-MI", organisation="Lab A", parameters=7,
        fine_tuned="yes", url="https://example.org/alpha", command="mibench run --model hf")  # fmt: skip
    add("beta_lab_2026-11-02", {"mi_zh": counsellors["hostile"], **runs("reflector", "mi_en")}, None, name=NAME,
        organisation=ORGANISATION, date="2026-11-02", parameters=70, open_weights="no", licence="=cmd()",
        url="https://example.org/beta", notes=HOSTILE[2])  # fmt: skip
    add(
        "伽马_实验室_2026-11-03",
        runs("adviser", "mi_zh"),
        "re-scored",
        name="伽马咨询师",
        open_weights="unknown",
        date="2026-11-03",
    )
    add("delta_lab_2026-11-04", {"mi_zh": counsellors["holes"]}, None, name="Delta", date="2026-11-04", licence="")
    add("epsilon_lab_2026-11-05", {"mi_zh": counsellors["jury-reference"]}, None, name="Epsilon", date="2026-11-05")
    add("zeta_lab_2026-11-05", {"mi_zh": counsellors["jury-reflector"]}, None, name="Zeta", date="2026-11-05")
    return home


@pytest.fixture(scope="session")
def site(tmp_path_factory, submissions):
    """The site, in a folder with a space and Chinese letters."""
    from mibench.board.site import build_site

    out = tmp_path_factory.mktemp("my site 排行榜") / "网站 site"
    built = build_site(out, submissions)
    assert built.left_out == {}
    return out


@pytest.fixture(scope="module")
def browser(site, chromium):
    """Debian's Chromium, started when all judges have been asked: asyncio cannot run beside Playwright."""
    with chromium() as started:
        yield started


@pytest.fixture
def page_of(opened, site):
    """page_of("index.html", "#…", **context) → the page of the site, with its `faults`."""
    return lambda path, *hash, **context: opened(site / path, *hash, **context)


PAGES = {
    "table": "index.html",
    "model": "m/alpha_lab_2026-11-01.html",
    "hostile model": "m/beta_lab_2026-11-02.html",
    "dialogue": "d/mi_zh/zh-alcohol-01.html",
    "compare": "compare.html",
}


@pytest.fixture(params=PAGES, scope="session")
def any_page(request):
    """The path of a page of each kind."""
    return PAGES[request.param]
