"""Claims about how rounds are handed to a model: how many at a time, in which order."""

from itertools import groupby
from types import SimpleNamespace

import pytest

from mibench.cluster import Workers
from mibench.generating import GenerationPlan
from mibench.generating.recorder import in_groups

GREEDY, DRAWN = {"do_sample": False}, {"do_sample": True, "temperature": 0.7}


def requests(settings, rounds=12, dialogues=3):
    """Prompts that grow within a dialogue."""
    return [
        SimpleNamespace(args=("x" * (100 * number + dialogue), settings), doc={"round": f"d{dialogue}/{number:02d}"})
        for dialogue in range(dialogues)
        for number in range(1, rounds + 1)
    ]


@pytest.mark.parametrize(
    ("plan", "rounds"),
    [
        ({"model": "hf"}, 16),
        ({"model": "hf", "batch_size": 8}, 64),
        ({"model": "hf", "batch_size": "auto"}, 128),
        ({"model": "vllm"}, 128),
        ({"model": "local-chat-completions", "model_args": {"num_concurrent": 32}}, 256),
        ({"model": "local-chat-completions"}, 16),
        ({"model": "vllm", "save_every": 5}, 5),
        ({"model": "hf", "batch_size": 8, "workers": Workers(2)}, 64),
    ],
)
def test_a_group_is_wide_enough_for_what_the_model_takes_at_once(plan, rounds):
    assert GenerationPlan(**plan).group == rounds


def test_only_padded_batches_are_filled_by_length():
    assert GenerationPlan(model="hf", batch_size=8).by_length
    assert not GenerationPlan(model="hf").by_length
    assert not GenerationPlan(model="vllm", batch_size=8).by_length


def test_by_length_no_group_holds_a_prompt_longer_than_any_of_the_group_before():
    groups = list(in_groups(requests(GREEDY), 8, by_length=True))
    assert [len(group) for group in groups] == [8, 8, 8, 8, 4]
    lengths = [len(request.args[0]) for group in groups for request in group]
    assert lengths == sorted(lengths, reverse=True)


def test_without_it_rounds_of_a_dialogue_stand_together():
    named = [request.doc["round"].partition("/")[0] for group in in_groups(requests(GREEDY), 8) for request in group]
    assert [name for name, _ in groupby(named)] == ["d0", "d1", "d2"]


@pytest.mark.parametrize("by_length", [True, False])
def test_drawn_replies_never_share_a_group_with_another_dialogue(by_length):
    groups = list(in_groups(requests(DRAWN), 8, by_length=by_length))
    assert [len(group) for group in groups] == [8, 4, 8, 4, 8, 4]
    assert all(len({request.doc["round"].partition("/")[0] for request in group}) == 1 for group in groups)
