"""Claims about the generation stage."""

import json

import pytest
from lm_eval.api.model import LM

from mibench.errors import ChatTemplateError, MibenchError, RunConflict, UsageError
from mibench.generating import GenerationPlan, generate
from mibench.generating import generate as generating
from mibench.generating.answering import reply_status
from mibench.records import RunFolder
from mibench.suites import load_suite


class Odd(LM):
    """A model that says what it is told to, and counts what it was asked."""

    def __init__(self, texts, template=lambda messages: json.dumps(messages, ensure_ascii=False)):
        super().__init__()
        self.texts, self.template, self.asked = texts, template, []

    tokenizer_name = "none"

    def generate_until(self, requests):
        self.asked += [request.doc["round"] for request in requests]
        answers = [self.texts[request.doc["round"]] for request in requests]
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    def apply_chat_template(self, chat_history, add_generation_prompt=True):
        return self.template(chat_history)

    def loglikelihood(self, requests):
        raise NotImplementedError

    loglikelihood_rolling = loglikelihood


@pytest.fixture
def with_model(monkeypatch):
    """Let `generate` load a given object instead of a model by name."""

    def use(model):
        import importlib

        module = importlib.import_module("mibench.generating.answering")
        monkeypatch.setattr(module, "load_model", lambda *_: model)
        monkeypatch.setattr(module, "model_revision", lambda *_: "odd-1")
        return GenerationPlan(model="odd", save_every=1)

    return use


ODD = {
    "empty": "  \n",
    "over_long": "好" * 20_000,
    "control_characters": "好\x00的\x07，\u202e您说",
    "spoke_for_client": "嗯，您说。\n来访者：我不想说。",
    "ok": "您说。😀",
}


@pytest.mark.parametrize(("status", "text"), ODD.items())
def test_an_odd_reply_is_recorded_as_it_is_with_a_status(small_suite, tmp_path, with_model, status, text):
    suite = load_suite(small_suite(1))
    plan = with_model(Odd({round_.id: text for round_ in suite.rounds}))
    folder = RunFolder(tmp_path / "run")
    generate(folder, suite, plan)
    replies = list(folder.replies().values())
    assert [(reply.text, reply.status) for reply in replies] == [(text, status)] * 2


def test_a_lone_surrogate_does_not_lose_the_reply(small_suite, tmp_path, with_model):
    suite = load_suite(small_suite(1))
    plan = with_model(Odd({round_.id: "好\ud83d的" for round_ in suite.rounds}))
    folder = RunFolder(tmp_path / "run")
    generate(folder, suite, plan)
    assert {reply.text for reply in folder.replies().values()} == {"好\ufffd的"}


def test_a_reply_of_none_is_an_empty_reply(small_suite, tmp_path, with_model):
    suite = load_suite(small_suite(1))
    plan = with_model(Odd({round_.id: None for round_ in suite.rounds}))
    folder = RunFolder(tmp_path / "run")
    generate(folder, suite, plan)
    assert {reply.status for reply in folder.replies().values()} == {"empty"}


def test_a_cut_reply_is_truncated():
    assert reply_status("您说到一半", cut=True) == "truncated"


def test_a_model_that_fails_half_way_keeps_what_it_said_and_goes_on_from_there(small_suite, tmp_path, with_model):
    suite = load_suite(small_suite(2))
    ids = [round_.id for round_ in suite.rounds]
    model = Odd({ids[0]: "一", ids[1]: "二", ids[2]: RuntimeError("out of memory"), ids[3]: "四"})
    plan, folder = with_model(model), RunFolder(tmp_path / "run")
    with pytest.raises(MibenchError, match=f"failed at round {ids[2]}: RuntimeError: out of memory.*kept.*repeat"):
        generate(folder, suite, plan)
    assert list(folder.replies()) == ids[:2]
    model.texts[ids[2]] = "三"
    generate(folder, suite, plan)
    assert [reply.text for reply in folder.replies().values()] == ["一", "二", "三", "四"]
    assert model.asked == [*ids[:3], *ids[2:]]


def test_a_finished_round_is_never_asked_again(small_suite, tmp_path, with_model):
    suite = load_suite(small_suite(2))
    model = Odd({round_.id: "好。" for round_ in suite.rounds})
    plan, folder = with_model(model), RunFolder(tmp_path / "run")
    generate(folder, suite, plan)
    generate(folder, suite, plan)
    assert sorted(model.asked) == [round_.id for round_ in suite.rounds]


def test_a_template_that_drops_the_system_prompt_is_an_error_with_a_choice(small_suite, tmp_path, with_model):
    suite = load_suite(small_suite(1))

    def without_system(messages):
        return "\n".join(message["content"] for message in messages if message["role"] != "system")

    model = Odd({round_.id: "好。" for round_ in suite.rounds}, without_system)
    plan, folder = with_model(model), RunFolder(tmp_path / "run")
    with pytest.raises(ChatTemplateError, match="--system-in-user"):
        generate(folder, suite, plan)
    assert model.asked == []
    other = GenerationPlan(model="odd", save_every=1, system="in-first-user-turn")
    with pytest.raises(RunConflict, match="place of the system prompt"):
        generate(folder, suite, other)
    manifest = generate(RunFolder(tmp_path / "other"), suite, other)
    assert manifest.model.system == "in-first-user-turn"


def test_a_template_that_loses_a_turn_is_an_error(small_suite, tmp_path, with_model):
    suite = load_suite(small_suite(1))
    model = Odd({}, lambda messages: messages[0]["content"])
    with pytest.raises(ChatTemplateError, match="loses a turn of the user"):
        generate(RunFolder(tmp_path / "run"), suite, with_model(model))


def test_a_limit_below_one_is_refused(small_suite, tmp_path):
    with pytest.raises(UsageError, match="--limit is 0"):
        generate(RunFolder(tmp_path / "run"), load_suite(small_suite(1)), GenerationPlan(limit=0))


def test_a_suite_without_yaml_says_what_to_copy(small_suite, tmp_path):
    folder = small_suite(1)
    (folder / "made.yaml").unlink()
    with pytest.raises(UsageError, match=r"has no made\.yaml for lm-eval.*Copy tasks/mi_zh/mi_zh\.yaml"):
        generate(RunFolder(tmp_path / "run"), load_suite(folder), GenerationPlan())


def test_progress_counts_to_the_number_of_rounds(small_suite, tmp_path):
    told = []
    generating(
        RunFolder(tmp_path / "run"), load_suite(small_suite(2)), GenerationPlan(limit=3), lambda *now: told.append(now)
    )
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
