"""What a submission's folder is called."""

import re
import unicodedata

from mibench.schema.submission import Submission

LONGEST = 60
"""Characters of the model's and of the organisation's part."""


def folder_name(submission: Submission) -> str:
    """`<model>_<organisation>_<date>`, each part a slug: nothing in it means a path, a space or a part's end."""
    return f"{slug(submission.name)}_{slug(submission.organisation)}_{submission.date}"


def slug(words: str) -> str:
    """Letters and digits of any script in lower case, `.` and `+`; all else is one hyphen. Never empty."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    kept = re.sub(r"[^\w.+]+|_+", "-", plain)[:LONGEST].strip("-.")
    return kept or "unnamed"
