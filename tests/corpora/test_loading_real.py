"""Claims about the real corpora, where a copy lies at MIBENCH_DATA (default: shared/data beside the project)."""

from mibench.corpora.loading import load_source
from mibench.corpora.transcribing.facts import facts_of, missing
from mibench.scans import personal_data, unsafe_advice


def loaded(spec):
    loading = load_source(spec)
    return list(loading), loading.report()


def counts(notes):
    return {note.what: note.count for note in notes}


def test_of_280_files_of_cpsycound_70_are_irregular_and_one_has_a_third_speaker(data):
    dialogues, report = loaded(f"cpsycound:{data('cpsycoun') / 'CPsyCounD'}")
    assert (report.found, report.irregular, report.loaded) == (280, 70, 279)
    assert counts(report.left_out) == {"a third person speaks": 1}
    assert counts(report.mended) == {
        "lines without a speaker, joined to the turn before": 100,
        "stage directions and narration left out": 92,
        "turns of one speaker in a row, joined": 61,
        "remarks of the writing model left out": 5,
        "names or manners in brackets behind a speaker, left out": 1,
    }
    assert report.rounds == 2202
    assert sum(dialogue.turns[-1].speaker == "client" for dialogue in dialogues) == 67
    assert report.licence == "CC-BY-SA-4.0"


def test_cpsycoune_has_45_dialogues_of_9_topics_and_296_rounds(data):
    dialogues, report = loaded(f"cpsycoune:{data('cpsycoun') / 'CPsyCounE'}")
    assert (report.found, report.irregular, report.loaded, report.rounds) == (45, 0, 45, 296)
    assert len({dialogue.topic for dialogue in dialogues}) == 9
    assert {dialogue.rounds for dialogue in dialogues} <= set(range(4, 10))


def test_all_120_of_smilechat_load_and_one_had_a_speaker_twice(data):
    dialogues, report = loaded(f"smilechat:{data('smilechat')}")
    assert (report.found, report.irregular, report.loaded, report.rounds) == (120, 1, 120, 661)
    assert counts(report.mended) == {"turns of one speaker in a row, joined": 1}
    assert sum(dialogue.turns[-1].speaker == "client" for dialogue in dialogues) == 14


def test_the_one_row_of_psydt_has_15_rounds_and_its_system_prompt_is_left_out(data):
    (dialogue,), report = loaded(f"psydt:{data('psydt')}")
    assert (dialogue.rounds, dialogue.topic) == (15, "婚恋")
    assert counts(report.mended) == {"system prompts left out": 1}
    assert report.irregular == 0


def test_scans_find_nothing_in_published_corpora(data):
    """All of them were cleaned by their authors: what a scan found here would be false."""
    specs = (f"cpsycound:{data('cpsycoun') / 'CPsyCounD'}", f"smilechat:{data('smilechat')}")
    for dialogue in (dialogue for spec in specs for dialogue in load_source(spec)):
        assert personal_data("\n".join(turn.text for turn in dialogue.turns)) == []
        assert unsafe_advice(dialogue.words_of("counsellor")) == []


def test_a_strangers_words_hardly_ever_keep_a_clients_facts(data):
    """The gate of 60 %: against the next client's words in place of one's own."""
    clients = [d.words_of("client") for d in load_source(f"cpsycound:{data('cpsycoun') / 'CPsyCounD'}")]
    kept = []
    for own, other in zip(clients, clients[1:] + clients[:1], strict=True):
        facts = facts_of(own, "zh")
        assert missing(facts, own, "zh") == []
        if len(facts) >= 3:
            kept.append(1 - len(missing(facts, other, "zh")) / len(facts))
    assert len(kept) == 156
    assert sum(share >= 0.6 for share in kept) / len(kept) < 0.08
    assert sum(kept) / len(kept) < 0.2
