"""Claims about `mibench judges calibrate`, whole commands on the suite that ships."""

import csv
import json

from mibench.suites import load_suite


def test_from_an_empty_sheet_to_corrected_scores(mibench, tmp_path):
    run, sheet = tmp_path / "run", tmp_path / "sheet.csv"
    made = mibench("run", "--model", "reference", "--no-anchors", "--out", run)
    assert made.returncode == 0, made.stderr
    written = mibench(
        "judges", "calibrate", "--run", run, "--template", "120", "--out", sheet, "--coder", "author", "--seed", "1"
    )
    assert written.returncode == 0, written.stderr
    assert written.stdout.startswith("120 replies to code in ")

    empty = mibench("judges", "calibrate", "--run", run, "--human", sheet)
    assert (empty.returncode, "Nothing is coded in" in empty.stderr) == (2, True)

    authored = {round_.id: round_.reference.codes for round_ in load_suite("mi_zh").rounds}
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        filled = csv.DictWriter(file, rows[0].keys())
        filled.writeheader()
        filled.writerows(row | {"codes": ", ".join(authored[row["round"]]) or "none"} for row in rows)
    done = mibench("judges", "calibrate", "--run", run, "--human", sheet)
    assert done.returncode == 0, done.stderr
    assert "120 of 445 replies coded" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert "…" not in done.stdout

    found = json.loads(mibench("judges", "calibrate", "--run", run, "--human", sheet, "--json").stdout)
    assert found == json.loads((run / "calibrated.json").read_text(encoding="utf-8"))
    # The judge finds more persuasion and confrontation than the authors coded; the correction knows.
    mina = next(one for one in found["corrections"] if one["raw"]["metric"] == "mina_per_dialogue")
    true = sum(code in ("Persuade", "Confront") for codes in authored.values() for code in codes) / 40
    assert mina["raw"]["low"] > 1.5 * true
    assert abs(mina["corrected"]["value"] - true) < abs(mina["raw"]["value"] - true) / 2


def test_neither_and_both_of_codes_and_template_are_refused(mibench, tmp_path):
    run = ("judges", "calibrate", "--run", tmp_path / "run")
    for more in ((), ("--human", "codes.csv", "--template", "5")):
        done = mibench(*run, *more)
        assert done.returncode == 2
        assert "Give either --human FILE" in done.stderr
    done = mibench(*run, "--template", "5", "--out", tmp_path / "sheet.csv")
    assert done.returncode == 2
    assert "is no run folder" in done.stderr
