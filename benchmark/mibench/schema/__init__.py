"""The records that flow between rooms. They know nothing of files, models or judges."""

from mibench.schema.calibration import NO_CODE, Calibrated, Correction, HumanRating
from mibench.schema.contrast import ContrastReply, Situation
from mibench.schema.dialogue import (
    ClientTurn,
    CounsellorTurn,
    Dialogue,
    Message,
    Record,
    Round,
    TalkSpan,
    Turn,
    Utterance,
)
from mibench.schema.miti import (
    CODES,
    FAIR_AND_GOOD,
    MI_ADHERENT,
    MI_NON_ADHERENT,
    NAMES,
    NAMES_ZH,
    REFLECTIONS,
    Code,
    Rates,
    Talk,
)
from mibench.schema.recoding import Recoded
from mibench.schema.run import Call, Evidence, Manifest, ModelIdentity, Occasion, Rating, Reply, ReplyStatus, Verdict
from mibench.schema.scores import Estimate, Level, Scores, Slice

__all__ = [
    "CODES",
    "FAIR_AND_GOOD",
    "MI_ADHERENT",
    "MI_NON_ADHERENT",
    "NAMES",
    "NAMES_ZH",
    "NO_CODE",
    "REFLECTIONS",
    "Calibrated",
    "Call",
    "ClientTurn",
    "Code",
    "ContrastReply",
    "Correction",
    "CounsellorTurn",
    "Dialogue",
    "Estimate",
    "Evidence",
    "HumanRating",
    "Level",
    "Manifest",
    "Message",
    "ModelIdentity",
    "Occasion",
    "Rates",
    "Rating",
    "Recoded",
    "Record",
    "Reply",
    "ReplyStatus",
    "Round",
    "Scores",
    "Situation",
    "Slice",
    "Talk",
    "TalkSpan",
    "Turn",
    "Utterance",
    "Verdict",
]
