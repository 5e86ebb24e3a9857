"""A real run of the Chinese suite, its submission, and hands that spoil copies of it."""

import gzip
import hashlib
import json
import shutil

import pytest

from mibench import api, board
from mibench.records.submission import SUMS, SubmissionFolder

SAID = {"name": "Model A", "organisation": "Lab One", "contact": "https://example.org/contact", "date": "2026-11-24"}


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """finished("reflector") → the folder of its real run on mi_zh under the offline judge."""
    made = {}

    def run(model):
        if model not in made:
            made[model] = tmp_path_factory.mktemp("runs") / f"mi_zh-{model}"
            api.run(model=model, suite="mi_zh", out=made[model], anchors=False)
        return made[model]

    return run


@pytest.fixture(scope="session")
def bundled(finished, tmp_path_factory):
    """bundled("reflector") → the folder of a submission made of the run; not to be changed."""
    made = {}

    def bundle(model, **said):
        key = (model, *sorted(said.items()))
        if key not in made:
            answers = {
                **{field: guess.value for field, guess in board.guess([finished(model)]).items()},
                **SAID,
                **said,
            }
            made[key] = board.bundle([finished(model)], answers, tmp_path_factory.mktemp("bundled"))[0].folder
        return made[key]

    return bundle


@pytest.fixture
def submit(capsys):
    """submit("check", DIR) → (exit code, standard output, standard error) of the whole command in this process."""
    from mibench.cli.main import _exit_code, cli

    def command(*args):
        code = _exit_code(cli, ["submit", *map(str, args)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


class Copy:
    """A copy of a submission that may be spoiled; `seal` writes the hashes of what is there now."""

    def __init__(self, path):
        self.path = path

    def packed(self, name):
        """Lines of `mi_zh/<name>.jsonl.gz` as dictionaries."""
        text = gzip.decompress((self.path / f"mi_zh/{name}.jsonl.gz").read_bytes()).decode()
        return [json.loads(line) for line in text.splitlines()]

    def pack(self, name, lines):
        text = "".join(
            (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines
        )
        (self.path / f"mi_zh/{name}.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))

    def json(self, name):
        return json.loads((self.path / f"mi_zh/{name}.json").read_text(encoding="utf-8"))

    def write(self, name, value):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
        (self.path / name).write_text(text, encoding="utf-8")

    def yaml(self, old, new):
        """Replace words in submission.yaml."""
        text = (self.path / "submission.yaml").read_text(encoding="utf-8")
        assert old in text
        self.write("submission.yaml", text.replace(old, new))

    def seal(self):
        names = SubmissionFolder(self.path).files()
        sums = [f"{hashlib.sha256((self.path / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(names)]
        self.write(SUMS, "".join(sums))
        return self

    def found(self, severity="error", **how):
        """`where what` of each finding of a check."""
        report = board.check(self.path, how.pop("others", ()), offline=how.pop("offline", False))
        return [f"{one.where} {one.what}" for one in report.findings if one.severity == severity]


@pytest.fixture
def copy(bundled, tmp_path):
    """copy("reflector") → a Copy of its submission."""

    def make(model="reflector", below="submissions", **said):
        source = bundled(model, **said)
        return Copy(shutil.copytree(source, tmp_path / below / source.name))

    return make
