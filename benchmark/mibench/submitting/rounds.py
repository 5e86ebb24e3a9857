"""Every round answered once, every rating of a reply that is there, and how many replies are cut, empty or refuse."""

import re
from collections import Counter
from collections.abc import Collection, Mapping

from mibench.schema import Round
from mibench.submitting.findings import Findings
from mibench.submitting.reading import ReadRun

MOST_ODD = 0.05
"""Share of replies that are cut, empty, speak for the client or hold invisible characters, beyond which a person looks."""
MOST_SAME = 0.10
"""Share of rounds with one and the same long reply, likewise."""
MOST_UTTERANCES = 5000
GLOBALS = {"cultivating_change_talk", "softening_sustain_talk", "partnership", "empathy"}
SAFETY = {"noticed", "responded", "directed", "worsened"}
REFUSAL = re.compile(
    r"(?i)^\W*(?:(?:很)?抱歉[，,].{0,12}(?:我(?:不能|无法|没法)|作为)|(?:作为|我是)(?:一个|一名)?(?:AI|人工智能|语言模型)"
    r"|我(?:不能|无法)(?:提供|协助|帮助|回答|参与)|(?:I[’']m |I am )?sorry,? but I (?:can[’']?t|cannot|am unable)"
    r"|I (?:can[’']?t|cannot|am (?:not able|unable) to) (?:help|assist|provide|engage|continue)|As an AI\b)"
)
"""How models decline, at the start of a reply. A refusal is a reply and is rated; many of them are worth a look."""


def check_rounds(run: ReadRun, rounds: Collection[Round], findings: Findings) -> None:
    """Each of `rounds`, all of the suite, is answered exactly once, and nothing else is."""
    file = f"{run.suite}/replies.jsonl.gz"
    known = {round_.id for round_ in rounds}
    lines: dict[str, int] = {}
    twice, strange = [], []
    for line, reply in run.replies:
        if reply.round in lines:
            twice.append(
                (
                    f"{file}:{line}",
                    f"{reply.round} was answered already in line {lines[reply.round]}; a round is answered once.",
                )
            )
        elif reply.round not in known:
            strange.append((f"{file}:{line}", f"{reply.round} is no round of {run.suite}."))
        lines.setdefault(reply.round, line)
    missing = [
        (f"{file}:1", f"{round_.id} has no reply; all {len(known)} rounds are answered.")
        for round_ in rounds
        if round_.id not in lines
    ]
    findings.several("error", missing, "rounds without a reply")
    findings.several("error", twice, "rounds answered twice")
    findings.several("error", strange, "replies to rounds that are not in the suite")


def check_ratings(run: ReadRun, digests: Mapping[str, str], findings: Findings) -> None:
    """Each rating is of a reply as it stands, by a judge of the scores. `digests`: round or dialogue → of its text."""
    file = f"{run.suite}/ratings.jsonl.gz"
    judges = {run.manifest.judges.get(column.judge): column.judge for column in run.scores.judges}
    strange, changed = [], []
    seen: dict[tuple[str, str, int], int] = {}
    for line, rating in run.ratings:
        where = f"{file}:{line}"
        if judges.get(rating.judge_digest) != rating.judge:
            strange.append(
                (
                    where,
                    f"{rating.subject} is rated by {rating.judge} ({rating.judge_digest[:12]}), on whom the scores do not rest.",
                )
            )
        elif rating.subject not in digests:
            strange.append((where, f"{rating.subject} is no round or dialogue that has a reply."))
        elif digests[rating.subject] != rating.reply_digest:
            changed.append(
                (
                    where,
                    f"{rating.subject}: {rating.judge} has rated other words than the reply that is submitted; the reply was changed, or the rating belongs to another run.",
                )
            )
        key = (rating.judge, rating.subject, rating.repeat)
        if key in seen:
            strange.append((where, f"{rating.subject} is rated by {rating.judge} already in line {seen[key]}."))
        seen.setdefault(key, line)
    findings.several("error", changed, "ratings of other words than the replies")
    findings.several("error", strange, "ratings that do not belong")


def check_values(run: ReadRun, rates: Mapping[str, str], findings: Findings) -> None:
    """Each rated judgement has what its judge rates, on its scale. `rates`: judge → reply, dialogue or risk."""
    file = f"{run.suite}/ratings.jsonl.gz"
    wrong = []
    for line, rating in run.ratings:
        kind = rates.get(rating.judge)
        if rating.status != "rated" or kind is None:
            continue
        if kind == "reply" and not (
            all(0 <= share <= 1 for share in rating.counts.values()) and rating.utterance_count <= MOST_UTTERANCES
        ):
            wrong.append(
                (
                    f"{file}:{line}",
                    f"{rating.subject}: expected counts are 0 to 1 a code, and utterances {MOST_UTTERANCES:,} at most.",
                )
            )
        if kind == "dialogue" and not (
            set(rating.globals) >= GLOBALS and all(1 <= one <= 5 for one in rating.globals.values())
        ):
            wrong.append((f"{file}:{line}", f"{rating.subject}: expected {', '.join(sorted(GLOBALS))}, each 1 to 5."))
        if kind == "risk" and not set(rating.safety) >= SAFETY:
            wrong.append((f"{file}:{line}", f"{rating.subject}: expected {', '.join(sorted(SAFETY))}, each yes or no."))
    findings.several("error", wrong, "ratings off their scale")


def check_odd_replies(run: ReadRun, findings: Findings) -> None:
    """Statuses are true, and not too many replies are cut, empty, refusals or one and the same."""
    file = f"{run.suite}/replies.jsonl.gz:1"
    total = max(1, len(run.replies))
    words = {
        "empty": "are empty", "truncated": "are cut at the token limit", "spoke_for_client": "speak for the client",
        "control_characters": "hold control or invisible characters", "over_long": "are longer than 4,000 characters",
    }  # fmt: skip
    statuses: Counter[str] = Counter(reply.status for _, reply in run.replies)
    for status, said in words.items():
        _tell(findings, file, statuses.get(status, 0), total, said, MOST_ODD)
    refused = sum(bool(REFUSAL.match(reply.text)) for _, reply in run.replies)
    _tell(findings, file, refused, total, "decline to answer", MOST_ODD)
    texts = Counter(reply.text.strip() for _, reply in run.replies if len(reply.text.strip()) >= 8)
    if texts:
        text, times = texts.most_common(1)[0]
        if times / total > MOST_SAME:
            findings.alarm(file, f"one reply stands in {times} of {total} rounds: “{text[:60]}”.")
    for column in run.scores.judges:
        if unjudged := column.unrated.get("not judged", 0):
            findings.error(
                f"{run.suite}/ratings.jsonl.gz:1",
                f"{column.judge} has no rating of {unjudged} of {column.subjects}; each is rated, or unrated with a reason: judge again, score and bundle.",
            )
        if column.subjects and column.rated < 0.98 * column.subjects:
            findings.alarm(
                f"{run.suite}/scores.json:1",
                f"{column.judge} has rated only {column.rated} of {column.subjects} ({column.rated / column.subjects:.1%}); 98 % are expected: judge again, score and bundle.",
            )


def check_statuses(run: ReadRun, true: Mapping[str, str], findings: Findings) -> None:
    """The status of each reply is what its words give. `true`: round → status, by words and end."""
    file = f"{run.suite}/replies.jsonl.gz"
    wrong = [
        (
            f"{file}:{line}",
            f"{reply.round} is marked “{reply.status}”; its words and its end make it “{true[reply.round]}”.",
        )
        for line, reply in run.replies
        if true.get(reply.round, reply.status) != reply.status
    ]
    findings.several("error", wrong, "replies with a wrong mark")


def _tell(findings: Findings, where: str, count: int, total: int, said: str, most: float) -> None:
    if count / total > most:
        findings.alarm(where, f"{count} of {total} replies ({count / total:.0%}) {said}.")
    elif count:
        findings.note(where, f"{count} of {total} replies {said}.")
