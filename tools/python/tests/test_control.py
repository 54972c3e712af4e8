"""What changes something, on a real daemon."""

import asyncio
import time
from contextlib import aclosing
from unittest import IsolatedAsyncioTestCase

from corkboard import AsyncClient, Client, Code, CorkboardError

from .support import DaemonTestCase, item


class ControlTests(DaemonTestCase):
    def test_a_build_is_told_published_rolled_back_and_published_again(self) -> None:
        with Client(self.daemon.socket) as client:
            messages = list(client.rebuild("flat"))
            self.assertGreater(len(messages), 1)
            self.assertEqual((messages[-1].generation, messages[-1].recall), (2, 1))
            end = time.monotonic() + 30
            while client.info().generation.number != 2 and time.monotonic() < end:
                time.sleep(0.01)
            self.assertEqual(client.related([item(0)], k=2).generation, 2)
            numbers = [each.number for each in client.generations().generations]
            self.assertEqual(numbers, [1, 2])
            back = client.rollback()
            self.assertEqual((back.generation, back.previous), (1, 2))
            again = client.publish(2)
            self.assertEqual((again.generation, again.previous), (2, 1))
            with self.assertRaises(CorkboardError) as caught:
                client.publish(99)
            self.assertEqual(caught.exception.code, Code.NOT_FOUND)


class CancelledBuildTests(DaemonTestCase, IsolatedAsyncioTestCase):
    async def test_a_build_that_nobody_listens_to_ends(self) -> None:
        async with AsyncClient(self.daemon.socket) as client:
            async with aclosing(client.rebuild("flat")) as messages:
                await anext(messages)
            # There is one build at a time: when the next one may begin, the first has ended.
            last = await self.built(client)
            self.assertIn(last, (2, 3))

    async def built(self, client: AsyncClient) -> int:
        """The generation of a build, which begins as soon as it may."""
        for _ in range(600):
            try:
                return [each async for each in client.rebuild("flat", publish=False)][-1].generation
            except CorkboardError as error:
                self.assertEqual(error.code, Code.FAILED_PRECONDITION)
                await asyncio.sleep(0.05)
        self.fail("the first build does not end")
