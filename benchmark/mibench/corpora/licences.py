"""The licence of a set made from several: the strictest of its sources'."""

from collections.abc import Iterable

ORDER = ("CC0-1.0", "Apache-2.0", "CC-BY-4.0", "CC-BY-SA-4.0")
"""From free to share-alike; what is none of these is not known, and stricter than all."""


def strictest(licences: Iterable[str]) -> str:
    """The licence that a set of these must obey; what is unknown stays unknown, by name.

    A set with one share-alike source is share-alike. CC BY-SA 4.0 is the stricter of what CPsyCoun's two pages say.
    """
    found = sorted(set(licences))
    unknown = [licence for licence in found if licence not in ORDER]
    if unknown:
        return "ask first: " + ", ".join(unknown)
    return max(found, key=ORDER.index) if found else "not stated"
