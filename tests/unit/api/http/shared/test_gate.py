import asyncio

import pytest

from onrecord.api.http.shared.gate import Gate
from onrecord.api.http.shared.problems import ProblemError, ProblemKind


def test_no_more_than_the_given_number_run_at_once_and_all_get_their_turn() -> None:
    async def scenario() -> tuple[int, list[int]]:
        gate, running, most, order = Gate(running=2, waiting=10), 0, 0, []

        async def work(number: int) -> None:
            nonlocal running, most
            async with gate.turn():
                running += 1
                most = max(most, running)
                await asyncio.sleep(0.01)
                order.append(number)
                running -= 1

        await asyncio.gather(*(work(number) for number in range(8)))
        return most, order

    most, order = asyncio.run(scenario())
    assert most == 2
    assert order == list(range(8))


def test_one_more_than_may_wait_is_turned_away() -> None:
    async def scenario() -> None:
        gate, done = Gate(running=1, waiting=1), asyncio.Event()

        async def work() -> None:
            async with gate.turn():
                await done.wait()

        first, second = asyncio.create_task(work()), asyncio.create_task(work())
        await asyncio.sleep(0)
        with pytest.raises(ProblemError) as refused:
            await work()
        assert refused.value.kind is ProblemKind.OVERLOADED
        assert refused.value.headers == {"Retry-After": "2"}
        done.set()
        await asyncio.gather(first, second)
        await work()

    asyncio.run(scenario())


def test_a_turn_ends_when_its_work_fails_or_is_cancelled() -> None:
    async def scenario() -> None:
        gate = Gate(running=1, waiting=1)
        with pytest.raises(ZeroDivisionError):
            async with gate.turn():
                raise ZeroDivisionError

        async def hold() -> None:
            async with gate.turn():
                await asyncio.sleep(10)

        holding, waiting = asyncio.create_task(hold()), asyncio.create_task(hold())
        await asyncio.sleep(0)
        for task in (waiting, holding):
            task.cancel()
        await asyncio.gather(holding, waiting, return_exceptions=True)
        async with asyncio.timeout(1), gate.turn():
            pass

    asyncio.run(scenario())
