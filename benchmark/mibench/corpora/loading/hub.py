"""Rows of a dataset on the Hugging Face hub, streamed."""

from collections.abc import Iterator
from pathlib import Path

from mibench.corpora.loading.chats import Reader
from mibench.corpora.loading.files import id_of, read_row
from mibench.corpora.loading.gathering import Found
from mibench.corpora.loading.json_files import Value
from mibench.errors import UsageError


def hub_rows(dataset: str, revision: str | None, split: str, reader: Reader) -> Iterator[Found]:
    """Every row of a split; `dataset` may be a local folder too. Raises UsageError if it cannot be opened."""
    import datasets

    try:
        rows = datasets.load_dataset(dataset, revision=revision, split=split, streaming=True)
    except (OSError, ValueError, ConnectionError) as error:
        raise UsageError(
            f"The dataset {dataset} could not be opened: {str(error).splitlines()[0]} "
            "Check its name and split, or get its files and name their path."
        ) from error
    for number, row in enumerate(rows):
        yield read_row(Value(row, number + 1), reader, Path(dataset), id_of(row, number))
