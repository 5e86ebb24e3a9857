"""Claims about the house: layers, imports, documents."""

import re
import subprocess
import sys
import venv
import zipfile

import mibench


def python(code, cwd):
    return subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=False)


def test_exported_names_exist():
    assert sorted(mibench.__all__) == ["Run", "__version__", "load_run", "run", "run_all"]
    for name in mibench.__all__:
        assert getattr(mibench, name)


def test_importing_does_nothing_heavy(root):
    heavy = "{'torch', 'transformers', 'datasets', 'lm_eval', 'scipy', 'sklearn', 'pandas', 'numpy', 'jieba', 'rich', 'jinja2'}"
    done = python(
        f"import sys, mibench.api, mibench.cli; found = {heavy} & set(sys.modules); assert not found, found", root
    )
    assert done.returncode == 0, done.stderr


def test_help_loads_neither_records_nor_rooms(root):
    code = (
        "import sys; from mibench.cli.main import _exit_code, cli; _exit_code(cli, ['--help'])\n"
        "found = [name for name in sys.modules if name.startswith(('pydantic', 'mibench.schema', 'mibench.api'))]\n"
        "assert not found, found"
    )
    assert python(code, root).returncode == 0


def test_every_command_and_option_has_help_that_says_something(root):
    import click

    from mibench.cli.main import COMMANDS, cli

    def walk(command, path):
        assert command.help, path
        assert len(command.help) >= 20, path
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name != "help":
                assert parameter.help, (path, parameter.name)
                assert len(parameter.help) >= 12, (path, parameter.name)
        if isinstance(command, click.Group):
            for name in command.list_commands(click.Context(command)):
                walk(command.get_command(click.Context(command), name), f"{path} {name}")

    walk(cli, "mibench")
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"mibench {name}" in readme, name


def test_the_readmes_python_example_runs(root, tmp_path):
    readme = (root / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", readme, re.DOTALL).group(1)
    done = python(example, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "R:Q" in done.stdout


def test_the_readme_shows_the_true_table(root, tmp_path):
    readme = (root / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```\n(reflector · mi_zh.*?)```", readme, re.DOTALL).group(1)
    done = subprocess.run(
        [sys.executable, "-m", "mibench", "run", "--out", tmp_path / "run"], capture_output=True, text=True, check=False
    )
    true = {" ".join(line.split()) for line in done.stdout.splitlines() if line.strip()}
    missing = [line for line in shown.splitlines() if line.strip() and " ".join(line.split()) not in true]
    assert missing == []


def test_no_path_of_a_machine_and_no_registry_is_named(root):
    files = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    named = re.compile(r"/(?:work|farm|opt/wheels|root)/|pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian")
    for name in files:
        path = root / name
        if path.suffix in (".npz", ".jsonl", ".gz") or not path.is_file() or name == "tests/house/test_house.py":
            continue
        assert not named.search(path.read_text(encoding="utf-8")), name


def test_the_wheel_carries_the_rooms_and_works_from_any_folder(root, tmp_path):
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, root],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    wheel = next(tmp_path.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert "mibench/rooms/tasks/mi_zh/dialogues.jsonl" in names
    assert "mibench/rooms/judges/offline/weights_zh.npz" in names
    assert "mibench/rooms/finetune/data/mi_zh_train.jsonl" in names
    assert {"mibench/rooms/docs/methods.zh.md", "mibench/rooms/leaderboard/pages/about.zh.md"} <= set(names)
    assert not [name for name in names if name.startswith(("tasks/", "judges/", "tests/"))]

    place = tmp_path / "elsewhere"
    venv.create(place / "venv", system_site_packages=True)
    # The new environment sees this one's libraries, but not the editable mibench: its .pth is not followed.
    site = next((place / "venv").rglob("site-packages"))
    outer = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "outer.pth").write_text(f"{outer}\n")
    zipfile.ZipFile(wheel).extractall(site)
    run = subprocess.run(
        [place / "venv/bin/python", "-m", "mibench", "run", "--limit", "12", "--out", "here"],
        cwd=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    where = subprocess.run(
        [place / "venv/bin/python", "-m", "mibench", "tasks", "path"],
        cwd=place,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.strip() == str((site / "mibench/rooms/tasks").resolve())
