"""Claims about an API model through lm-eval's own backend, against a local server that speaks the wire format."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mibench.errors import MibenchError
from mibench.generating import GenerationPlan, generate
from mibench.records import RunFolder
from mibench.suites import load_suite

pytest.importorskip("tenacity", reason="needs the api extra")
pytest.importorskip("aiohttp", reason="needs the api extra")


class Handler(BaseHTTPRequestHandler):
    """Chat Completions: answers “您接着说。”, or fails from the n-th request on."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        if self.server.fail_from is not None and len(self.server.asked) >= self.server.fail_from:
            self.send_error(400, "bad request")
            return
        answer = {
            "id": "x", "object": "chat.completion", "created": 0, "model": body["model"],
            "choices": [{"index": 0, "message": {"role": "assistant", "content": "您接着说。"}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }  # fmt: skip
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def server():
    found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.asked, found.fail_from = [], None
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield found
    found.shutdown()


def plan(server):
    url = f"http://127.0.0.1:{server.server_port}/v1/chat/completions"
    arguments = {"base_url": url, "model": "tiny-mi", "tokenizer_backend": None, "max_retries": 1}
    return GenerationPlan(model="local-chat-completions", model_args=arguments, save_every=2)


def test_the_server_gets_real_roles_and_the_run_its_replies(server, small_suite, tmp_path):
    suite, folder = load_suite(small_suite(2)), RunFolder(tmp_path / "run")
    manifest = generate(folder, suite, plan(server))
    roles = sorted([message["role"] for message in body["messages"]] for body in server.asked)
    assert roles == sorted([["system", "user"], ["system", "user", "assistant", "user"]] * 2)
    assert {reply.text for reply in folder.replies().values()} == {"您接着说。"}
    assert manifest.model.revision == "not stated by the backend"


def test_a_failing_server_keeps_what_was_answered_and_the_run_goes_on(server, small_suite, tmp_path):
    suite, folder = load_suite(small_suite(3)), RunFolder(tmp_path / "run")
    server.fail_from = 3
    with pytest.raises(MibenchError, match="failed at round zh-made-02/01"):
        generate(folder, suite, plan(server))
    assert len(folder.replies()) == 2
    server.fail_from = None
    before = len(server.asked)
    generate(folder, suite, plan(server))
    assert len(folder.replies()) == 6
    assert len(server.asked) - before == 4
