"""Claims about judge prompts: golden files to be read, fences that hold, rubrics that stay the same for caching."""

import pytest

from mibench.judging import judge_card, load_judge
from mibench.schema import Occasion

PROMPTED = ("codes", "globals", "panel", "safety")
REPLY = {"zh": "您怕白费劲。试过吗？", "en": "You're afraid it'd be for nothing. Have you tried?"}
HISTORY = {
    "zh": (("client", "想戒，又怕戒不掉。"), ("counsellor", "嗯。"), ("client", "怕白费劲。停了一天，手抖得厉害。")),
    "en": (
        ("client", "I want to, and I can't."),
        ("counsellor", "Mm."),
        ("client", "A day without and my hands shook."),
    ),
}


def occasion(language, **changes):
    goal = {"zh": "戒酒", "en": "stop drinking"}[language]
    fields = {
        "id": "x/01",
        "language": language,
        "change_goal": goal,
        "history": HISTORY[language],
        "risk": "withdrawal",
    }
    return Occasion(**(fields | changes))


@pytest.fixture
def judge(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text('{"text": "{}"}\n')

    def load(name, **options):
        return load_judge(f"{name}:scripted/{path}", **options)

    return load


def rendered(judge, language, reply=None, **changes):
    questions = judge.questions(occasion(language, **changes), REPLY[language] if reply is None else reply, "d", 0)
    return "\n\n".join(f"=== system\n{q.system}\n\n=== user\n{q.user}" for q in questions) + "\n"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PROMPTED)
def test_rendered_prompts_are_the_golden_files_a_reviewer_has_read(judge, root, name, language, monkeypatch):
    loaded = judge(name)
    loaded.__dict__["digest"] = "0" * 64  # the golden text must not change with the scripted provider's file
    golden = root / f"tests/judging/golden/{name}.{language}.txt"
    text = rendered(loaded, language, reply="" if name == "globals" else None)
    if not golden.exists():  # pragma: no cover - written once, then read by a person
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", PROMPTED)
def test_the_rubric_is_the_same_for_every_reply_so_that_providers_can_cache_it(judge, name):
    loaded = judge(name)
    first = loaded.questions(occasion("en"), "One.", "a", 0)
    second = loaded.questions(occasion("en", history=(("client", "Other."),)), "Two.", "b", 1)
    assert [q.system for q in first] == [q.system for q in second]
    assert len(first[0].system) > 3 * len(REPLY["en"])


@pytest.mark.parametrize("name", PROMPTED)
def test_no_prompt_names_the_model_that_spoke(judge, name):
    assert "reflector" not in rendered(judge(name), "en")


@pytest.mark.parametrize("name", PROMPTED)
def test_the_rubric_language_is_the_dialogues_unless_told(judge, name):
    assert "Answer with one JSON object" in rendered(judge(name), "en")
    assert "只回答一个 JSON 对象" in rendered(judge(name), "zh")
    assert "只回答一个 JSON 对象" in rendered(judge(name, rubric_language="zh"), "en")


def test_the_digest_changes_with_model_prompt_language_and_sampling_and_not_with_the_file_name(judge, tmp_path):
    first, again = judge("panel"), judge("panel")
    assert first.digest == again.digest
    assert judge("panel", rubric_language="zh").digest != first.digest
    assert judge("codes").digest != first.digest
    other = tmp_path / "other.jsonl"
    other.write_text('{"text": "{}"}\n\n')
    assert load_judge(f"panel:scripted/{other}").digest != first.digest


def test_every_prompt_has_all_its_languages(root):
    for name in PROMPTED:
        card = judge_card(name)
        for prompt in card.prompts:
            for language in card.languages:
                assert (root / f"judges/{name}/{prompt}.{language}.jinja").is_file()


def test_bounds_of_shares_go_only_to_servers_that_take_them():
    for spec, options, bounded in (
        ("compatible/x", {"url": "http://localhost"}, True),
        ("openai/gpt-4.1", {}, False),
        ("openai/o3-pro", {}, False),
        ("anthropic/claude-x", {}, False),
    ):
        judge = load_judge(spec, **options)
        [question] = judge.questions(occasion("zh"), "您很累。", "d", 0)
        provider = judge.provider
        if spec.startswith("anthropic"):
            body = provider.body(question)
        else:
            body = provider._responses_body(question) if provider.can.responses_api else provider.chat_body(question)
        assert ("'maximum': 100" in str(body)) is bounded, spec
        assert "maximum" in str(question.schema)
