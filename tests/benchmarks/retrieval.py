"""How often the retrieval counsellor finds a turn like the true next one, in training dialogues held out one at a time.

    python tests/benchmarks/retrieval.py

Prints for each language the mean share of MITI codes that the turn found and the true one have in common (Jaccard), beside a
random turn's, for the n-grams and the fading that ship and for others. Minutes. Not a test.
"""

import numpy as np

from mibench.generating.counsellors.retrieval import FADE, GRAMS, Memory, corpus
from mibench.suites import read_dialogues

OTHERS = {"zh": ((2, 3), (2,), (1, 2, 3)), "en": ((4, 5), (3, 4), (3, 4, 5))}


def shared(one, other):
    """Codes that two volleys have in common, 0–1."""
    both = set(one.codes) | set(other.codes)
    return len(set(one.codes) & set(other.codes)) / len(both) if both else 0.0


def main():
    rng = np.random.default_rng(0)
    print("| language | turn | fading | codes shared |\n|---|---|---:|---:|")
    for language in sorted(GRAMS):
        turns = [dialogue.turns for dialogue in read_dialogues(corpus(language))]
        places = [(number, place) for number, talk in enumerate(turns) for place in range(1, len(talk), 2)]
        volleys = [turns[number][place] for number, place in places]
        own_P = np.array([number for number, _ in places])
        said = [([turn.text for turn in turns[n][:place]], turns[n][place].text) for n, place in places]
        chance = np.mean([shared(volley, volleys[rng.integers(len(volleys))]) for volley in volleys])
        print(f"| {language} | a random turn | | {chance:.3f} |", flush=True)
        for grams in OTHERS[language]:
            for fade in (FADE, 0.0, 0.5, 0.7):
                memory = Memory(said, grams, fade)
                found = []
                for at, (talk, _) in enumerate(said):
                    likeness_P = np.where(own_P == own_P[at], -1.0, memory.likeness(talk))
                    found.append(shared(volleys[at], volleys[int(likeness_P.argmax())]))
                ships = " (ships)" if (grams, fade) == (GRAMS[language], FADE) else ""
                print(
                    f"| {language} | n-grams of {', '.join(map(str, grams))}{ships} | {fade} | {np.mean(found):.3f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
