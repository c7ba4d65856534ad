"""The server: an ASGI application around the rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Final, Self, TextIO, Unpack

from ._asgi import Message, Receive, Send, compress, decline, read
from ._auth import ALL_SCOPES, Token, TokenKind
from ._behaviour import Behaviour, MockOptions
from ._clock import Clock, instant
from ._delivery import break_off, deliver
from ._effect import Disconnected, Effect
from ._example import fill
from ._fault import Chooser, Fault, FaultOptions, Script
from ._faults import FaultLayer
from ._gate import Gate
from ._http import Request, Response
from ._loading import read_world
from ._records import RecordedRequest, Recorder
from ._saving import written
from ._state import MockOwner
from ._world import World

__all__ = ["MockGitHub"]


class MockGitHub:
    """The GitHub Packages REST API with a memory, as an ASGI application.

    It starts with one user, `octocat`, who owns `token`. Add organisations, packages and versions, then pass it to
    `httpx.ASGITransport(app=server)` or serve it with `running` or `serve`. `Behaviour` explains the options.
    """

    def __init__(self, **options: Unpack[MockOptions]) -> None:
        self.behaviour = Behaviour(**options)
        self._gate = Gate(World.empty(self.behaviour))
        self._recorder: Final = Recorder(self._gate.login)
        self._faults: Final = FaultLayer(self._recorder, self.handle)
        self._gate.world.token = self.add_token()

    @classmethod
    def octo_org(cls, *, seed: int = 0, **options: Unpack[MockOptions]) -> Self:
        """Make a server that holds the example organisation `octo-org`, always the same for a seed."""
        server = cls(**options)
        fill(server, seed)
        return server

    @classmethod
    def load(cls, source: str | PathLike[str] | TextIO, **options: Unpack[MockOptions]) -> Self:
        """Make a server with what `save` wrote to a file, or with what somebody wrote by hand.

        The file is a JSON object; keys that are left out, or null, get what the methods that add things give by
        default. This is an organisation with one package of two versions:
        `{"owners": [{"login": "acme", "packages": [{"type": "npm", "name": "a", "versions": [{}, {}]}]}]}`

        - The file: `format` (1), `owners`, `tokens`, `user` (the login of the authenticated user, `octocat`), `token`
          (the value of `MockGitHub.token`, the first of `tokens`). Without `tokens` there is one with all scopes.
          `anonymous_rate` and `next` continue what was counted.
        - An owner: `login`, `type` (`Organization` or `User`), `id`, `former_names`, `members` (an object of roles by
          login; by default the user administers an organisation), `repositories`, `packages`.
        - A repository: `name`, `id`, `private`, `description`.
        - A package: `type`, `name`, `id`, `visibility`, `repository`, `created_at`, `updated_at`, `deleted_at`,
          `downloads`, `conflict`, `versions`.
        - A version: `id`, `name`, `tags`, `created_at`, `updated_at`, `deleted_at`, `license`, `description`,
          `downloads`. Or many at once, one every `step_seconds` (60): `count`, `first_at`, `downloads`, `tags` (an
          object of lists by index, the oldest's being "0"), `first_id`, `first_number` (of names that are counted),
          `changed` (a list of those that differ, each an object with its `id` and what differs).
        - A token: `token`, `login`, `kind`, `scopes`, `sso_required`, `repositories`, `expires_at`, `rate_limit`,
          `rate_headers`, `rate` (what was counted).

        Dates are strings such as `2026-11-01T00:00:00Z`. Options are not saved: give the same again, `clock` among
        them. A file that can't be meant raises a `ValueError` that says where and why in one line.
        """
        server = cls(**options)
        server._gate.world = read_world(source, server.behaviour)
        return server

    def save(self, target: str | PathLike[str] | TextIO) -> None:
        """Write all that the server knows to a file, from which `load` makes one that gives the same answers.

        Recorded requests and options are not part of it. Many versions that were added at once stay a description;
        only what their `tags` gave is spelt out.
        """
        text = written(self._gate.world)
        if isinstance(target, str | PathLike):
            Path(target).write_text(text, encoding="utf-8", newline="\n")
        else:
            target.write(text)

    @property
    def user(self) -> MockOwner:
        """The authenticated user, owner of `token`."""
        return self._gate.world.user

    @property
    def token(self) -> str:
        """A token with all scopes."""
        return self._gate.world.token

    @property
    def clock(self) -> Clock:
        """Tells the time that deletions, restorations and rate limits go by; may be replaced."""
        return self._gate.world.inventory.clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self._gate.world.inventory.clock = clock

    @property
    def owners(self) -> list[MockOwner]:
        """All organisations and users."""
        return list(self._gate.world.inventory.owners.values())

    def owner(self, login: str) -> MockOwner:
        """Find an organisation or a user."""
        return self._gate.world.owner(login)

    def add_org(
        self,
        login: str,
        *,
        id: int | None = None,  # noqa: A002  (what GitHub calls it)
        admins: Collection[str] | None = None,
        members: Collection[str] = (),
    ) -> MockOwner:
        """Add an organisation; the authenticated user administers it unless others are named."""
        org = self._gate.world.inventory.add_owner("Organization", login, id)
        for member in members:
            org.add_member(member)
        for admin in (self.user.login,) if admins is None else admins:
            org.add_member(admin, role="admin")
        return org

    def add_user(self, login: str, *, id: int | None = None) -> MockOwner:  # noqa: A002  (what GitHub calls it)
        """Add a user; asked for the one who is there from the start, just give them."""
        if id is None and login.lower() == self.user.login.lower():
            return self.user
        return self._gate.world.inventory.add_owner("User", login, id)

    def add_token(
        self,
        token: str | None = None,
        *,
        login: str | None = None,
        scopes: Collection[str] = ALL_SCOPES,
        kind: TokenKind = "classic",
        sso_required: Collection[str] = (),
        repositories: Collection[str] | None = None,
        expires_at: datetime | None = None,
        rate_limit: int | None = None,
        rate_headers: bool = True,
    ) -> str:
        """Add a token, made up if none is given, and return it.

        `login` is its user, by default the authenticated one, or, for an app's token (kind `installation` or
        `actions`), the account that the app is installed on; `repositories` then limits it to packages linked to these.
        `scopes` stand for an app's permissions too. `sso_required` names organisations whose single sign-on the token
        has not passed. `rate_limit` replaces the server's (at most 1,000 for kind `actions`, shared by tokens for the
        same repositories); `rate_headers=False` hides it, as seen with Actions tokens.
        """
        world = self._gate.world
        value = world.made_up_token() if token is None else token
        facts = Token(
            self.user if login is None else self.owner(login),
            kind,
            frozenset((scopes,) if isinstance(scopes, str) else scopes),
            world.window(kind, rate_limit),
            frozenset(org.lower() for org in sso_required),
            None if repositories is None else frozenset(repositories),
            None if expires_at is None else instant(expires_at),
            rate_headers,
            rate_limit,
        )
        world.add_token(value, facts)
        return value

    def revoke_token(self, token: str) -> None:
        """Make a token a bad one."""
        if self._gate.tokens.pop(token, None) is None:
            raise ValueError("there is no such token")

    @property
    def requests(self) -> deque[RecordedRequest]:
        """What was asked, oldest first; only the last 20,000 are kept. Call `clear` to forget them."""
        return self._recorder.requests

    @property
    def in_flight(self) -> int:
        """How many requests are under way."""
        return self._recorder.in_flight

    def clear(self) -> None:
        """Forget the recorded requests."""
        self.requests.clear()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults in force, the outermost first."""
        return self._faults.faults

    def fault(self, what: Fault | Effect | Script | Chooser, **options: Unpack[FaultOptions]) -> Fault:
        """Let something go wrong from now on, and give the fault, which counts and can be removed.

        `what` is an effect of `ghpackages.testing.faults`, a list of effects (one request after the other; None is
        none), a function that chooses one, or a fault such as `parse_fault` gives. `Fault` explains the options: which
        requests are meant, and how many of them it strikes. It lasts until it is removed, which `with` does at its end:

            server.fault(faults.Status(502), operation="list_versions", times=2)
            with server.fault(faults.Reset(), method="DELETE"):
                ...
        """
        return self._faults.add(what, **options)

    def clear_faults(self) -> None:
        """Put an end to all faults."""
        self._faults.clear()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; see https://asgi.readthedocs.io."""
        if scope["type"] != "http":
            await decline(scope, receive, send)
            return
        request = await read(scope, receive)
        record = self._recorder.begin(request, self.clock)
        try:
            await self._answer(request, record, scope, send)
        finally:
            self._recorder.end(record, self.clock)

    async def _answer(self, request: Request, record: RecordedRequest, scope: Message, send: Send) -> None:
        try:
            reply = await self._faults.answer(request, self._gate.world, record)
        except Disconnected as end:
            await break_off(scope, send, reset=end.reset)
            return
        record.status = reply.response.status
        if self.behaviour.compression:
            compress(request, reply.response)
        await deliver(request, reply, scope, send)

    def handle(self, request: Request) -> Response:
        """Answer a request without any I/O."""
        now = self._gate.world.inventory.now()
        response = self._gate.answer(request, now)
        number = self._gate.world.request_ids.take()
        response.headers["date"] = _http_date(now)
        response.headers["server"] = "github.com"
        # Shaped like GitHub's, but counted: the same requests get the same ids.
        response.headers["x-github-request-id"] = f"C0DE:{number:05X}:{number * 7:06X}:{number * 11:06X}:{number:08X}"
        self._recorder.answered(request, response.status, self.clock)
        return response


@lru_cache(maxsize=16)
def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
