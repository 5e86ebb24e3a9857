"""Claims about exports: they open where they should, hold what a paper needs, and let no name of a model do harm."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from mibench import api
from mibench.errors import UsageError
from mibench.publishing.exports import Exported, export_comparisons, export_scores
from mibench.publishing.exports.every_eval_ever import every_eval_ever
from mibench.publishing.exports.identity import model_id
from mibench.publishing.exports.lm_eval import lm_eval_results
from mibench.schema import Comparison, Difference, ModelIdentity, Side

HOSTILE = '=cmd|"/C calc"!A0 心_理{50%}&#~^\\$<b>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run of two dialogues with its anchors."""
    return api.run(limit=24, out=tmp_path_factory.mktemp("export") / "run").folder


@pytest.fixture(scope="module")
def exported(folder):
    run = api.load_run(folder)
    return Exported(run.manifest, run.scores)


def hostile(exported):
    return exported._replace(scores=exported.scores.model_copy(update={"model": HOSTILE}))


def silent(exported):
    """A run in which nothing is defined."""
    undefined = tuple(
        one.model_copy(
            update={"value": None, "low": None, "high": None, "standard_error": None, "detectable": None, "level": None,
                    "note": f"undefined: no {one.label}"}
        )
        for one in exported.scores.estimates
    )  # fmt: skip
    return exported._replace(scores=exported.scores.model_copy(update={"estimates": undefined, "slices": ()}))


def read_csv(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_holds_every_metric_of_the_run_and_of_its_slices(exported):
    rows = read_csv(export_scores([exported], "csv"))
    whole = {row["metric"]: row for row in rows if row["by"] == "all"}
    assert set(whole) == {one.metric for one in exported.scores.estimates}
    for one in exported.scores.estimates:
        for field in ("value", "low", "high", "standard_error"):
            given = getattr(one, field)
            assert whole[one.metric][field] == ("" if given is None else repr(given)), one.metric
    assert {row["by"] for row in rows} >= {"all", "stage", "topic", "client talk before"}
    assert whole["r_to_q"]["digest"] == exported.scores.digest


@pytest.mark.parametrize("to", ["csv", "markdown", "latex", "every-eval-ever"])
def test_an_export_says_which_numbers_nobody_has_held_against_people(exported, folder, to):
    if to == "csv":
        rows = {row["metric"]: row for row in read_csv(export_scores([exported], to)) if row["by"] == "all"}
        assert rows["r_to_q"]["validated"] == exported.scores["r_to_q"].validated == "unknown"
        assert rows["characters"]["validated"] == ""
    else:
        assert "nvalidated" in api.export_runs([folder], to)


def test_excel_runs_no_cell_and_keeps_chinese(exported):
    rows = read_csv(export_scores([hostile(exported)], "csv"))
    assert {row["model"] for row in rows} == {f"'{HOSTILE}"}
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or re.fullmatch(r"-?[\d.e-]+", cell)


def test_a_negative_difference_stays_a_number_in_csv():
    row = read_csv(export_comparisons([comparison()], "csv"))[0]
    assert float(row["difference"]) == -0.5
    assert row["first"] == f"'{HOSTILE}"
    assert (row["p_holm"], row["real"], row["unequal"]) == ("0.01", "True", "the counsellor prompt differs")


def comparison(**changes):
    difference = Difference(
        metric="r_to_q", label="R:Q", unit="ratio", better="higher", first=HOSTILE, second="b", first_value=0.5,
        second_value=1.0, difference=-0.5, low=-0.8, high=-0.1, p=0.005, p_holm=0.01, effect=-0.4, **changes,
    )  # fmt: skip
    sides = tuple(Side(label=label, folder="f", digest="d" * 64, replies_digest="r") for label in (HOSTILE, "b"))
    undefined = difference.model_copy(
        update={"metric": "percent_cr", "label": "%CR", "difference": None, "low": None, "high": None, "p": None,
                "p_holm": None, "first_value": None, "note": "undefined: no reflection in any reply"}
    )  # fmt: skip
    return Comparison(
        suite="made", sides=sides, rounds=10, dialogues=5, left_out=2, differences=(difference, undefined), ties=(),
        unequal=("the counsellor prompt differs",), draws=1000, seed=3,
    )  # fmt: skip


def test_markdown_has_one_row_a_metric_whatever_the_model_is_called(exported):
    text = export_scores([hostile(exported), exported], "markdown")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 4, row
    assert "心" in rows[0]
    assert "<b>" not in text.replace(r"\<b\>", "")
    r_to_q = exported.scores["r_to_q"]
    assert any(f"{r_to_q.value:.2f}" in row and "R:Q" in row for row in rows)


ESCAPED = re.compile(r"\\(?:[&%$#_{}]|[a-zA-Z]+|\\)")


@pytest.mark.parametrize("what", ["scores", "comparison"])
def test_latex_escapes_everything(exported, what):
    text = (
        export_scores([hostile(exported)], "latex") if what == "scores" else export_comparisons([comparison()], "latex")
    )
    body = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    plain = ESCAPED.sub("", re.sub(r"\$(?:-|\\[a-z]+)\$", "", body))
    assert not re.search(r"[%$#_~^<>|\"−–↑↓]", plain)
    assert plain.count("{") == plain.count("}")
    rows = [line for line in body.splitlines() if line.endswith(r" \\") and "multicolumn" not in line]
    columns = len(re.search(r"begin\{tabular\}\{(l?r+)\}", body).group(1))
    assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {columns}
    for rule in ("toprule", "midrule", "bottomrule"):
        assert f"\\{rule}" in body


@pytest.mark.parametrize("to", ["markdown", "latex"])
def test_the_methods_say_judge_version_digest_resamples_and_dialogues(exported, to):
    text = export_scores([exported], to)
    for said in (
        "MITI 4.2.1", "judge: offline", exported.manifest.judges["offline"][:12], exported.manifest.suite_digest[:12],
        "mibench", "10,000 resamples of whole dialogues", "24 of 24 rounds rated",
        f"{exported.scores.juries[0].dialogues} dialogues", "BCa",
    ):  # fmt: skip
        assert said in text, said
    compared = export_comparisons([comparison()], to)
    for said in ("1,000 resamples", "Holm", "5 dialogues", "2 that not all runs have", "the counsellor prompt differs"):
        assert said in compared, said


def test_the_reference_is_called_authored(folder):
    text = api.export_runs([folder, folder / "anchors/reference"], "markdown")
    assert "reference (authored)" in text
    assert "authored, not spoken by people" in text


def test_runs_that_do_not_compare_are_marked_in_one_table(exported):
    other = exported._replace(scores=exported.scores.model_copy(update={"digest": "x", "model": "other"}))
    assert "Not comparable" in export_scores([exported, other], "markdown")
    assert "Not comparable" not in export_scores([exported, exported], "markdown")


@pytest.mark.parametrize("to", ["csv", "markdown", "latex"])
def test_what_is_undefined_is_said_never_nan(exported, to):
    text = export_scores([silent(exported)], to) + export_comparisons([comparison()], to)
    assert not re.search(r"\bnan\b|\bNone\b", text, re.IGNORECASE)
    assert "undefined: no R:Q" in text
    assert "undefined: no reflection in any reply" in text


@pytest.fixture(scope="module")
def schema():
    text = (Path(__file__).parent / "every_eval_ever/eval.schema.json").read_text(encoding="utf-8")
    return pytest.importorskip("jsonschema").Draft7Validator(json.loads(text))


def faults(schema, record):
    return [f"{list(error.absolute_path)}: {error.message}" for error in schema.iter_errors(record)]


def test_every_eval_ever_takes_the_record(folder, exported, schema):
    record = json.loads(api.export_runs([folder], "every-eval-ever", organisation="Lab", relationship="third_party"))
    assert faults(schema, record) == []
    assert record["schema_version"] == schema.schema["version"]
    by_id = {result["metric_config"]["metric_id"]: result for result in record["evaluation_results"]}
    r_to_q = exported.scores["r_to_q"]
    details = by_id["mibench.r_to_q"]["score_details"]
    assert details["score"] == r_to_q.value
    assert details["uncertainty"]["confidence_interval"]["lower"] == r_to_q.low
    assert by_id["mibench.mina_per_100"]["metric_config"]["lower_is_better"] is True
    assert "llm_scoring" not in by_id["mibench.r_to_q"]["metric_config"]


def test_every_eval_ever_knows_judges_that_are_language_models_and_undefined_metrics(exported, schema):
    judges = tuple(
        exported.scores.judges[0].model_copy(update={"judge": name})
        for name in ("panel:openai/gpt-4.1", "codes:vllm/Qwen/Qwen3-8B")
    )
    scores = silent(exported).scores.model_copy(update={"judges": judges})
    some = (exported.scores["r_to_q"], *(one for one in scores.estimates if one.metric != "r_to_q"))
    record = every_eval_ever(exported._replace(scores=scores.model_copy(update={"estimates": some})), now=0)
    assert faults(schema, record) == []
    (result,) = record["evaluation_results"]
    scoring = result["metric_config"]["llm_scoring"]
    assert [judge["model_info"]["id"] for judge in scoring["judges"]] == ["openai/gpt-4.1", "Qwen/Qwen3-8B"]
    assert scoring["aggregation_method"] == "average"
    assert record["source_metadata"]["additional_details"]["undefined.percent_cr"] == "undefined: no %CR"
    assert record["retrieved_timestamp"] == "0"


def test_lm_evals_file_has_the_keys_that_lm_eval_writes(exported, root, tmp_path):
    from lm_eval import simple_evaluate
    from lm_eval.loggers import EvaluationTracker
    from lm_eval.tasks import TaskManager
    from lm_eval.utils import make_table

    from mibench.generating.counsellors.adviser import Adviser

    tracker = EvaluationTracker(output_path=str(tmp_path))
    tasks = TaskManager(include_path=str(root / "tasks"), include_defaults=False)
    theirs = simple_evaluate(
        model=Adviser(), tasks=["mi_zh"], limit=2, apply_chat_template=True, bootstrap_iters=10,
        evaluation_tracker=tracker, task_manager=tasks,
    )  # fmt: skip
    tracker.save_results_aggregated(results=theirs, samples=theirs.pop("samples"))
    written = json.loads(next(tmp_path.rglob("results_*.json")).read_text(encoding="utf-8"))
    ours = json.loads(json.dumps(lm_eval_results(exported), allow_nan=False))
    assert set(written) <= set(ours)
    assert set(written["config"]) <= set(ours["config"])
    assert set(written["results"]["mi_zh"]) <= set(ours["results"]["mi_zh"])
    assert ours["results"]["mi_zh"]["bleu_4,none"] == exported.scores["bleu_4"].value
    assert ours["n-samples"]["mi_zh"] == {"original": 24, "effective": 24}
    assert "|r_to_q" in make_table(ours)


@pytest.mark.parametrize(
    ("args", "id_"),
    [
        ({"pretrained": "Qwen/Qwen3-8B"}, "Qwen/Qwen3-8B"), ({"pretrained": "/home/ann/secret/my-model"}, "my-model"),
        ({"pretrained": "./my-model"}, "my-model"), ({"pretrained": "../ann/my-model"}, "my-model"),
        ({"pretrained": "C:\\Users\\ann\\my-model"}, "my-model"), ({"model": "gpt-4.1"}, "gpt-4.1"), ({}, "mibench/hf"),
    ],
)  # fmt: skip
def test_a_path_of_the_machine_is_in_no_export(exported, schema, args, id_):
    identity = ModelIdentity(
        name="hf", args=args, revision="1", chat_template="applied", system="system-role",
        generation={"temperature": 0.7, "max_gen_toks": 256, "until": ["。"]},
    )  # fmt: skip
    run = exported._replace(manifest=exported.manifest.model_copy(update={"model": identity}))
    assert model_id(run.manifest) == id_
    record = every_eval_ever(run)
    assert faults(schema, record) == []
    assert record["evaluation_results"][0]["generation_config"]["generation_args"] == {
        "temperature": 0.7,
        "max_tokens": 256,
    }
    for text in (json.dumps(record), json.dumps(lm_eval_results(run)), export_scores([run], "csv")):
        assert not re.search(r"secret|Users|\bann\b", text)


def test_a_file_that_holds_one_run_refuses_two_and_formats_are_named(folder):
    with pytest.raises(UsageError, match="holds one run; 2 are named"):
        api.export_runs([folder, folder], "lm-eval")
    with pytest.raises(UsageError, match="Did you mean markdown"):
        api.export_runs([folder], "markdwn")
    with pytest.raises(UsageError, match="csv, latex, markdown"):
        api.export_comparison([comparison()], "lm-eval")


def test_the_command_writes_what_it_is_asked_for(mibench, folder, tmp_path):
    out = tmp_path / "table.csv"
    done = mibench("export", folder, folder / "anchors/adviser", "--format", "csv", "--out", out)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert {row["model"] for row in read_csv(out.read_bytes().decode())} == {"reflector", "adviser"}
    compared = mibench("export", folder, folder / "anchors/adviser", "--compare", "--format", "latex")
    assert compared.returncode == 0, compared.stderr
    assert r"\textit{reflector $-$ adviser}" in compared.stdout
    refused = mibench("export", tmp_path / "nothing", "--format", "csv")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
