"""Claims about MinHash: estimates are right, clusters are found, and it is linear in copies."""

import random
import time

import numpy as np
import pytest

from mibench.corpora import minhash
from mibench.corpora.similarity import nearest

LETTERS = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感"


def made(length, seed):
    return "".join(random.Random(seed).choices(LETTERS, k=length))


def jaccard(one, other):
    a, b = ({text[n : n + 5] for n in range(len(text) - 4)} for text in (one, other))
    return len(a & b) / len(a | b)


def test_likeness_is_estimated_without_bias_and_within_its_error():
    errors = []
    for n in range(80):
        one = made(600, n)
        other = one[: 40 + 7 * n] + made(600 - 7 * n, 1000 + n)
        signs = minhash.signatures([one, other])
        errors.append(float((signs[0] == signs[1]).mean()) - jaccard(one, other))
    assert abs(np.mean(errors)) < 0.01
    assert np.std(errors) < 0.045


def test_near_duplicates_are_clustered_and_strangers_are_not():
    texts = [made(500, n) for n in range(60)]
    texts += [text[:470] + made(30, 900 + n) for n, text in enumerate(texts[:20])]
    found = minhash.clusters(minhash.signatures(texts))
    assert found[:60].tolist() == list(range(60))
    assert found[60:].tolist() == list(range(20))


def test_thousands_of_copies_cost_no_pairs():
    signs = minhash.signatures([made(300, n) for n in range(10)])
    many = np.tile(signs, (3000, 1))
    start = time.perf_counter()
    found = minhash.clusters(many)
    assert sorted(set(found.tolist())) == list(range(10))
    assert time.perf_counter() - start < 60


@pytest.mark.parametrize("text", ["", "一", "四个字啊", "🙂" * 3])
def test_texts_shorter_than_a_shingle_are_like_themselves_only(text):
    one, same, other = minhash.signatures([text, text, "别的"])
    assert (one == same).all()
    assert (one == other).mean() < 0.1


def test_tf_idf_finds_the_source_of_a_paraphrase():
    texts = [made(300, n) for n in range(30)]
    mixed = "".join(random.Random(5).sample([texts[7][n : n + 10] for n in range(0, 300, 10)], 30))
    best, cosine = nearest([mixed, made(300, 77)], texts)
    assert best[0] == 7
    assert cosine[0] > 0.6 > cosine[1]
