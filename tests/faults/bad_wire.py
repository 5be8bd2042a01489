"""A wire to the store that can be made bad: slow, away, answers of 503 or none, connections cut in the middle."""

import contextlib
import random
import socket
import threading
import time
from collections import Counter

STALL_S = 3.0
ANSWER = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CHUNK = 1 << 16


class BadWire:
    """A context manager that forwards to a port of this machine; `share` of the connections meet with harm."""

    def __init__(self, port: int, *, seed: int) -> None:
        self._target = ("127.0.0.1", port)
        self._random = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.share = 0.0
        self.rate = 0
        """Bytes a second that all connections together carry to the store; 0 for as many as they can."""
        self.away = False
        """Whether every connection ends, and no other comes about."""
        self.harm: Counter[str] = Counter()
        self._line = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> "BadWire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        if self.away:
            near.close()
            return
        kind = self._random.choice(["refuse", "stall", "cut"]) if self._random.random() < self.share else ""
        with near, contextlib.suppress(OSError):
            if kind:
                self.harm[kind] += 1
            if kind == "refuse":
                near.recv(CHUNK)
                near.sendall(ANSWER)
                return
            if kind == "stall":
                time.sleep(STALL_S)
                return
            with socket.create_connection(self._target) as far:
                limit = self._random.randrange(200, 20_000) if kind == "cut" else None
                back = threading.Thread(target=self._pump, args=(far, near, limit), daemon=True)
                back.start()
                self._pump(near, far, None)
                back.join()

    def _pump(self, source: socket.socket, sink: socket.socket, limit: int | None) -> None:
        """Hand on until either side ends, or so many bytes have passed."""
        passed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if self.away:
                    break
                if self.rate and sink.getpeername() == self._target:
                    with self._line:
                        time.sleep(len(data) / self.rate)
                sink.sendall(data)
                passed += len(data)
                if limit is not None and passed > limit:
                    break
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
