"""HTTP failures of both SDKs → Later, Refused or Hopeless, without a header or a key in any message."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mibench.judging.providers.batches import Unanswered
from mibench.judging.providers.provider import Hopeless, Later, Refused

SECRET = re.compile(r"(?:sk|key|Bearer)[-_ ][\w.-]{6,}|(?i:authorization|x-api-key)[^\s,}]*[:=]\s*\S+")


def failure(status: int, message: str, headers: Any, name: str) -> Exception:
    """The failure that an HTTP status means. Only what can succeed later is to be tried again."""
    said = clean(message)
    if status in (401, 403):
        return Hopeless(
            f"{name} refuses the key (HTTP {status}). Set the right key in the environment. It said: {said}"
        )
    if status == 404:
        return Hopeless(f"{name} does not exist there (HTTP 404). Check model name and address. It said: {said}")
    if status == 402:
        return Hopeless(f"{name} wants to be paid first (HTTP 402). It said: {said}")
    if status in (408, 409, 425, 429) or status >= 500:
        return Later(f"HTTP {status}: {said}", retry_after(headers), crowded=status in (429, 503, 529))
    return Refused(f"HTTP {status}: {said}")


@contextmanager
def told_apart(sdk: Any, name: str, *, batch: str | None = None) -> Iterator[None]:
    """Turn what `sdk` (the module openai or anthropic) raises into our failures; a broken connection is Unanswered.

    `batch`: id of the batch that is asked about, for the message when it does not exist.
    """
    import httpx2  # what both SDKs stand on; a stream that breaks raises its errors as they are

    try:
        yield
    except sdk.APIStatusError as error:
        if batch and error.status_code == 404:
            raise Hopeless(
                f"{name} knows no batch {batch} under this key (HTTP 404). Use the key it was sent with; if it was "
                "deleted, take the lines with its mark out of batches.jsonl, and its questions are asked again."
            ) from None
        raise failure(error.status_code, error.message, error.response.headers, name) from None
    except (
        sdk.APIError,
        httpx2.HTTPError,
        ValueError,
        AttributeError,
    ) as error:  # the last: an answer in no known form
        raise Unanswered(clean(f"{type(error).__name__}: {error.__cause__ or error}")) from None


def retry_after(headers: Any) -> float | None:
    """Seconds the server asks to wait, from `retry-after-ms` or `retry-after`; None if it does not say."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name)) / unit)
        except (TypeError, ValueError, AttributeError):
            continue
    return None


def unheard(error: Exception, seconds: float) -> Later:
    """What an SDK's time-out means: its aiohttp transport gives that name to a connection that was refused too."""
    cause = error.__cause__
    if type(cause).__name__ == "ConnectTimeout":
        return Later(f"no connection: {clean(str(cause))}")
    return Later(f"no answer within {seconds:.0f} s")


def clean(message: str) -> str:
    """The first 200 characters of a message, without anything that looks like a key."""
    return SECRET.sub("[secret]", " ".join(str(message).split()))[:200]
