"""How well the offline coder agrees with people, by grouped cross-validation: no video and no client is in two folds.

    python tests/benchmarks/coder.py [FOLDER [FOLDS.jsonl]]

FOLDER holds AnnoMI-full.csv; default: annomi in $MIBENCH_DATA. With FOLDS.jsonl the shares of each utterance, by a coder that
never saw its video, are written there, for `mibench judges validate --ratings FOLDS.jsonl --against annomi:FOLDER`, and only
English is done. Trains five times, some minutes. Not a test.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from mibench.content import room
from mibench.judging.offline.examples import authored, coded_by_people
from mibench.judging.offline.heads import counts_of
from mibench.judging.offline.train import fit
from mibench.suites import read_dialogues
from mibench.validating import contrast_set, load_coded

ROOT = Path(__file__).resolve().parents[2]
FOLDS = 5
MAIN = ("reflection", "question", "therapist_input", "other")


def by_main(shares):
    """Main behaviour: the likeliest of what the coder sees in the utterance."""
    return MAIN[int(np.argmax([shares["reflection"], shares["question"], shares["input"], shares["uncoded"]]))]


def by_counts(counts):
    """The same from a verdict alone: the likeliest of three sums, other where none reaches one half."""
    sums = [sum(counts.get(code, 0) for code in codes) for codes in (("SR", "CR"), ("Q",), ("GI", "PwP", "Persuade"))]
    return MAIN[int(np.argmax([*sums, 0.5]))]


def folds_of(groups, seed=0):
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    place = dict(zip(names, order % FOLDS, strict=True))
    return np.array([place[group] for group in groups])


def held_out_shares(examples, folds):
    """Shares of each example by a coder that never saw its group."""
    found = [None] * len(examples)
    for fold in range(FOLDS):
        coder = fit([e for e, f in zip(examples, folds, strict=True) if f != fold])
        for place in np.flatnonzero(folds == fold):
            occasion, pieces = examples[place].occasion, examples[place].pieces
            found[place] = coder.shares(occasion, pieces, coder.scores(occasion, pieces))
        print(f"fold {fold + 1} of {FOLDS}", file=sys.stderr, flush=True)
    return found


def tfidf(items, truth, folds):
    """The plain baseline, main behaviour."""
    texts = np.array([item.reply for item in items], dtype=object)
    found = np.empty(len(items), dtype=object)
    for fold in range(FOLDS):
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=r"(?u)\b\w+\b|[?]")
        model = LogisticRegression(C=10, max_iter=2000).fit(
            words.fit_transform(texts[folds != fold]), truth[folds != fold]
        )
        found[folds == fold] = model.predict(words.transform(texts[folds == fold]))
    return found


def calibration_error(share, truth, bins=10):
    """Expected calibration error, 0–1, over equally filled bins (Naeini et al. 2015 has equal widths)."""
    return sum(
        len(part) / len(share) * abs(share[part].mean() - truth[part].mean())
        for part in np.array_split(np.argsort(share), bins)
    )


def majority(item):
    return Counter(coding.main for coding in item.codings).most_common(1)[0][0]


def people(folder, ratings=None):
    """AnnoMI, with the authored English sets to learn from too."""
    corpus = load_coded(f"annomi:{folder}")
    items = [item for item in corpus.items if item.codings[0].main]
    theirs = [*coded_by_people(items)]
    ours = examples_of("en")
    examples = [*theirs, *ours]
    folds = folds_of([example.group for example in examples])
    shares = held_out_shares(examples, folds)
    own, n = shares[: len(items)], len(items)
    counts = [counts_of(share, asked=False) for share in own]
    if ratings:
        lines = (
            {"id": i.id, "shares": {c: round(float(v), 4) for c, v in s.items()}}
            for i, s in zip(items, counts, strict=True)
        )
        Path(ratings).write_text("".join(json.dumps(line) + "\n" for line in lines))
    truth = np.array([majority(item) for item in items])
    many = np.array([len(item.codings) > 1 for item in items])
    plain = tfidf(items, truth, folds[:n])
    print(
        f"\nAnnoMI, {n} utterances of {len({i.group for i in items})} videos, {many.sum()} coded by ten; {FOLDS} folds by video\n"
    )
    print("| | TF-IDF | heads | verdict's counts |\n|---|---:|---:|---:|")
    guesses = (plain, np.array([by_main(s) for s in own]), np.array([by_counts(c) for c in counts]))
    for name, where in (
        ("main behaviour, κ, one coder", np.ones(n, bool)),
        ("main behaviour, κ, majority of ten", many),
    ):
        print(f"| {name} | " + " | ".join(f"{cohen_kappa_score(truth[where], g[where]):.3f}" for g in guesses) + " |")
    print(
        "| main behaviour, macro-F1 | "
        + " | ".join(f"{f1_score(truth, g, average='macro'):.3f}" for g in guesses)
        + " |"
    )
    ten = list(np.flatnonzero(many))
    depth(items, theirs, own, ten)
    sessions(corpus, items, own)
    reliability(items, own)
    agreement("en", ours, shares[n:])


def depth(items, examples, shares, ten):
    for least in (0.2, 0.5):
        seen = [p for p in ten if (items[p].share("reflection") or 0) >= least and "complex" in examples[p].targets]
        rho = spearmanr([shares[p]["complex"] for p in seen], [examples[p].targets["complex"][0] for p in seen])
        length = spearmanr([len(items[p].reply) for p in seen], [examples[p].targets["complex"][0] for p in seen])
        print(
            f"| complex share, ρ with ten coders, {len(seen)} utterances that ≥ {least:.0%} reflect | (length {length.statistic:.2f}) | {rho.statistic:.3f} | |"
        )
    single = [p for p, e in enumerate(examples) if p not in set(ten) and "complex" in e.targets]
    auc = roc_auc_score(
        [examples[p].targets["complex"][0] > 0.5 for p in single], [shares[p]["complex"] for p in single]
    )
    print(f"| complex or simple, AUC against one coder, {len(single)} reflections | | {auc:.3f} | |")


def sessions(corpus, items, shares):
    """High against low quality, from rates a session."""
    place = {item.id: number for number, item in enumerate(items)}
    high, rows = [], []
    for session in corpus.sessions:
        own = [shares[place[id_]] for id_ in session.items if id_ in place]
        total = {head: sum(s[head] for s in own) for head in own[0]}
        n = len(own)
        high.append(session.quality == "high")
        mean = {head: value / n for head, value in total.items()}
        ratio = total["reflection"] / total["question"]
        rows.append((mean["reflection"], ratio, -mean["input"], -mean["advice"], mean["reflection"] - mean["input"], n))
    names = ("reflections", "R:Q", "input, fewer", "advice, fewer", "reflections − input", "length alone")
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        print(f"| high/low sessions, AUC: {name} | | {roc_auc_score(high, column):.3f} | |")


def reliability(items, shares):
    for head, label in (
        ("reflection", "reflection"),
        ("question", "question"),
        ("information", "information"),
        ("advice", "advice"),
    ):
        truth = np.array([item.share(label) for item in items], dtype=float)
        print(
            f"| calibration error, {label} (mean {truth.mean():.3f}) | | {calibration_error(np.array([s[head] for s in shares]), truth):.3f} | |"
        )


def examples_of(language):
    return [*authored(contrast_set(language), read_dialogues(room("finetune") / "data" / f"mi_{language}_train.jsonl"))]


def agreement(language, examples, shares):
    """Ten codes, one half and more counts as given: F1 on contrast situations and on dialogues, calibration on dialogues."""
    natural = np.array(["-" in example.group[3:] for example in examples])
    counts = [counts_of(s, asked=e.occasion.asks_advice) for s, e in zip(shares, examples, strict=True)]
    print(
        f"\nAuthored {language} training sets, {FOLDS} folds by client\n\n| code | F1 contrast | F1 dialogues | calibration error, dialogues |\n|---|---:|---:|---:|"
    )
    rows = []
    for code in ("SR", "CR", "Q", "AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront"):
        truth = np.array([code in example.codes for example in examples])
        share = np.array([count.get(code, 0.0) for count in counts])
        row = [f1_score(truth[w], share[w] >= 0.5) for w in (~natural, natural)]
        rows.append([*row, calibration_error(share[natural], truth[natural].astype(float))])
        print(f"| {code} | " + " | ".join(f"{value:.3f}" for value in rows[-1]) + " |")
    print("| mean | " + " | ".join(f"{value:.3f}" for value in np.mean(rows, axis=0)) + " |", flush=True)


def main():
    folder = (
        sys.argv[1]
        if len(sys.argv) > 1
        else Path(os.environ.get("MIBENCH_DATA", ROOT.parent / "shared/data")) / "annomi"
    )
    ratings = sys.argv[2] if len(sys.argv) > 2 else None
    people(folder, ratings)
    if ratings:
        return
    chinese = examples_of("zh")
    agreement("zh", chinese, held_out_shares(chinese, folds_of([example.group for example in chinese])))


if __name__ == "__main__":
    main()
