"""Write prices.yaml anew from the data of genai-prices: python judges/update_prices.py (after pip install genai-prices).

Takes OpenAI's and Anthropic's models that read and write text. Both sell batches at half the price; genai-prices does not
say so, the providers' documentation does.
"""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HEAD = """\
# US dollars for a million tokens, by provider/model. A dated name (…-2026-03-05) falls back to its undated one.
# `cached_input`: tokens read from the provider's prompt cache; `cache_write`: tokens written to it; `batch`: share of the
# price that a batch costs. Long prompts may cost more than this; a judge's prompt is short.
# Written by update_prices.py from genai-prices {version} on {date}: a community's table, not the providers' own pages.
# Prices change: check them, and override this table with --prices FILE of the same form. An unknown price is said, never guessed.
"""
TOKENS = 1000  # below every tier
NO_CHAT = (
    ":", "image", "audio", "realtime", "tts", "transcribe", "embedding", "whisper", "search", "codex", "davinci",
    "curie", "babbage", "ada", "instruct", "computer", "gpt-3.5", "oss",
)  # fmt: skip


def main() -> None:
    """Read the installed table and write ours."""
    from genai_prices.data import providers

    today = datetime.now(tz=UTC).date()
    lines = [HEAD.format(version=version("genai-prices"), date=today)]
    for provider in providers:
        if provider.id not in ("openai", "anthropic"):
            continue
        for model in provider.models:
            prices = _prices(provider.id, model.id)
            if prices:
                numbers = ", ".join(f"{key}: {value:g}" for key, value in prices.items())
                about = f"batch: 0.5, as_of: '{today}', source: genai-prices"
                lines.append(f"{provider.id}/{model.id}: {{{numbers}, {about}}}\n")
    Path(__file__).with_name("prices.yaml").write_text("".join(lines), encoding="utf-8")


def _prices(provider: str, model: str) -> dict[str, float]:
    """Dollars for a million tokens; empty for what is no chat model."""
    from genai_prices import Usage, calc_price

    if any(word in model for word in NO_CHAT):
        return {}

    def per_million(**tokens: int) -> float:
        price = calc_price(Usage(**tokens), model_ref=model, provider_id=provider).total_price
        return round(float(price) * 1e6 / TOKENS, 6)

    try:
        plain, out = per_million(input_tokens=TOKENS), per_million(output_tokens=TOKENS)
        read = per_million(input_tokens=TOKENS, cache_read_tokens=TOKENS)
        written = per_million(input_tokens=TOKENS, cache_write_tokens=TOKENS)
    except (LookupError, ValueError):
        return {}
    found = {"input": plain, "output": out} if plain and out else {}
    extra = {"cached_input": read, "cache_write": written} if found else {}
    return found | {key: value for key, value in extra.items() if value not in (0, plain)}


if __name__ == "__main__":
    main()
