"""`leaderboard/versions.yaml`: the versions of the benchmark that submissions belong to."""

from pydantic import Field

from mibench.schema.dialogue import Record


class PublishedSuite(Record):
    """One suite in one version."""

    suite_digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    """sha256 over all dialogues."""
    prompt_digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    """sha256 over the counsellor prompt."""
    rounds: int = Field(ge=1)
    """Rounds to be answered, all of them."""


class PublishedJudge(Record):
    """A judge whose scores are taken."""

    name: str
    """As in ratings, e.g. `offline`, `panel:openai/MODEL`."""
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    """sha256 over everything that shapes its answers."""


class PublishedVersion(Record):
    """What must be equal for two rows to stand in one table."""

    name: str = Field(pattern=r"^v\d+$")
    date: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    """When it was published, ISO."""
    changes: str
    """What is new, for readers."""
    aggregation: str
    """Version of how ratings are summed up."""
    suites: dict[str, PublishedSuite]
    """Suite name → what it is."""
    judges: tuple[PublishedJudge, ...]

    def judge(self, name: str) -> PublishedJudge | None:
        """The judge of that name, if its scores are taken."""
        return next((judge for judge in self.judges if judge.name == name), None)


class Versions(Record):
    """All of them, oldest first."""

    versions: tuple[PublishedVersion, ...] = Field(min_length=1)

    @property
    def newest(self) -> PublishedVersion:
        """The one that new submissions belong to."""
        return self.versions[-1]

    def of(self, suite: str, suite_digest: str, prompt_digest: str) -> PublishedVersion | None:
        """The newest version with that text of the suite and that prompt; None if it was never published."""
        for version in reversed(self.versions):
            published = version.suites.get(suite)
            if published and (published.suite_digest, published.prompt_digest) == (suite_digest, prompt_digest):
                return version
        return None
