"""The client for asyncio against a real daemon."""

import asyncio
import math
from unittest import IsolatedAsyncioTestCase, skipUnless

from corkboard import AsyncClient, Code, CorkboardError, Settings
from corkboard.messages import HealthResponse

from .support import COUNT, DaemonTestCase, circle, item
from .test_calls import has_numpy

if has_numpy:
    import numpy


class AsyncClientTests(DaemonTestCase, IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        # The tests' loop would complain of a busy machine.
        asyncio.get_running_loop().slow_callback_duration = 60
        self.client = AsyncClient(self.daemon.socket)
        self.addAsyncCleanup(self.client.close)

    async def test_every_method_of_a_reader_answers(self) -> None:
        answer = await self.client.search(circle()[:2], k=1)
        self.assertEqual(answer.item_ids, [[item(0)], [item(1)]])
        related = await self.client.related([item(5)], k=1, deny=[item(4)])
        self.assertEqual(related.item_ids, [[item(6)]])
        recommended = await self.client.recommend({item(4): 1.0, item(6): 1.0}, k=1)
        self.assertEqual(recommended.item_ids, [[item(5)]])
        known = await self.client.get([item(1)], vectors=True)
        assert known.items[0].vector is not None
        self.assertAlmostEqual(math.hypot(*known.items[0].vector), 1, places=5)
        self.assertEqual((await self.client.info()).generation.count, COUNT)
        self.assertEqual((await self.client.health()).state, HealthResponse.SERVING)

    @skipUnless(has_numpy, "numpy is not installed")
    async def test_arrays_go_in_and_come_out(self) -> None:
        answer = await self.client.search(numpy.array(circle(), dtype="f4"), k=2)
        self.assertEqual(answer.scores().shape, (COUNT, 2))

    async def test_many_calls_are_in_flight_at_once(self) -> None:
        numbers = range(1000)
        answers = await asyncio.gather(
            *(self.client.related([item(number)], k=2) for number in numbers)
        )
        for number, answer in zip(numbers, answers):
            self.assertEqual(set(answer.item_ids[0]), {item(number - 1), item(number + 1)})

    async def test_bad_input_is_refused_in_the_servers_words(self) -> None:
        with self.assertRaises(CorkboardError) as caught:
            await self.client.search([1.0, 2.0, 3.0])
        self.assertEqual(caught.exception.code, Code.INVALID_ARGUMENT)
        with self.assertRaises(CorkboardError) as caught:
            await self.client.health(timeout=0)
        self.assertEqual(caught.exception.code, Code.DEADLINE_EXCEEDED)

    async def test_a_task_that_is_cancelled_leaves_the_connection_usable(self) -> None:
        await self.client.health()
        tasks = [
            asyncio.create_task(self.client.search(circle() * 60, k=50)) for _ in range(20)
        ]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        self.assertTrue(all(task.cancelled() for task in tasks))
        await self.client.health()

    async def test_only_trusted_users_are_talked_to(self) -> None:
        async with AsyncClient(self.daemon.socket, Settings(server_users=[4_000_000])) as client:
            with self.assertRaises(CorkboardError) as caught:
                await client.health()
        self.assertEqual(caught.exception.code, Code.PERMISSION_DENIED)

    async def test_a_closed_client_says_so(self) -> None:
        await self.client.close()
        with self.assertRaises(CorkboardError) as caught:
            await self.client.health()
        self.assertEqual(caught.exception.code, Code.CANCELLED)


class AsyncReturnTests(DaemonTestCase, IsolatedAsyncioTestCase):
    async def test_a_server_that_is_killed_and_comes_back_is_found_again(self) -> None:
        async with AsyncClient(self.daemon.socket, Settings(tries=20)) as client:
            await client.health()
            self.daemon.kill()
            starting = asyncio.create_task(asyncio.to_thread(self.daemon.start))
            try:
                await client.health()
            except CorkboardError as error:
                self.assertEqual(error.code, Code.UNAVAILABLE)
                await client.health()
            await starting
            self.assertEqual((await client.related([item(0)], k=2)).generation, 1)
