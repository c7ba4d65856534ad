"""The ways in which the wire of `chaos` fails, by name."""

import gzip
import json
import random
import re
from collections.abc import Callable, Mapping
from functools import partial

import httpx
from attrs import frozen
from tests.core.wire import package, version
from tests.transport.loopback import Asked


@frozen
class Exchange:
    """A request, what the server answers to it, and what a fault may need beside."""

    asked: Asked
    reply: httpx.Response
    choose: random.Random
    elsewhere: str

    def say(
        self, *lines: str, body: bytes | None = None, status: object = None, framing: str = "Content-Length: {}"
    ) -> bytes:
        """The answer in bytes, with other headers, body or status if wanted."""
        body = self.reply.content if body is None else body
        kept = [f"{name}: {self.reply.headers[name]}" for name in ("date", "link") if name in self.reply.headers]
        kind = [] if any(line.startswith("Content-Type") for line in lines) else ["Content-Type: application/json"]
        head = [f"HTTP/1.1 {status or self.reply.status_code} Because", *kept, *kind, *lines]
        return "\r\n".join([*head, framing.format(len(body))]).encode("latin-1") + b"\r\n\r\n" + body


Spoil = Callable[[Exchange], bytes]
BEFORE, AFTER, EITHER = (False,), (True,), (False, True)


@frozen
class Fault:
    """A way in which the wire fails.

    Attributes:
        spoil: Gives what is sent.
        end: What becomes of the connection then: nothing, "hang-up", "reset" or "silence"; or it is sent "slowly".
        works: Whether the server may have done what was asked. What a client may take for the truth is sent only after
            it did, and what refuses only before.
        has_body: Whether there must be a body: instead of a 204 it is a 500.
        fits: Tells whether the fault can be told from the truth.
    """

    spoil: Spoil
    end: str = ""
    works: tuple[bool, ...] = EITHER
    has_body: bool = False
    fits: Callable[[Asked], bool] = lambda asked: True


def chunks(exchange: Exchange, end: str = "0\r\n\r\n") -> bytes:
    body = exchange.reply.content
    parts = [part for part in (body[: len(body) // 2], body[len(body) // 2 :]) if part]
    sent = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + end.encode()
    return exchange.say(body=sent, framing="Transfer-Encoding: chunked")


def in_body(data: bytes) -> bytes:
    head, gap, body = data.partition(b"\r\n\r\n")
    return head + gap + body[: len(body) // 2]


CUTS: Mapping[str, tuple[Spoil, bool]] = {
    "before the answer": (lambda it: b"", False),
    "in the status line": (lambda it: it.say()[:7], False),
    "in the headers": (lambda it: it.say().partition(b"\r\n\r\n")[0][:-9], False),
    "in the body": (lambda it: in_body(it.say()), True),
    "in a chunk": (lambda it: in_body(chunks(it)), True),
    "before the last byte": (lambda it: it.say()[:-1], False),
}


def encoded(encoding: str, encode: Callable[[bytes], bytes]) -> Spoil:
    return lambda it: it.say(f"Content-Encoding: {encoding}", body=encode(it.reply.content))


def members(body: bytes) -> bytes:
    return gzip.compress(body[:9]) + gzip.compress(body[9:])


def said(status: int, body: bytes = b'{"message": "Server Error"}', *lines: str) -> Spoil:
    return lambda it: it.say(*lines, body=body, status=status)


def page(status: int) -> Spoil:
    return said(status, b"<!DOCTYPE html><html><h1>Unicorn!</h1></html>", "Content-Type: text/html")


def echo(status: int) -> Spoil:
    """The request, in the message and in a header."""
    return lambda it: said(
        status,
        json.dumps({"message": it.asked.raw.decode("latin-1")}).encode(),
        f"X-GitHub-Request-Id: {it.asked.headers.get('authorization')}",
    )(it)


def echoed(it: Exchange) -> bytes:
    """The true answer, and the request in each object of it."""
    content = json.loads(it.reply.content)
    for each in content if isinstance(content, list) else [content]:
        each["echo"] = it.asked.raw.decode("latin-1")
    return it.say(body=json.dumps(content).encode())


def redirect(place: str) -> Spoil:
    return lambda it: it.say(
        f"Location: {place.format(here=it.asked.headers['host'], elsewhere=it.elsewhere, target=it.asked.target)}",
        body=b"",
        status=302,
    )


def another_answer(it: Exchange) -> bytes:
    """The answer, and one that nobody asked for."""
    lies = [said(404, b'{"message": "Package version not found."}'), said(200, b"[]"), said(204, b"")]
    return it.say() + it.choose.choice(lies)(it)


def is_about_version(asked: Asked) -> bool:
    return re.search(r"/versions/\d+$", asked.target) is not None


LIMITED = b'{"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}'
LARGE = gzip.compress(b'"' + b"x" * 17 * 2**20 + b'"')
LOOP = "/loop"

FAULTS: Mapping[str, Fault] = {
    **{
        f"{end} {where}": Fault(cut, end, has_body=has_body)
        for end in ("reset", "hang-up", "silence")
        for where, (cut, has_body) in CUTS.items()
    },
    "Content-Length too large": Fault(lambda it: it.say(framing="Content-Length: 1{}"), "hang-up", has_body=True),
    "Content-Length too small": Fault(lambda it: it.say(framing="Content-Length: 5"), has_body=True),
    "more bytes than Content-Length": Fault(lambda it: it.say() + b"more", works=AFTER),
    "another answer after it": Fault(another_answer, works=AFTER),
    "a bad chunk size": Fault(lambda it: chunks(it).replace(b"\r\n\r\n", b"\r\n\r\nx", 1), has_body=True),
    "no last chunk": Fault(partial(chunks, end=""), "hang-up", has_body=True),
    "trailers": Fault(partial(chunks, end="0\r\nX-Trailer: x\r\n\r\n"), works=AFTER, has_body=True),
    "gzip": Fault(encoded("gzip", gzip.compress), works=AFTER),
    "gzip of two members": Fault(encoded("gzip", members), works=AFTER),
    "gzip cut off": Fault(encoded("gzip", lambda body: gzip.compress(body)[:-9]), has_body=True),
    "no gzip": Fault(encoded("gzip", lambda body: body), has_body=True),
    "two encodings": Fault(encoded("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))), has_body=True),
    "unknown encoding": Fault(encoded("zip", lambda body: body), has_body=True),
    "more than 16 MiB": Fault(encoded("gzip", lambda body: LARGE), has_body=True),
    "truncated JSON": Fault(lambda it: it.say(body=it.reply.content[:-3]), has_body=True),
    **{f"{body} with 200": Fault(said(200, body.encode())) for body in ("{}", "null", "5", '{"message": "x"}')},
    "[] with 200": Fault(said(200, b"[]"), fits=lambda asked: "page=" not in asked.target),
    **{f"web page with {status}": Fault(page(status)) for status in (200, 403, 404, 502, 503)},
    "404 of a gateway": Fault(said(404, b'{"message": "Not Found"}'), works=BEFORE),
    "404 without a body": Fault(said(404, b"")),
    **{f"{status}": Fault(said(status)) for status in (500, 502, 503, 504)},
    **{f"{status} without a body": Fault(said(status, b"")) for status in (500, 502, 503, 504)},
    "503 with Retry-After": Fault(said(503, b"", "Retry-After: 7")),
    **{
        f"secondary limit {status}": Fault(said(status, LIMITED, "Retry-After: 7"), works=BEFORE)
        for status in (403, 429)
    },
    "100 before it": Fault(lambda it: b"HTTP/1.1 100 Continue\r\n\r\n" + it.say(), works=AFTER),
    "103 before it": Fault(lambda it: b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + it.say(), works=AFTER),
    "a header of 100 kB": Fault(lambda it: it.say(f"X-Long: {'x' * 100_000}"), works=AFTER),
    "a header without a colon": Fault(lambda it: it.say("X-None"), works=AFTER),
    "300 headers": Fault(lambda it: it.say(*(f"X-{number}: x" for number in range(300))), works=AFTER),
    "garbage": Fault(lambda it: b"\x16\x03\x01 no http at all\r\n\r\n"),
    "HTTP/1.0": Fault(lambda it: it.say().replace(b"HTTP/1.1", b"HTTP/1.0", 1), "hang-up", works=AFTER),
    "Connection: close": Fault(lambda it: it.say("Connection: close"), "hang-up", works=AFTER),
    "redirect elsewhere": Fault(redirect("{elsewhere}{target}"), works=BEFORE),
    "redirect with a password": Fault(redirect("http://user:password@{here}{target}"), works=BEFORE),
    "redirect in a loop": Fault(redirect(LOOP), works=BEFORE),
    "another version": Fault(
        lambda it: it.say(body=json.dumps(version(9)).encode(), status=200),
        fits=lambda asked: asked.method == "GET" and is_about_version(asked),
    ),
    "another package": Fault(
        lambda it: it.say(body=json.dumps(package(9)).encode(), status=200),
        fits=lambda asked: asked.method == "GET" and asked.target.rpartition("/")[0].endswith("/npm"),
    ),
    "a message of 100 kB": Fault(said(500, json.dumps({"message": "One line.\n" * 10_000}).encode())),
    "the request in the message": Fault(echo(500)),
    "the request in a refusal": Fault(echo(403), works=BEFORE),
    "the request in a result": Fault(echoed, works=AFTER, has_body=True),
    "one byte at a time": Fault(Exchange.say, "slowly", works=AFTER),
}

LIES = [name for name in FAULTS if "404" in name or name in {"another version", "another package"}]
"""What could be taken for evidence where a change is in doubt."""
TRIED = [name for name in FAULTS if name != "another package"]  # it is noticed in look-ups only
"""What any answer is spoilt by."""
