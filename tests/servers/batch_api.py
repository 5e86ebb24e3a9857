"""OpenAI's Batch API and Anthropic's Message Batches, as far as judging uses them; part of judge_server.py.

A batch ends at its `polls`-th look after the first (0: at the first); being listed is a look too. Its questions are judged, and so paid for, when it
is made, whether or not anybody ever fetches them. A share `expired` of the questions expires in the first batch it is in.
Models called `unfit-for-batches` fail as a whole, as does a second batch of `small-queue` while one is under way.
"""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime

from aiohttp import web

ANTHROPIC_ERRORS = {400: "invalid_request_error", 429: "rate_limit_error", 529: "overloaded_error"}


class Made:
    """A batch with the outcome of each of its requests: (status, answer or words), or None where it expired."""

    def __init__(self, number, requests, outcomes, metadata=None, endpoint=None, fault=None):
        self.id = f"batch_{number:04d}"
        self.requests, self.outcomes, self.metadata, self.endpoint = requests, outcomes, metadata, endpoint
        self.fault = fault
        self.created, self.looks = datetime.now(UTC), 0


class BatchAPI:
    def __init__(self, server, shapes, wrong_key, wrong_key_answer, options):
        self.server, self.shapes, self.wrong_key, self.wrong_key_answer = server, shapes, wrong_key, wrong_key_answer
        self.polls, self.expired, self.slow, self.trouble = (
            options.polls, options.expired, options.slow, options.trouble,
        )  # fmt: skip
        self.files, self.made, self.tries, self.seen = {}, {}, Counter(), set()

    def add_routes(self, app):
        for method, path, handler in (
            ("POST", "/v1/files", self.upload),
            ("GET", "/v1/files/{id}/content", self.content),
            ("POST", "/v1/batches", self.create),
            ("GET", "/v1/batches", self.listed),
            ("GET", "/v1/batches/{id}", self.retrieve),
            ("POST", "/v1/messages/batches", self.create_messages),
            ("GET", "/v1/messages/batches", self.listed_messages),
            ("GET", "/v1/messages/batches/{id}", self.retrieve_messages),
            ("GET", "/v1/messages/batches/{id}/results", self.results),
        ):
            app.router.add_route(method, path, self.guarded(f"{method} {path}", handler))

    def guarded(self, name, handler):
        """Refuses a wrong key; with `trouble` a call of each kind fails, and the next one's answer is cut off."""

        async def handle(request):
            if self.wrong_key(request):
                return web.json_response(self.wrong_key_answer, status=401)
            self.tries[name] += 1
            n = self.tries[name] if self.trouble else 9
            if n == 1 and "POST" in name:
                return web.json_response({"error": {"message": "trouble"}}, status=500)
            if n == 1:
                return web.json_response({"error": {"message": "slow"}}, status=429, headers={"Retry-After": "0.05"})
            response = await handler(request)
            if n == 2:
                request.transport.close()
            return response

        return handle

    async def make(self, requests, body_of, shape, **more):
        """Judge all requests, slowly if told so."""
        await asyncio.sleep(self.slow)
        fault = self.fault(requests, body_of)
        outcomes = {} if fault else {r["custom_id"]: self.outcome(r["custom_id"], body_of(r), *shape) for r in requests}
        batch = Made(len(self.made) + 1, requests, outcomes, fault=fault, **more)
        self.made[batch.id] = batch
        with suppress(ConnectionError):
            await asyncio.sleep(self.slow)
        return batch

    def fault(self, requests, body_of):
        model = body_of(requests[0])["model"]
        if model == "unfit-for-batches":
            return {"code": "invalid_model", "line": 1, "message": "The model has no batches."}
        busy = any(not self.ended(other) and not other.fault for other in self.made.values())
        if model == "small-queue" and (busy or len(requests) > 30):
            return {"code": "token_limit_exceeded", "line": None, "message": "Enqueued token limit reached."}
        return None

    def outcome(self, key, body, prompt, shape):
        if int(key[:8], 16) / 0xFFFFFFFF < self.expired and key not in self.seen:
            self.seen.add(key)
            return None
        return self.server.in_batch(body, prompt, shape)

    def ended(self, batch):
        return batch.looks > self.polls

    def look(self, request):
        batch = self.made.get(request.match_info["id"])
        if batch is None:
            raise web.HTTPNotFound(text='{"error": {"type": "not_found_error", "message": "no such batch"}}',
                                   content_type="application/json")  # fmt: skip
        batch.looks += 1
        return batch

    def newest_first(self):
        for batch in self.made.values():
            batch.looks += 1
        return reversed(self.made.values())

    # OpenAI

    async def upload(self, request):
        form = await request.post()
        assert form["purpose"] == "batch"
        id_ = f"file-{len(self.files) + 1}"
        self.files[id_] = form["file"].file.read()
        return web.json_response({"id": id_, "object": "file", "bytes": len(self.files[id_]), "created_at": 0,
                                  "filename": "mibench.jsonl", "purpose": "batch", "status": "processed"})  # fmt: skip

    async def create(self, request):
        told = await request.json()
        requests = [json.loads(line) for line in self.files[told["input_file_id"]].splitlines()]
        assert {entry["url"] for entry in requests} == {told["endpoint"]}
        batch = await self.make(
            requests, lambda entry: entry["body"], self.shapes[told["endpoint"]],
            metadata=told.get("metadata"), endpoint=told["endpoint"],
        )  # fmt: skip
        return web.json_response(self.openai(batch))

    async def listed(self, request):
        found = [self.openai(batch) for batch in self.newest_first()]
        after = request.query.get("after")
        start = next((n + 1 for n, batch in enumerate(found) if batch["id"] == after), 0)
        page = found[start : start + 3]  # small pages, so that the SDK has to turn them
        more = start + 3 < len(found)
        return web.json_response({"object": "list", "data": page, "has_more": more})

    async def retrieve(self, request):
        return web.json_response(self.openai(self.look(request)))

    def openai(self, batch):
        ended = self.ended(batch)
        status = "failed" if batch.fault else "completed" if ended else "in_progress"
        good = [key for key, outcome in batch.outcomes.items() if outcome and outcome[0] == 200]
        bad = [key for key in batch.outcomes if key not in good]
        done = ended and not batch.fault
        return {
            "id": batch.id, "object": "batch", "endpoint": batch.endpoint, "completion_window": "24h",
            "created_at": int(batch.created.timestamp()), "input_file_id": "file-x", "metadata": batch.metadata,
            "status": status, "errors": {"object": "list", "data": [batch.fault]} if batch.fault else None,
            "output_file_id": f"{batch.id}-good" if good and done else None,
            "error_file_id": f"{batch.id}-bad" if bad and done else None,
            "request_counts": {"total": len(batch.requests), "completed": len(good) if done else 0, "failed": 0},
        }  # fmt: skip

    async def content(self, request):
        id_, _, which = request.match_info["id"].partition("-")
        lines = []
        for key, outcome in reversed(self.made[id_].outcomes.items()):
            status, answer = outcome or (0, "")
            if (status == 200) != (which == "good"):
                continue
            if outcome is None:
                said = {"response": None, "error": {"code": "batch_expired", "message": "This request expired."}}
            else:
                body = answer if status == 200 else {"error": {"message": answer}}
                said = {"response": {"status_code": status, "request_id": "r", "body": body}, "error": None}
            lines.append(json.dumps({"id": f"batch_req_{key[:6]}", "custom_id": key, **said}) + "\n")
        return web.Response(text="".join(lines), content_type="application/octet-stream")

    # Anthropic

    async def create_messages(self, request):
        told = await request.json()
        batch = await self.make(told["requests"], lambda entry: entry["params"], self.shapes["/v1/messages"])
        return web.json_response(self.anthropic(request, batch))

    async def listed_messages(self, request):
        found = [self.anthropic(request, batch) for batch in self.newest_first()]
        after = request.query.get("after_id")
        start = next((n + 1 for n, batch in enumerate(found) if batch["id"] == after), 0)
        page = found[start : start + 3]
        ids = {"first_id": page[0]["id"], "last_id": page[-1]["id"]} if page else {"first_id": None, "last_id": None}
        return web.json_response({"data": page, "has_more": start + 3 < len(found), **ids})

    async def retrieve_messages(self, request):
        return web.json_response(self.anthropic(request, self.look(request)))

    def anthropic(self, request, batch):
        ended = self.ended(batch)
        counts = dict.fromkeys(("canceled", "errored", "expired", "processing", "succeeded"), 0)
        for outcome in batch.outcomes.values():
            what = "expired" if outcome is None else "succeeded" if outcome[0] == 200 else "errored"
            counts[what if ended else "processing"] += 1
        at = batch.created.isoformat()
        url = f"{request.url.origin()}/v1/messages/batches/{batch.id}/results"
        return {
            "id": batch.id, "type": "message_batch", "created_at": at, "expires_at": at, "archived_at": None,
            "cancel_initiated_at": None, "ended_at": at if ended else None, "request_counts": counts,
            "processing_status": "ended" if ended else "in_progress", "results_url": url if ended else None,
        }  # fmt: skip

    async def results(self, request):
        batch = self.made[request.match_info["id"]]
        lines = []
        for key, outcome in reversed(batch.outcomes.items()):
            if outcome is None:
                result = {"type": "expired"}
            elif outcome[0] != 200 or isinstance(outcome[1], str):
                error = {"type": ANTHROPIC_ERRORS.get(outcome[0], "api_error"), "message": outcome[1]}
                result = {"type": "errored", "error": {"type": "error", "error": error}}
            else:
                result = {"type": "succeeded", "message": outcome[1]}
            lines.append(json.dumps({"custom_id": key, "result": result}) + "\n")
        return web.Response(text="".join(lines), content_type="application/x-jsonl")
