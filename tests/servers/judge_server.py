"""A local server that speaks OpenAI's and Anthropic's wire formats and plays faults; run it as its own process.

python tests/servers/judge_server.py --latency 0.05 --faults 0.2   prints its port, then serves until it is killed.

Which fault a request meets depends on its text alone, so that two runs meet the same ones. Passing faults (429 with
Retry-After, 500, 529, a connection dropped in mid-body, an answer that is no JSON, with --hang a call that hangs) hit the first try only; lasting ones
(refusal, an answer cut at its limit, empty content) hit every try. A share `--refused` of the texts is answered with 400
whenever it is asked. `GET /stats` tells what was asked and answered. The Batch APIs are in batch_api.py.
"""

import argparse
import asyncio
import hashlib
import json
import math
import re
import time
from collections import Counter
from contextlib import suppress
from functools import partial

from aiohttp import web
from batch_api import BatchAPI

PASSING = ("rate", "error", "overload", "drop", "garbage", "chatty", "unfit")
LASTING = ("refusal", "cut", "empty")
CODES = ("SR", "CR", "Q", "AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront")


class Server:
    def __init__(self, latency, faults, hang, refused=0.0, *, anew=False):
        self.anew = anew
        self.latency, self.faults, self.hang, self.refused = latency, faults, hang, refused
        self.ready, self.started = 0.0, time.time_ns()
        self.asked, self.answered, self.in_flight, self.most = Counter(), Counter(), 0, 0
        self.headers_seen = set()

    def fault(self, digest, number):
        """The fault this text meets when it is asked for the `number`th time, or None."""
        if self.anew:
            digest = hashlib.sha256(f"{digest}{number}{self.started}".encode()).hexdigest()
            kinds = PASSING + LASTING
            return kinds[int(digest[8:16], 16) % len(kinds)] if int(digest[:8], 16) / 0xFFFFFFFF < self.faults else None
        if int(digest[-8:], 16) / 0xFFFFFFFF < self.refused:
            return "bad"
        if int(digest[:8], 16) / 0xFFFFFFFF >= self.faults:
            return None
        kinds = PASSING + (("hang",) if self.hang else ()) + LASTING
        kind = kinds[int(digest[8:16], 16) % len(kinds)]
        return None if kind not in LASTING and number > 1 else kind

    async def chat(self, request):
        body = await request.json()
        system, users = chat_prompt(body)
        if body.get("logprobs") and body["model"] == "unable":
            return web.json_response({"error": {"message": "logprobs are not supported"}}, status=400)
        weighed = body.get("logprobs") and body["model"] != "deaf"
        return await self.serve(request, body, system, users, partial(_weighed, system) if weighed else _completion)

    async def responses(self, request):
        body = await request.json()
        return await self.serve(request, body, *responses_prompt(body), _response)

    async def messages(self, request):
        body = await request.json()
        return await self.serve(request, body, *messages_prompt(body), _message)

    async def serve(self, request, body, system, users, shape):
        if wrong_key(request):
            return web.json_response(WRONG_KEY, status=401)
        if body["model"] == "missing":
            return web.json_response({"error": {"type": "not_found", "message": "no such model"}}, status=404)
        digest = digest_of(system, users)
        self.asked[digest] += 1
        number = self.asked[digest]  # as it comes: others ask the same meanwhile
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            await asyncio.sleep(self.latency)
            return await self.answer(request, body, system, users, shape, digest, number)
        finally:
            self.in_flight -= 1

    async def answer(self, request, body, system, users, shape, digest, number):
        if time.monotonic() < self.ready:
            return web.json_response({"error": {"message": "loading the model"}}, status=503)
        kind = self.fault(digest, number)
        if kind == "bad":
            return web.json_response({"error": {"type": "invalid_request_error", "message": REFUSED}}, status=400)
        if kind == "rate":
            return web.json_response({"error": {"message": "slow down"}}, status=429, headers={"Retry-After": "0.05"})
        if kind in ("error", "overload"):
            return web.json_response({"error": {"message": "trouble"}}, status=500 if kind == "error" else 529)
        if kind == "drop":
            response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
            with suppress(ConnectionError):  # a client may have been killed meanwhile
                await response.prepare(request)
                await response.write(b'{"id": "x", "cho')
                request.transport.close()
            return response
        if kind == "garbage":
            return web.Response(text="<html>not json</html>", content_type="application/json")
        if kind == "hang":
            await asyncio.sleep(self.hang)
            return web.json_response({"error": {"message": "too late"}}, status=500)
        return web.json_response(self.judged(body, system, users, shape, digest, kind))

    def judged(self, body, system, users, shape, digest, kind):
        """The answer, in the shape of its API: what is paid for, alone or in a batch."""
        self.answered[digest] += 1
        text = _judgement(system, users[0], digest)
        if kind == "chatty":
            text = f"Here is my coding:\n```json\n{text}\n```\nI hope this helps."
        if kind == "unfit" and len(users) == 1:
            text = text.replace('"depth": ', '"depth": 999').replace('"rating": ', '"rating": 9')
        if kind == "cut":
            return shape(body, text[: len(text) // 2], "cut")
        if kind in ("refusal", "empty"):
            return shape(body, "" if kind == "empty" else "I cannot help with that.", kind)
        return shape(body, text, "stop")

    def in_batch(self, body, prompt, shape):
        """(status, answer or words of the error) of one request in a batch; every passing fault is an error there."""
        system, users = prompt(body)
        digest = digest_of(system, users)
        self.asked[digest] += 1
        kind = self.fault(digest, self.asked[digest])
        if kind == "bad":
            return 400, REFUSED
        if kind in ("rate", "error", "overload", "drop"):
            return {"rate": 429, "overload": 529}.get(kind, 500), "trouble"
        if kind == "garbage":
            return 200, "<html>not json</html>"
        return 200, self.judged(body, system, users, shape, digest, kind)

    async def stats(self, request):
        return web.json_response(
            {
                "asked": self.asked,
                "answered": self.answered,
                "most": self.most,
                "total": self.asked.total(),
                "batches": [len(batch.requests) for batch in self.batches.made.values()],
            }
        )

    async def settings(self, request):
        """Change faults while running."""
        found = await request.json()
        self.faults, self.latency = found.get("faults", self.faults), found.get("latency", self.latency)
        self.batches.polls = found.get("polls", self.batches.polls)
        self.batches.slow = found.get("slow", self.batches.slow)
        return web.json_response({})


REFUSED = "the prompt is too long"
WRONG_KEY = {"error": {"type": "authentication_error", "message": "bad key wrong"}}


def wrong_key(request):
    return request.headers.get("Authorization", "").endswith("wrong") or request.headers.get("x-api-key") == "wrong"


def digest_of(system, users):
    return hashlib.sha256((system + users[0]).encode()).hexdigest()


def chat_prompt(body):
    """(system, what the user said in each turn)."""
    system = next(m["content"] for m in body["messages"] if m["role"] == "system")
    return system, [m["content"] for m in body["messages"] if m["role"] == "user"]


def responses_prompt(body):
    return body["instructions"], [turn["content"] for turn in body["input"] if turn["role"] == "user"]


def messages_prompt(body):
    users = [turn["content"] for turn in body["messages"] if turn["role"] == "user"]
    return body["system"][0]["text"], users


def _judgement(system, user, digest):
    """A judgement that fits the prompt, made from the text's digest."""
    pick = int(digest[16:24], 16)
    if "added_meaning" in system:
        shares = dict.fromkeys(CODES, 0) | {"SR": pick % 60, "CR": pick % 41, CODES[2 + pick % 8]: pick % 90}
        return json.dumps(
            {"added_meaning": "…", "depth": pick % 9, "evidence": [], "shares": shares}, ensure_ascii=False
        )
    if '"utterances"' in system:
        fence = re.search(r"═══ \w+ ═══", user).group()
        reply = user.split(fence)[-2].strip()
        code = [*CODES, None][pick % 11]
        return json.dumps({"utterances": [{"quote": reply, "code": code}]}, ensure_ascii=False)
    if "noticed" in system:
        return json.dumps({q: {"answer": "yes" if pick >> n & 1 else "no", "quote": ""} for n, q in
                           enumerate(("noticed", "responded", "directed", "worsened"))})  # fmt: skip
    return json.dumps({"evidence_for": [], "evidence_against": [], "rating": 1 + pick % 5})


def tops(system, digest):
    """First tokens and their probabilities, made from the text's digest: yes and no as tokenizers spell them, and others.

    About one in sixty puts nearly everything on other words.
    """
    words = ("是", " 是", "否", "no") if "是或否" in system else ("Yes", " yes", "no", "否")
    yes = int(digest[16:20], 16) / 0xFFFF
    rest = 0.97 if int(digest[24:28], 16) % 60 == 0 else 0.02
    parts = (0.7 * yes, 0.3 * yes, 0.9 * (1 - yes), 0.1 * (1 - yes))
    found = [(word, p * (1 - rest)) for word, p in zip(words, parts, strict=True)] + [
        ("The", 0.9 * rest),
        ("Not", 0.1 * rest),
    ]
    return sorted(found, key=lambda entry: -entry[1])


def _weighed(system, body, text, how):
    """A completion of one token, which is always cut at its limit, with the tokens that might have stood there."""
    completion = _completion(body, "?", "refusal" if how == "refusal" else "cut")
    digest = hashlib.sha256((system + body["messages"][1]["content"]).encode()).hexdigest()
    told = tops(system, digest) if text else []
    entries = [{"token": token, "logprob": math.log(p) if p else -9999.0, "bytes": None} for token, p in told]
    content = [{**entries[0], "top_logprobs": entries}] if entries else []
    completion["choices"][0]["logprobs"] = {"content": content, "refusal": None}
    completion["usage"]["completion_tokens"] = 1
    return completion


def _usage(body):
    return len(json.dumps(body)) // 4, 60


def _completion(body, text, how):
    prompt, answer = _usage(body)
    reason = {"cut": "length", "refusal": "content_filter"}.get(how, "stop")
    return {
        "id": "c", "object": "chat.completion", "created": 0, "model": body["model"],
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer,
                  "prompt_tokens_details": {"cached_tokens": prompt // 2}},
    }  # fmt: skip


def _response(body, text, how):
    prompt, answer = _usage(body)
    part = (
        {"type": "refusal", "refusal": text}
        if how == "refusal"
        else {"type": "output_text", "text": text, "annotations": []}
    )
    return {
        "id": "r", "object": "response", "created_at": 0, "model": body["model"], "parallel_tool_calls": False,
        "tool_choice": "auto", "tools": [], "status": "incomplete" if how == "cut" else "completed",
        "output": [{"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": [part]}],
        "usage": {"input_tokens": prompt, "output_tokens": answer, "total_tokens": prompt + answer,
                  "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}},
    }  # fmt: skip


def _message(body, text, how):
    prompt, answer = _usage(body)
    reason = {"cut": "max_tokens", "refusal": "refusal"}.get(how, "end_turn")
    return {
        "id": "m", "type": "message", "role": "assistant", "model": body["model"],
        "content": [{"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "text", "text": text}],
        "stop_reason": reason, "stop_sequence": None,
        "usage": {"input_tokens": prompt // 2, "output_tokens": answer, "cache_read_input_tokens": prompt - prompt // 2,
                  "cache_creation_input_tokens": 0},
    }  # fmt: skip


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--hang", type=float, default=0.0, help="seconds that a hanging call takes; 0: no call hangs")
    parser.add_argument("--start", type=float, default=0.0, help="seconds from its start in which it is not ready: 503")
    parser.add_argument("--refused", type=float, default=0.0)
    parser.add_argument("--polls", type=int, default=0, help="looks that a batch takes to end")
    parser.add_argument(
        "--expired", type=float, default=0.0, help="share of questions that expire in their first batch"
    )
    parser.add_argument("--slow", type=float, default=0.0, help="seconds that making a batch takes, before and after")
    parser.add_argument(
        "--trouble", action="store_true", help="each batch call meets 429 or 500 and a dropped connection first"
    )
    parser.add_argument("--anew", action="store_true", help="every try of a text meets a fault or none by chance")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    options = parser.parse_args()
    server = Server(options.latency, options.faults, options.hang, options.refused, anew=options.anew)
    server.ready = time.monotonic() + options.start
    app = web.Application(client_max_size=2**28)
    shapes = {
        "/v1/chat/completions": (chat_prompt, _completion),
        "/v1/responses": (responses_prompt, _response),
        "/v1/messages": (messages_prompt, _message),
    }
    server.batches = BatchAPI(server, shapes, wrong_key, WRONG_KEY, options)
    server.batches.add_routes(app)
    app.router.add_post("/v1/chat/completions", server.chat)
    app.router.add_post("/v1/responses", server.responses)
    app.router.add_post("/v1/messages", server.messages)
    app.router.add_get("/stats", server.stats)
    app.router.add_post("/settings", server.settings)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", options.port, backlog=1024, reuse_address=True)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
