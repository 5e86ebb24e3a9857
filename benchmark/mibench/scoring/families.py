"""Is the judge of the same family as the model it judges? Such judges may favour their own."""

import re

from mibench.schema import Manifest

FAMILIES: dict[str, str] = {
    "OpenAI": r"\bgpt-?\d|\bchatgpt|\bo[1-9](?:-|\b)|gpt-oss",
    "Anthropic": r"claude",
    "Qwen": r"qwen|qwq",
    "Llama": r"llama",
    "GLM": r"glm",
    "DeepSeek": r"deepseek",
    "Mistral": r"mistral|mixtral|ministral",
    "Google": r"gemma|gemini",
    "Baichuan": r"baichuan",
    "InternLM": r"intern(?:lm|vl)",
    "Yi": r"\byi-\d",
    "Kimi": r"kimi|moonshot",
    "Phi": r"\bphi-?\d",
}
"""Family → what its models' names contain. A fine-tuned model belongs to its base's family when its name says so."""


def families_of(name: str) -> set[str]:
    """The families a model's name points to; empty if it points to none."""
    return {family for family, pattern in FAMILIES.items() if re.search(pattern, name, re.IGNORECASE)}


def shared_family(manifest: Manifest, judge: str) -> str | None:
    """The family that the run's model and the judge have in common, or None as far as their names tell."""
    about = " ".join(str(manifest.model.args.get(key, "")) for key in ("pretrained", "model", "peft"))
    common = families_of(about) & families_of(judge)
    return min(common) if common else None
