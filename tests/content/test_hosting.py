"""Claims about the recipe for hosting: its commands exist, and nothing of a stranger is run where a token can write."""

import re
import shlex

import click
import pytest
import yaml

from mibench.cli.main import cli

NAMES = ("check", "comment", "pages")
WRITES = {"pages": "write", "id-token": "write", "pull-requests": "write"}


@pytest.fixture(params=NAMES)
def workflow(request, root):
    text = (root / f"leaderboard/hosting/{request.param}.yml").read_text(encoding="utf-8")
    return request.param, yaml.safe_load(text)


def steps(flow):
    return [(job, step) for job in flow["jobs"].values() for step in job["steps"]]


def commands(text):
    """Lines of a shell script that call mibench, as words, redirections left out."""
    for line in text.splitlines():
        if match := re.search(r"(?:^|\|\||&&)\s*(mibench .*)", line):
            yield shlex.split(re.sub(r"\s>>?\s*\S+", "", match[1]))[1:]


def parsed(words, folder):
    """Parse a command as the command line does, without running it; files that it names exist."""
    command, context = cli, click.Context(cli, info_name="mibench")
    while isinstance(command, click.Group):
        name, *words = words
        found = command.get_command(context, name)
        assert found is not None, name
        command = found
    for word in words:
        if "/" in word and not word.startswith("-"):
            place = folder / word
            (place.parent if place.suffix else place).mkdir(parents=True, exist_ok=True)
    return command.make_context(command.name, list(words))


def test_every_command_is_one_of_this_command_line(workflow, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    found = [words for _, step in steps(workflow[1]) for words in commands(step.get("run", ""))]
    assert found, workflow[0]
    for words in found:
        assert parsed([word.replace("$RUNNER_TEMP", "temp") for word in words], tmp_path)


def test_every_command_of_the_recipe_and_of_the_leaderboards_guide_is_one_too(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts = [root / "leaderboard/hosting/README.md", root / "leaderboard/README.md", root / "leaderboard/seed.sh"]
    texts += sorted((root / "leaderboard/pages").glob("submit*.md"))
    for path in texts:
        text = path.read_text(encoding="utf-8").replace("\\\n", " ").replace('"$2"', "unknown")
        blocks = text if path.suffix == ".sh" else "\n".join(re.findall(r"```\n(.*?)```", text, re.DOTALL))
        for words in commands(re.sub(r"(?m)^ *", "", blocks)):
            assert parsed(words, tmp_path), (path.name, words)


def test_a_command_that_does_not_exist_would_be_noticed(tmp_path):
    with pytest.raises(AssertionError, match="nonsense"):
        parsed(["submit", "nonsense"], tmp_path)
    with pytest.raises(click.UsageError):
        parsed(["submit", "check", "all", "--nonsense"], tmp_path)


def test_no_workflow_runs_with_the_rights_of_the_target(workflow):
    # YAML 1.1 reads the key `on` as true.
    assert "pull_request_target" not in workflow[1][True]


def test_only_what_must_write_may(workflow):
    name, flow = workflow
    given = {**flow["permissions"]}
    for job in flow["jobs"].values():
        given |= job.get("permissions", {})
    writes = {key for key, right in given.items() if right == "write"}
    assert writes == {"check": set(), "comment": {"pull-requests"}, "pages": {"pages", "id-token"}}[name]
    assert all(right != "write" for right in flow["permissions"].values())


def test_nothing_of_a_pull_request_is_checked_out_where_a_token_can_write(workflow):
    name, flow = workflow
    for _, step in steps(flow):
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False
            if name != "check":
                assert "ref" not in step["with"]


def test_the_program_that_checks_is_the_base_branchs(root):
    flow = yaml.safe_load((root / "leaderboard/hosting/check.yml").read_text(encoding="utf-8"))
    program, theirs = (s["with"] for _, s in steps(flow) if s.get("uses", "").startswith("actions/checkout"))
    assert "base.sha" in program["ref"]
    assert "path" not in program
    assert theirs["path"] == "theirs"
    assert theirs["sparse-checkout"] == "leaderboard/submissions"
    installs = [step["run"] for _, step in steps(flow) if "pip" in step.get("run", "")]
    assert installs == ["pip install ."]


def test_no_words_of_an_event_are_pasted_into_a_script(workflow):
    for _, step in steps(workflow[1]):
        assert "${{" not in step.get("run", ""), step


def test_the_comment_waits_for_the_check_by_its_name(root):
    check, comment = (
        yaml.safe_load((root / f"leaderboard/hosting/{name}.yml").read_text(encoding="utf-8")) for name in NAMES[:2]
    )
    assert comment[True]["workflow_run"]["workflows"] == [check["name"]]
    assert check[True] == {"pull_request": {"paths": ["leaderboard/submissions/**"]}}
    unpacked = next(s for _, s in steps(comment) if s.get("uses", "").startswith("actions/download-artifact"))
    assert unpacked["with"]["path"].startswith("${{ runner.temp }}/")  # never over the checkout
