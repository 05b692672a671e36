"""A real HTTP server on loopback that answers as it is told: path by path, whole, slowly or never."""

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """Serves `answers`: path to (status, headers, body), to a list of these in turn, or to a function of the handler.

    `asked` are the requests in order, as (path, headers).
    """

    def __init__(self):
        self.answers, self.asked, self.stopping = {}, [], threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5

            def handle(self):
                with suppress(ConnectionError):  # the visitor has hung up
                    super().handle()

            def do_GET(self):
                server.asked.append((self.path, self.headers))
                answer = server.answers.get(self.path, (404, {}, b"no such file"))
                if isinstance(answer, list):
                    answer = answer.pop(0) if len(answer) > 1 else answer[0]
                with suppress(ConnectionError):
                    answer(self) if callable(answer) else self.answer(*answer)

            def answer(self, status, headers, body):
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"" if status == 304 else body)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def stop(self):
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def drip(self, handler, start=b""):
        """Send the start, then a byte every few milliseconds until the other side has had enough."""
        handler.wfile.write(start)
        handler.close_connection = True
        while not self.stopping.wait(0.005):
            handler.wfile.write(b"x")
