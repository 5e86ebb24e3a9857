"""Claims about prediction-powered ratios: equal to the papers' own package, and holding their coverage."""

import numpy as np
import pytest

from mibench.scoring.ppi import SUMS, corrected_ratio

WORLDS, DIALOGUES, LONGEST = 2000, 40, 14
SHARES = {"SR": 0.3, "CR": 0.3, "Q": 4 / 9, "Persuade": 0.1}
"""How often the population's dialogues have a code, per round."""
METRICS = {
    "R:Q": (("SR", "CR"), ("Q",), "log", 0.6 / (4 / 9)),
    "%CR": (("CR",), ("SR", "CR"), "logit", 0.5),
    "MINA per utterance": (("Persuade",), ("utterances",), "log", 0.1 / 2.2),
}
"""Over, under, scale, and the truth: the ratio of expected sums in the population that dialogues are drawn from."""
JUDGES = ("noisy", "biased", "constant", "random", "perfect")


def sums(coded, human_over, human_under, judge_over, judge_under):
    """Each dialogue's SUMS from arrays (…, dialogues, rounds); what is no round is 0 in all and NaN in `coded`."""
    real = ~np.isnan(coded)
    coded = np.nan_to_num(coded)
    columns = (
        coded, coded * human_over, coded * human_under, coded * judge_over, coded * judge_under,
        real * 1.0, real * judge_over, real * judge_under,
    )  # fmt: skip
    assert len(columns) == len(SUMS)
    return np.stack([column.sum(-1) for column in columns], -1)


class Worlds:
    """Codes of 2,000 runs: 40 dialogues of 8–14 rounds whose rates differ by dialogue, persuasion's very unevenly."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        rounds = self.rng.integers(8, LONGEST + 1, (WORLDS, DIALOGUES, 1))
        self.real = np.arange(LONGEST) < rounds
        reflects, goes_deep = self.given(6, 4), self.given(3, 3)
        self.human = {
            "SR": reflects & ~goes_deep,
            "CR": reflects & goes_deep,
            "Q": self.given(4, 5),
            "Persuade": self.given(0.8, 7.2),
        }
        self.utterances = 1 + self.rng.poisson(1.2, self.real.shape)
        self.human = {code: values.astype(float) for code, values in self.human.items()}
        self.judges = {name: self.judge(name) for name in JUDGES}
        self.coded = {design: self.draw(design) for design in ("rounds", "dialogues")}

    def given(self, a, b):
        """Whether a code is given, at a rate drawn for each dialogue from Beta(a, b)."""
        return self.rng.random(self.real.shape) < self.rng.beta(a, b, (WORLDS, DIALOGUES, 1))

    def judge(self, name):
        chance = {code: (self.rng.random(self.real.shape) < share) * 1.0 for code, share in SHARES.items()}
        if name == "perfect":
            return self.human
        if name == "random":
            return chance
        if name == "constant":
            return {code: np.full(self.real.shape, share) for code, share in SHARES.items()}
        right = {code: self.rng.random(self.real.shape) < 0.75 for code in SHARES}
        said = {code: np.where(right[code], self.human[code], chance[code]) for code in SHARES}
        if name == "biased":
            deepened = said["SR"] * (self.rng.random(self.real.shape) < 0.4)
            said["CR"], said["SR"] = np.maximum(said["CR"], deepened), said["SR"] - deepened
            said["Q"] *= self.rng.random(self.real.shape) < 0.7
            said["Persuade"] = np.maximum(said["Persuade"], self.rng.random(self.real.shape) < 0.05)
        return said

    def draw(self, design):
        """1 for about 120 coded rounds, 0 for others, NaN for what is no round."""
        if design == "rounds":
            order = np.where(self.real, self.rng.random(self.real.shape), 2).reshape(WORLDS, -1)
            coded = (order <= np.sort(order, 1)[:, 119:120]).reshape(self.real.shape)
        else:
            order = self.rng.random((WORLDS, DIALOGUES))
            coded = np.broadcast_to((order <= np.sort(order, 1)[:, 10:11])[..., None], self.real.shape)
        return np.where(self.real, coded, np.nan)

    def estimate(self, metric, judge, design, **how):
        over, under, scale, _ = METRICS[metric]

        def column(codes, names):
            return sum(self.utterances if name == "utterances" else codes[name] for name in names)

        arrays = [column(codes, names) for codes in (self.human, self.judges[judge]) for names in (over, under)]
        return corrected_ratio(sums(self.coded[design], *arrays), scale, **how)


@pytest.fixture(scope="module")
def worlds():
    return Worlds(20)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("design", ["rounds", "dialogues"])
def test_corrected_intervals_hold_the_truth_and_the_judge_never_widens_them(worlds, design, judge, metric):
    found = worlds.estimate(metric, judge, design)
    human = worlds.estimate(metric, judge, design, use_judge=False)
    truth = METRICS[metric][-1]
    defined = np.isfinite(found.high) & np.isfinite(human.high)
    holds = ((found.low <= truth) & (truth <= found.high))[defined].mean()
    narrower = (found.high - found.low)[defined].mean() / (human.high - human.low)[defined].mean()
    print(f"{design:9} {judge:8} {metric:18} {holds:6.1%} width {narrower:.2f} λ {found.weight.mean():.2f}")
    assert defined.mean() >= 0.99
    assert 0.93 <= holds <= 0.97
    assert narrower <= 1.03
    if judge in ("noisy", "perfect"):
        assert narrower <= 0.9


@pytest.mark.parametrize("design", ["rounds", "dialogues"])
def test_the_biased_judge_alone_is_wrong_where_its_correction_is_right(worlds, design):
    judge, real = worlds.judges["biased"], worlds.real
    raw = (judge["CR"] * real).sum((1, 2)) / ((judge["CR"] + judge["SR"]) * real).sum((1, 2))
    assert raw.mean() - 0.5 > 0.1
    assert np.nanmean(worlds.estimate("%CR", "biased", design).value) == pytest.approx(0.5, abs=0.01)


def reference_case():
    """600 coded and 3,000 other means, each its own cluster; human 0 or 1, judge a share."""
    i = np.arange(3600)
    chance = (i * 0.6180339887) % 1
    human = ((i * 0.7548776662) % 1 < chance**2) * 1.0
    judge = np.clip(chance + 0.1 * np.sin(i), 0, 1)
    coded = (i < 600) * 1.0
    one = np.ones((3600, 1))
    return sums(coded[:, None], human[:, None], one, judge[:, None], one)


def test_a_mean_of_single_rounds_equals_the_papers_package():
    # ppi_python 0.2.3: ppi_mean_pointestimate and ppi_mean_ci with lam=None. Its intervals are normal; ours are not.
    value, low, high = 0.33677022, 0.30509842, 0.36844202
    found = corrected_ratio(reference_case(), "logit")
    assert found.value == pytest.approx(value, abs=3e-4)
    assert found.low == pytest.approx(low, abs=2e-3)
    assert found.high == pytest.approx(high, abs=2e-3)
    assert found.high - found.low == pytest.approx(high - low, rel=0.01)


def test_with_the_same_weight_the_estimate_is_the_papers():
    # The papers' λ weighs the judge's mean over the uncoded, ours over all: λ = w · uncoded / all.
    case = reference_case()
    found = corrected_ratio(case)
    coded, rest = case[:, 0] == 1, case[:, 0] == 0
    weight = found.weight * rest.mean()
    theirs = case[coded, 1].mean() + weight * (case[rest, 6].mean() - case[coded, 6].mean())
    assert found.value == pytest.approx(theirs, abs=1e-12)


def test_weight_and_interval_equal_those_worked_dialogue_by_dialogue():
    from scipy.stats import t

    rng = np.random.default_rng(3)
    case = np.zeros((12, 8))
    case[:, 5] = rng.integers(5, 12, 12)
    case[:, 6:] = rng.poisson(case[:, 5:6] * [0.6, 0.4])
    case[:7, 0] = 4
    case[:7, 3:5] = rng.binomial(4, [0.6, 0.4], (7, 2))
    case[:7, 1:3] = np.abs(case[:7, 3:5] - rng.binomial(1, 0.3, (7, 2)))

    def by_hand(rows):
        n, ho, hu, jo, ju, r, ao, au = rows.sum(0)
        ratio = ho / hu
        a = (rows[:, 1] - ratio * rows[:, 2]) / n
        of_coded = (rows[:, 3] - ratio * rows[:, 4] - rows[:, 0] * (jo - ratio * ju) / n) / n
        b = (rows[:, 6] - ratio * rows[:, 7] - rows[:, 5] * (ao - ratio * au) / r) / r - of_coded
        w = -(a @ b) / (b @ b)
        t2 = w**2 * (b @ b) * ((rows[:, 0] > 0).sum() - 1) / ((a + w * b) @ (a + w * b))
        w = min(max(w, 0), 1) * t2 / (1 + t2)
        return (ho / n + w * (ao / r - jo / n)) / (hu / n + w * (au / r - ju / n)), w

    value, weight = by_hand(case)
    left_out = np.array([by_hand(np.delete(case, d, 0))[0] for d in range(12)])
    parts = (left_out - left_out.mean()) ** 2 * 11 / 12
    v, coded, other = parts.sum(), parts[:7].sum(), parts[7:].sum()
    half = t.ppf(0.975, v**2 / (coded**2 / 6 + other**2 / 4)) * np.sqrt(v)
    found = corrected_ratio(case)
    assert (found.value, found.weight) == (pytest.approx(value), pytest.approx(weight))
    assert 0 < weight < 1
    assert found.low == pytest.approx(value * np.exp(-half / value))
    assert found.high == pytest.approx(value * np.exp(half / value))


def test_a_judge_has_no_weight_when_every_round_is_coded(worlds):
    everything = np.where(worlds.real, 1.0, np.nan)
    human, judge = worlds.human, worlds.judges["noisy"]
    case = sums(everything, human["SR"], human["Q"], judge["SR"], judge["Q"])[:50]
    found, alone = corrected_ratio(case), corrected_ratio(case, use_judge=False)
    assert np.all(found.weight == 0)
    assert np.allclose(found.value, alone.value)
    assert np.allclose(found.high, alone.high)


def test_forty_copies_of_each_round_say_no_more_than_one(worlds):
    human, judge = worlds.human, worlds.judges["noisy"]
    case = sums(worlds.coded["dialogues"], human["SR"], human["Q"], judge["SR"], judge["Q"])[:50]
    once, forty = corrected_ratio(case), corrected_ratio(40 * case)
    assert np.allclose(once.low, forty.low, equal_nan=True)
    assert np.allclose(once.high, forty.high, equal_nan=True)


def test_what_was_never_seen_has_no_interval_and_a_ratio_over_nothing_no_value():
    case = reference_case()[:1000]
    never = case.copy()
    never[:, [1, 3, 6]] = 0
    assert corrected_ratio(never).value == 0
    assert np.isnan(corrected_ratio(never).high)
    nothing = case.copy()
    nothing[:, [2, 4, 7]] = 0
    assert np.isnan(corrected_ratio(nothing).value)
