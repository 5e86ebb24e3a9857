"""What is known of the judges that ship, for the site's page about them."""

from mibench.content import judge_folder
from mibench.judging import JudgeCard, all_judges, judge_card, load_judge
from mibench.publishing.site import JudgeSheet
from mibench.schema import CanaryFile, SpecAgreement
from mibench.validating import stored_agreement, stored_canary


def judge_sheets() -> list[JudgeSheet]:
    """A sheet for each judge that ships, and for each of its ways of asking; those that read a file are left out."""
    cards = [judge_card(name) for name in all_judges()]
    return [_sheet(card) for card in cards if card.kind != "scripted"]


def _sheet(card: JudgeCard) -> JudgeSheet:
    specs = tuple(spec for spec in stored_agreement(card.name).specs if spec.judge.partition(":")[0] == card.name)
    return JudgeSheet(
        card.name, card.title, card.evidence, card.rates, card.languages,
        prompted=card.kind != "offline",
        specs=specs,
        old=tuple(spec.judge for spec in specs if not _current(spec, card)),
        canaries=_canaries(card),
    )  # fmt: skip


def _current(spec: SpecAgreement, card: JudgeCard) -> bool:
    """Whether it is of the judge as it stands today, as far as can be told without loading a model."""
    return spec.version == card.version and (card.kind != "offline" or load_judge(spec.judge).digest == spec.digest)


def _canaries(card: JudgeCard) -> tuple[CanaryFile, ...]:
    paths = sorted((judge_folder(card.name) / "canary").glob("*.json"))
    files = [file for path in paths if (file := stored_canary(path))]
    return tuple(file for file in files if file.first.judge.partition(":")[0] == card.name)
