"""`provider/model` → a provider."""

from collections.abc import Mapping
from typing import Any

from mibench.cluster import Workers
from mibench.errors import UnknownName, UsageError
from mibench.judging.providers.provider import Provider

PROVIDERS = {
    "openai": "OpenAI's API; OPENAI_API_KEY in the environment",
    "anthropic": "Anthropic's API; ANTHROPIC_API_KEY in the environment",
    "compatible": "any server that speaks OpenAI's API, at --judge-url; MIBENCH_JUDGE_KEY if it wants a key",
    "hf": "a transformers checkpoint in this process",
    "vllm": "a checkpoint on vLLM in this process",
    "scripted": "answers read from a file",
}
"""Name → what it is, for lists and help."""


def load_provider(
    spec: str,
    url: str | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    timeout: float = 600.0,
    workers: Workers | None = None,
) -> Provider:
    """The provider for `spec`, e.g. `anthropic/claude-sonnet-4-5`.

    `settings`: what the model's API takes, over `capabilities`; `timeout`: seconds to wait for an answer over the wire;
    `workers`: where hf/ and vllm/ are to run on a Ray cluster; providers behind an API need none.
    Raises UnknownName with the providers there are; UsageError for a missing model or an address that does not fit.
    """
    kind, slash, model = spec.partition("/")
    if kind not in PROVIDERS:
        raise UnknownName("provider", kind, PROVIDERS, "Write provider/model, e.g. openai/gpt-4.1.")
    if not slash or not model:
        raise UsageError(f"“{spec}” names no model. Write {kind}/MODEL.")
    if url and kind not in ("compatible", "openai"):
        raise UsageError(f"--judge-url goes with compatible/MODEL, not with {kind}.")
    if settings and kind not in ("compatible", "openai", "anthropic"):
        raise UsageError(f"--judge-settings says what an API takes; {kind} is none.")
    if kind == "compatible" and not url:
        raise UsageError("compatible/MODEL needs the server's address: --judge-url http://localhost:8000/v1")
    if workers is not None and kind in ("hf", "vllm"):
        from mibench.judging.providers.on_ray import RayProvider

        return RayProvider(spec, workers)
    return _made(kind, model, url, settings, timeout)


def _made(kind: str, model: str, url: str | None, settings: Mapping[str, Any] | None, timeout: float) -> Provider:
    if kind in ("openai", "compatible"):
        from mibench.judging.providers.openai import OpenAIProvider

        return OpenAIProvider(model, url, settings=settings, timeout=timeout)
    if kind == "anthropic":
        from mibench.judging.providers.anthropic import AnthropicProvider

        return AnthropicProvider(model, settings=settings, timeout=timeout)
    if kind == "hf":
        from mibench.judging.providers.hf import HFProvider

        return HFProvider(model)
    if kind == "vllm":
        from mibench.judging.providers.vllm import VLLMProvider

        return VLLMProvider(model)
    from mibench.judging.providers.scripted import ScriptedProvider

    return ScriptedProvider(model)
