"""Claims about the engine, with a provider that fails as told."""

import asyncio
import random
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mibench.errors import MibenchError
from mibench.judging.engine import Budget, BudgetSpent, Engine, Limits, Price, price_of
from mibench.judging.engine.window import PerMinute, Window
from mibench.judging.providers import Answer, Hopeless, Later, Question, Refused

FAST = Limits(longest_pause=0.001, attempts=4, breaker=1000)
PRICE = Price(input=1.0, output=2.0, cached_input=0.5, as_of="2026-01-01", source="made up")


class Told:
    """A provider whose answers and failures are told by a function of (key, try)."""

    name, identity = "told/x", {}

    def __init__(self, tell, concurrency=8):
        self.tell, self.concurrency = tell, concurrency
        self.asked, self.in_flight, self.most = [], 0, 0

    def open(self):
        pass

    async def ask(self, question):
        self.asked.append(question.key)
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            await asyncio.sleep(0)
            found = self.tell(question.key, self.asked.count(question.key))
        finally:
            self.in_flight -= 1
        if isinstance(found, Exception):
            raise found
        return found

    async def close(self):
        pass


def ask(provider, keys, *, known=None, limits=FAST, price=None, budget=None):
    """Run the engine over keys; returns (outcomes by key, calls kept)."""
    outcomes, kept = {}, dict(known or {})

    def job(key):
        async def use(outcome):
            outcomes[key] = outcome

        return Question(key=key, subject=key, system="s" * 30, user="u", schema={}, sampling={"max_tokens": 10}), use

    engine = Engine(
        provider, lambda call: kept.__setitem__(call.key, call), kept.get,
        limits=limits, price=price, budget=budget, rng=random.Random(1),
    )  # fmt: skip
    asyncio.run(engine.run(job(key) for key in keys))
    return outcomes, kept


def test_every_question_is_answered_once_and_kept_before_it_is_used():
    keys = [f"{n:02x}" for n in range(50)]
    provider = Told(lambda key, _: Answer(key))
    outcomes, kept = ask(provider, keys)
    assert {key: call.text for key, call in outcomes.items()} == {key: key for key in keys}
    assert sorted(provider.asked) == keys
    assert set(kept) == set(keys)


def test_the_rest_is_sent_only_once_the_first_three_are_done():
    asked_by_then = []

    def tell(key, _):
        asked_by_then.append((key, len(provider.asked)))
        return Answer(key)

    provider = Told(tell, concurrency=64)
    keys = [f"{n:02x}" for n in range(40)]
    ask(provider, keys)
    assert max(count for key, count in asked_by_then if key in keys[:3]) == 3
    assert asked_by_then[0] == ("00", 1), "the first goes alone"
    assert provider.most > 3


def test_what_is_on_disk_is_never_asked_again():
    first, kept = ask(Told(lambda key, _: Answer(key)), ["aa", "bb"])
    again = Told(lambda *_: pytest.fail("asked"))
    outcomes, _ = ask(again, ["aa", "bb"], known=kept)
    assert outcomes == first
    assert again.asked == []


def test_what_can_succeed_later_is_tried_again_and_what_cannot_is_not():
    def tell(key, attempt):
        if key == "aa":
            return Later("busy") if attempt < 3 else Answer("yes")
        if key == "bb":
            return Refused("HTTP 400: too long")
        return Later("always busy", crowded=True)

    provider = Told(tell)
    outcomes, _ = ask(provider, ["aa", "bb", "cc"])
    assert outcomes["aa"].text == "yes"
    assert outcomes["bb"] == "HTTP 400: too long"
    assert outcomes["cc"] == "no answer after 4 tries, last: always busy"
    assert [provider.asked.count(key) for key in ("aa", "bb", "cc")] == [3, 1, 4]


def test_a_wrong_key_costs_one_call_and_ends_with_one_sentence():
    provider = Told(lambda *_: Hopeless("openai/x refuses the key (HTTP 401)."))
    with pytest.raises(MibenchError, match=r"The judge cannot go on: openai/x refuses the key.*kept"):
        ask(provider, [f"{n:02x}" for n in range(100)])
    assert len(provider.asked) == 1


def test_when_everything_fails_the_run_stops_with_the_reason():
    provider = Told(lambda key, _: Answer("x") if int(key, 16) < 1 else Later("HTTP 500: trouble"))
    limits = Limits(longest_pause=0.001, attempts=99, breaker=12, patience=0)
    with pytest.raises(MibenchError, match="12 calls in a row failed, for 0 s, the last with: HTTP 500: trouble"):
        ask(provider, [f"{n:02x}" for n in range(100)], limits=limits)
    assert len(provider.asked) <= 1 + 12 + 8


@pytest.mark.parametrize(("crowded", "patience"), [(False, 0.3), (True, 0.075)])
def test_it_stops_only_once_failures_have_gone_on_for_its_patience_and_four_times_that_when_merely_busy(
    crowded, patience
):
    provider = Told(lambda key, _: Answer("x") if int(key, 16) < 3 else Later("trouble", crowded=crowded))
    limits = Limits(longest_pause=0.001, attempts=10**6, breaker=2, patience=patience)
    start = time.monotonic()
    with pytest.raises(MibenchError, match="calls in a row failed"):
        ask(provider, [f"{n:02x}" for n in range(9)], limits=limits)
    assert 0.3 <= time.monotonic() - start < 3


def test_a_hiccup_that_fails_all_calls_in_flight_does_not_stop_the_run():
    over = []

    def tell(key, _):
        if int(key, 16) < 3:
            return Answer("yes")
        over.append(time.monotonic())
        return Later("HTTP 502: bad gateway") if over[-1] - over[0] < 0.2 else Answer("yes")

    provider = Told(tell, concurrency=64)
    outcomes, _ = ask(provider, [f"{n:04x}" for n in range(200)], limits=Limits(longest_pause=0.2))
    assert all(outcome.text == "yes" for outcome in outcomes.values())
    assert len(over) > 197 + 40


def test_a_server_that_never_answers_is_given_up_after_four_tries_of_the_first_question():
    provider = Told(lambda *_: Later("APIConnectionError: refused"))
    with pytest.raises(MibenchError, match="told/x does not answer: APIConnectionError: refused"):
        ask(provider, ["aa", "bb"], limits=Limits(longest_pause=0.001))
    assert provider.asked == ["aa"] * 4


def test_a_crowded_server_gets_half_as_many_calls_and_the_rest_it_asks_for():
    async def play():
        window = Window(16)
        window.crowded(None)
        assert window.size == 8
        window.crowded(0.05)
        assert window.size == 8, "calls of one moment halve once"
        start = asyncio.get_running_loop().time()
        await window.enter()
        assert asyncio.get_running_loop().time() - start >= 0.04
        for _ in range(100):
            window.went_well()
        assert 8 < window.size <= 16

    asyncio.run(play())


@given(st.integers(1, 20), st.integers(1, 60))
@settings(max_examples=30, deadline=None)
def test_no_more_calls_are_in_flight_than_allowed(most, questions):
    provider = Told(lambda key, _: Answer(key), concurrency=most)
    ask(provider, [f"{n:04x}" for n in range(questions)])
    assert provider.most <= most
    assert len(provider.asked) == questions


def test_a_minutes_units_are_not_passed():
    async def play():
        bucket = PerMinute(6000)
        start = asyncio.get_running_loop().time()
        for _ in range(61):
            await bucket.take(100)
        assert asyncio.get_running_loop().time() - start >= 0.09  # one unit of a hundred had to be waited for

    asyncio.run(play())


@given(
    cap=st.floats(0, 0.01), calls=st.integers(1, 60), tokens=st.lists(st.integers(0, 12), min_size=60, max_size=60),
    fails=st.sets(st.integers(0, 59)),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_no_run_costs_more_than_its_budget_whatever_answers_cost_and_however_many_are_in_flight(
    cap, calls, tokens, fails
):
    def tell(key, attempt):
        n = int(key, 16)
        if n in fails and attempt == 1:
            return Later("busy")
        return Answer("x", tokens_in=min(30, 5 + tokens[n]), tokens_out=min(10, tokens[n]))

    budget = Budget(cap)
    with suppress(BudgetSpent):
        _, kept = ask(Told(tell, 64), [f"{n:04x}" for n in range(calls)], price=PRICE, budget=budget)
        assert len(kept) == calls
    assert budget.spent <= cap + 1e-9
    assert budget.reserved == pytest.approx(0, abs=1e-9)


def test_money_spent_before_counts():
    with pytest.raises(BudgetSpent, match=r"\$0.9999 is spent"):
        ask(Told(lambda *_: pytest.fail("asked")), ["aa"], price=Price(input=100, output=100, as_of="x", source="x"),
            budget=Budget(1.0, spent=0.9999))  # fmt: skip


def test_cached_tokens_cost_less():
    assert PRICE.of(Answer("", tokens_in=1000, tokens_cached=400, tokens_out=10)) == pytest.approx(
        (600 + 200 + 20) / 1e6
    )
    assert PRICE.of(Answer("", tokens_in=1000), batch=True) == pytest.approx(1000 / 1e6)


def test_prices_come_from_the_users_table_first_and_are_never_guessed(tmp_path):
    table = tmp_path / "prices.yaml"
    table.write_text("openai/gpt-x: {input: 2, output: 8, as_of: '2026-11-01', source: invoice}\n")
    assert price_of("openai/gpt-x", table).output == 8
    assert price_of("openai/gpt-x-2026-10-01", table).output == 8
    assert price_of("openai/gpt-xyz", table) is None
    assert price_of("hf/anything").of(Answer("", tokens_in=10**9)) == 0


def test_a_broken_price_table_is_named(tmp_path):
    table = tmp_path / "prices.yaml"
    table.write_text("openai/gpt-x: {input: cheap}\n")
    with pytest.raises(MibenchError, match=r"prices\.yaml:1: no price table"):
        price_of("openai/gpt-x", table)
