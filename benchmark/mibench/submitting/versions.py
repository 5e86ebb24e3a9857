"""Which published version of the benchmark a run belongs to: `leaderboard/versions.yaml`."""

from functools import cache

from pydantic import ValidationError

from mibench.content import room
from mibench.errors import BadRecord
from mibench.schema.version import PublishedVersion, Versions
from mibench.submitting.findings import Findings
from mibench.submitting.reading import ReadRun


@cache
def load_versions() -> Versions:
    """The published versions, oldest first. Raises BadRecord if the file is wrong."""
    import yaml

    path = room("leaderboard") / "versions.yaml"
    try:
        return Versions.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise BadRecord(path, 1, str(error).splitlines()[0]) from error


def check_version(run: ReadRun, versions: Versions, digest: str, findings: Findings) -> PublishedVersion | None:
    """The version that a run belongs to; None if it belongs to none.

    `digest`: the comparability digest of its manifest under its scores' judges, computed here.
    """
    file, manifest = f"{run.suite}/run.json:1", run.manifest
    version = versions.of(run.suite, manifest.suite_digest, manifest.prompt_digest)
    newest = versions.newest
    if version is None:
        published = newest.suites.get(run.suite)
        text = (
            "text of the suite"
            if published and published.suite_digest != manifest.suite_digest
            else "counsellor prompt"
        )
        findings.error(
            file,
            f"its {text} is none of a published version ({', '.join(v.name for v in versions.versions)}): run the model again with the mibench of {newest.name}.",
        )
        return None
    if manifest.limit is not None:
        findings.error(
            file,
            f"it was run with --limit {manifest.limit}; a submission answers all {version.suites[run.suite].rounds} rounds.",
        )
    for column in run.scores.judges:
        own = manifest.judges.get(column.judge)
        known = version.judge(column.judge)
        if own is None:
            findings.error(file, f"the scores are through {column.judge}, which run.json does not name; bundle again.")
        elif known is None:
            findings.alarm(
                file,
                f"{column.judge} ({own[:12]}) is no judge of {version.name} yet: a maintainer looks at its card and adds it to leaderboard/versions.yaml, or the run is judged by {' or '.join(judge.name for judge in version.judges)}.",
            )
        elif known.digest != own:
            findings.error(
                file,
                f"{column.judge} has judged in another version ({own[:12]}) than {version.name} takes ({known.digest[:12]}): judge again (`mibench judge RUN --judge {column.judge}`), score and bundle.",
            )
    if run.scores.digest != digest:
        findings.error(
            f"{run.suite}/scores.json:1",
            f"its comparability digest is {run.scores.digest[:12]}; suite, prompt, judges and way of summing up give {digest[:12]}: score again with this mibench and bundle.",
        )
    if version.name != newest.name:
        findings.note(
            file,
            f"it belongs to {version.name}; {newest.name} is the newest, and rows of one are not mixed with rows of the other.",
        )
    return version
