"""Clients that leave before they have their answer, at the level where a server tells an application of it."""

from __future__ import annotations

import asyncio
import json
from threading import Event
from typing import TYPE_CHECKING

from onrecord.api.http.app import create_app
from onrecord.api.wiring import Services
from tests.unit.api.http.openai.chats import PATH, QUESTION, user

if TYPE_CHECKING:
    from starlette.types import Message, Scope

    from onrecord.rag.answer import Answer, NotFound, Question
    from onrecord.rag.pipeline import Pipeline


class _Slow:
    """A pipeline that answers when it is let, and counts how many it was asked."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.go_on = Event()
        self.begun = Event()
        self.asked = 0

    def ask(self, question: Question) -> Answer | NotFound:
        self.asked += 1
        self.begun.set()
        assert self.go_on.wait(20)
        return self._pipeline.ask(question)


class _Connection:
    """One request as a server hands it to an application, whose client leaves when it is told to."""

    def __init__(self) -> None:
        self._body = json.dumps({"model": "onrecord", "messages": [user(QUESTION)], "stream": True}).encode()
        self._sent_body = False
        self.left = asyncio.Event()
        self.statuses: list[int] = []

    async def receive(self) -> Message:
        if not self._sent_body:
            self._sent_body = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])

    @property
    def scope(self) -> Scope:
        return {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": PATH, "raw_path": PATH.encode(), "query_string": b"", "root_path": "",
            "headers": [(b"content-type", b"application/json"), (b"host", b"testserver")], "server": ("testserver", 80),
            "client": ("client", 1), "state": {},
        }  # fmt: skip


def test_a_client_that_leaves_while_it_waits_is_never_asked_for_and_frees_its_place(services: Services) -> None:
    slow = _Slow(services.pipeline)
    pipeline: Pipeline = slow  # type: ignore[assignment]
    app = create_app(lambda: Services(services.corpus, pipeline), max_concurrent=1, max_waiting=2)

    async def scenario() -> None:
        before = asyncio.all_tasks()
        async with app.router.lifespan_context(app):
            while app.state.parts.loading.ready is None:  # noqa: ASYNC110 - there is no event to wait for
                await asyncio.sleep(0.01)
            first, *waiting = [_Connection() for _ in range(3)]
            running = [asyncio.create_task(app(first.scope, first.receive, first.send))]
            await asyncio.to_thread(slow.begun.wait, 10)
            running += [asyncio.create_task(app(one.scope, one.receive, one.send)) for one in waiting]
            while app.state.parts.gate._waiting < 2:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
            for one in waiting:
                one.left.set()
            await asyncio.gather(*running[1:])
            assert [one.statuses for one in waiting] == [[499], [499]]
            late = _Connection()
            running.append(asyncio.create_task(app(late.scope, late.receive, late.send)))
            slow.go_on.set()
            await asyncio.gather(*running)
            assert (first.statuses, late.statuses) == ([200], [200])
            assert slow.asked == 2
            assert asyncio.all_tasks() <= before

    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_a_client_that_leaves_while_it_is_answered_keeps_its_turn_until_the_reading_ends(services: Services) -> None:
    slow = _Slow(services.pipeline)
    pipeline: Pipeline = slow  # type: ignore[assignment]
    app = create_app(lambda: Services(services.corpus, pipeline), max_concurrent=1, max_waiting=2)

    async def scenario() -> None:
        before = asyncio.all_tasks()
        async with app.router.lifespan_context(app):
            while app.state.parts.loading.ready is None:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
            leaver, late = _Connection(), _Connection()
            leaving = asyncio.create_task(app(leaver.scope, leaver.receive, leaver.send))
            await asyncio.to_thread(slow.begun.wait, 10)
            leaver.left.set()
            waiting = asyncio.create_task(app(late.scope, late.receive, late.send))
            await asyncio.sleep(0.1)
            assert slow.asked == 1
            assert not leaving.done()
            slow.go_on.set()
            await asyncio.gather(leaving, waiting)
            assert (leaver.statuses, late.statuses) == ([499], [200])
            assert slow.asked == 2
            assert asyncio.all_tasks() <= before

    asyncio.run(asyncio.wait_for(scenario(), 30))
