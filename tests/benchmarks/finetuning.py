"""How fast `mibench finetune train` is beside plain TRL, and what packing gains: `some minutes on one core.

Both train the same tiny Llama on the same short dialogues, in turns, so that a busy machine troubles both alike.
"""

import tempfile
import time
from pathlib import Path

from mibench.content import room
from mibench.tuning import Conversation, format_of, load_recipe, read_conversations
from mibench.tuning.fitting import fit, libraries
from mibench.tuning.labels import Encoded, encode_all, encoder
from mibench.tuning.loading import adapter_config
from mibench.tuning.scratch import make_model, make_tokenizer

STEPS, TURNS, ROUNDS = 30, 3, 3


def main() -> None:
    with libraries():
        recipe = load_recipe(
            "tiny", [f"max_steps={STEPS}", f"evaluate_every={STEPS}", "batch_size=8", "epochs=50", "max_length=2048"]
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

        packed = recipe.model_copy(update={"packing": True, "batch_size": 1})
        speeds = {"plain TRL": [], "mibench": [], "mibench, packed": []}
        for _ in range(TURNS):
            speeds["plain TRL"].append(plain(model(), tokenizer, found, recipe))
            for name, own in (("mibench", recipe), ("mibench, packed", packed)):
                with tempfile.TemporaryDirectory() as folder:
                    start = time.process_time()
                    done = fit(model(), tokenizer, found, few, own, Path(folder), adapter=adapter_config(own))
                    speeds[name].append(done.tokens / (time.process_time() - start))
        best = {name: max(values) for name, values in speeds.items()}
        for name, value in best.items():
            print(
                f"{name:16} {value:8,.0f} tokens a second of processor time (best of {TURNS}: {', '.join(f'{each:,.0f}' for each in speeds[name])})"
            )
        print(
            f"mibench / plain TRL {best['mibench'] / best['plain TRL']:.2f}, packed / not packed {best['mibench, packed'] / best['mibench']:.2f}"
        )


def cut(conversation: Conversation, rounds: int) -> Conversation:
    """Its system message and first rounds."""
    return conversation.model_copy(update={"messages": conversation.messages[: 1 + 2 * rounds]})


def plain(model, tokenizer, encoded, recipe) -> float:
    """TRL as its own examples use it: no checkpoints, no validation, no metrics file."""
    from datasets import Dataset
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
        trainer.train()
        tokens = max(entry.get("num_tokens", 0) for entry in trainer.state.log_history)
        return tokens / (time.process_time() - start)


if __name__ == "__main__":
    main()
