"""How fast `mibench finetune train` is beside plain TRL, and what packing and batches of like length gain: some minutes on one core.

All train the same small Llama on the same short dialogues, in turns, so that a busy machine troubles all alike. What padding
leaves to be gained is printed first: no packing can gain more.
"""

import random
import tempfile
import time
from pathlib import Path

from mibench.content import room
from mibench.tuning import Conversation, format_of, load_recipe, read_conversations
from mibench.tuning.fitting import fit, libraries
from mibench.tuning.labels import Encoded, encode_all, encoder
from mibench.tuning.loading import adapter_config
from mibench.tuning.scratch import make_model, make_tokenizer

STEPS, TURNS = 20, 2


def main() -> None:
    with libraries():
        recipe = load_recipe(
            "tiny",
            [
                f"max_steps={STEPS}",
                f"evaluate_every={STEPS}",
                "batch_size=8",
                "epochs=50",
                "max_length=2048",
                "by_length=false",
            ],
        )
        form = format_of(recipe.format)
        corpus, _ = read_conversations(room("finetune") / "data" / "mi_zh_train.jsonl")
        short = [cut(one, number % 4 + 1) for number, one in enumerate(corpus)]
        tokenizer = make_tokenizer(short, form, recipe.scratch)
        found = encode_all(short, form, encoder(tokenizer), recipe.max_length)
        few = Encoded(found.examples[:2], [], [])
        lengths = sorted(len(example.input_ids) for example in found.examples)
        print(
            f"{len(lengths)} dialogues of 1 to 4 rounds, {lengths[0]} to {lengths[-1]} tokens, median {lengths[len(lengths) // 2]}"
        )

        def model():
            return make_model(recipe.scratch, tokenizer, form, recipe.max_length)

        for name, grouped in (("as they come", False), ("by length", True)):
            share = padding(lengths, recipe.batch_size, grouped=grouped)
            print(
                f"batches of {recipe.batch_size} {name}: {share:.0%} padding, to be gained at most {1 / (1 - share):.2f} times"
            )
        ways = {
            "mibench": recipe,
            "mibench, by length": recipe.model_copy(update={"by_length": True}),
            "mibench, packed to 2,048": recipe.model_copy(update={"packing": True, "batch_size": 1}),
            "mibench, packed to 640": recipe.model_copy(update={"packing": True, "batch_size": 3, "max_length": 640}),
        }
        speeds = {name: [] for name in ("plain TRL", *ways)}
        for _ in range(TURNS):
            speeds["plain TRL"].append(plain(model(), tokenizer, found, recipe))
            for name, own in ways.items():
                with tempfile.TemporaryDirectory() as folder:
                    start = time.process_time()
                    done = fit(model(), tokenizer, found, few, own, Path(folder), adapter=adapter_config(own))
                    speeds[name].append(done.tokens / (time.process_time() - start))
        best = {name: max(values) for name, values in speeds.items()}
        for name, value in best.items():
            tries = ", ".join(f"{each:,.0f}" for each in speeds[name])
            print(f"{name:25} {value:8,.0f} tokens a second of processor time (best of {TURNS}: {tries})")
        print(f"mibench / plain TRL {best['mibench'] / best['plain TRL']:.2f}")
        for name in [*ways][1:]:
            print(f"{name} / as they come {best[name] / best['mibench']:.2f}")


def cut(conversation: Conversation, rounds: int) -> Conversation:
    """Its system message and first rounds."""
    return conversation.model_copy(update={"messages": conversation.messages[: 1 + 2 * rounds]})


def padding(lengths: list[int], batch: int, *, grouped: bool) -> float:
    """Share of a batch that is padding, 0-1, when conversations come in order of length or at random."""
    order = sorted(lengths) if grouped else random.Random(0).sample(lengths, len(lengths))
    batches = [order[start : start + batch] for start in range(0, len(order), batch)]
    return 1 - sum(lengths) / sum(max(each) * len(each) for each in batches)


def plain(model, tokenizer, encoded, recipe) -> float:
    """TRL as its own examples use it: no checkpoints, no validation, no metrics file."""
    from datasets import Dataset
    from transformers.trainer_callback import PrinterCallback
    from trl import SFTConfig, SFTTrainer

    rows = [{"input_ids": one.input_ids, "labels": one.labels} for one in encoded.examples]
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        trainer = SFTTrainer(
            model=model, train_dataset=Dataset.from_list(rows), processing_class=tokenizer, peft_config=adapter_config(recipe),
            args=SFTConfig(
                output_dir=folder, max_steps=STEPS, per_device_train_batch_size=recipe.batch_size, learning_rate=recipe.learning_rate,
                logging_steps=1, save_strategy="no", bf16=False, use_cpu=True, max_length=None, activation_checkpointing=False,
                disable_tqdm=True, report_to="none", dataset_kwargs={"skip_prepare_dataset": True}, seed=recipe.seed,
            ),
        )  # fmt: skip
        trainer.remove_callback(PrinterCallback)  # it prints a dictionary a step
        trainer.train()
        tokens = max(entry.get("num_tokens", 0) for entry in trainer.state.log_history)
        return tokens / (time.process_time() - start)


if __name__ == "__main__":
    main()
