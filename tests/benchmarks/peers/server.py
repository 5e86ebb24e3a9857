"""One answer that every tool can read, after LATENCY seconds, over OpenAI's chat completions; `/stats` tells what was seen."""

import asyncio
import json
import sys
import time

from aiohttp import web

JUDGEMENT = {
    "added_meaning": "nothing", "depth": 0, "evidence": [], "score": 7, "pass": True, "reason": "it reflects",
    "shares": dict.fromkeys(("SR", "CR", "Q", "AF", "Seek", "Emphasize", "GI", "PwP", "Persuade", "Confront"), 0) | {"SR": 90},
}  # fmt: skip
TEXT = "GRADE: C\n" + json.dumps(JUDGEMENT)
seen = {"total": 0, "first": None, "last": None, "now": 0, "most": 0}


async def chat(request):
    body = await request.json()
    seen["first"] = seen["first"] or time.time()
    seen["now"] += 1
    seen["most"] = max(seen["most"], seen["now"])
    await asyncio.sleep(float(sys.argv[1]))
    seen["now"] -= 1
    seen["total"] += 1
    seen["last"] = time.time()
    message = {"role": "assistant", "content": TEXT}
    return web.json_response({
        "id": "c", "object": "chat.completion", "created": 0, "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960},
    })  # fmt: skip


async def stats(request):
    return web.json_response(seen)


async def forget(request):
    seen.update(total=0, first=None, last=None, now=0, most=0)
    return web.json_response({})


async def main():
    app = web.Application(client_max_size=2**26)
    app.router.add_post("/v1/chat/completions", chat)
    app.router.add_get("/stats", stats)
    app.router.add_post("/forget", forget)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
