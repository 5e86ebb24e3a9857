"""Claims about how a judge is named."""

import pytest

from mibench.errors import UnknownName, UsageError
from mibench.judging import load_judge


@pytest.mark.parametrize(
    ("spec", "options", "said"),
    [
        ("opanai/gpt-4.1", {}, r"No provider is called “opanai”\. Did you mean openai\?"),
        ("panel", {}, r"needs a model: panel:PROVIDER/MODEL"),
        ("panel:openai", {}, "names no model"),
        ("compatible/x", {}, "needs the server's address: --judge-url"),
        ("anthropic/x", {"url": "http://localhost"}, "--judge-url goes with compatible/MODEL"),
        ("jury:openai/x", {}, r"No judge is called “jury”"),
        ("scripted/nowhere.jsonl", {}, "There is no file"),
    ],
)
def test_a_wrong_name_says_what_there_is_or_what_is_missing(spec, options, said):
    with pytest.raises((UnknownName, UsageError), match=said):
        load_judge(spec, **options)


def test_a_bare_model_means_the_panel(monkeypatch):
    assert load_judge("openai/gpt-4.1").name == "panel:openai/gpt-4.1"
    assert load_judge("codes:anthropic/claude-x").name == "codes:anthropic/claude-x"
