"""Streams, lost connections and nonsense, from a server that says what a test wants."""

import asyncio
from collections.abc import Callable
from unittest import IsolatedAsyncioTestCase, TestCase

from corkboard import AsyncClient, Cancellation, Client, Code, CorkboardError
from corkboard.messages import CancelRequest, RebuildProgress, RebuildRequest, Request

from .support import Frame, end, fake_server, message, response

STATUS = bytes([0x0A, 5, 0x08, 9, 0x12, 1, 0x78])  # FAILED_PRECONDITION, "x"


def progress(text: str) -> Frame:
    return message(RebuildProgress(message=text).SerializeToString())


def build(request: Request) -> list[Frame]:
    if request.method == "Rebuild":
        return [progress("a"), message(b""), progress("b"), end()]
    return [response(b"")]


def broken(request: Request) -> list[Frame]:
    return [progress("a"), response(STATUS)] if request.method == "Rebuild" else [response(b"")]


def endless(request: Request) -> list[Frame]:
    return [progress("a")] if request.method == "Rebuild" else [response(b"")]


class StreamTests(TestCase):
    def test_a_stream_ends_by_its_end_and_an_empty_message_is_one(self) -> None:
        with fake_server(build) as (path, seen), Client(path) as client:
            texts = [each.message for each in client.rebuild("flat", publish=False)]
            self.assertEqual(texts, ["a", "", "b"])
            request = RebuildRequest.FromString(seen[0].payload)
            self.assertEqual((request.index_kind, request.no_publish), ("flat", True))
            self.assertEqual(seen[0].timeout_nano, 0)
            client.health()
            self.assertEqual([each.method for each in seen], ["Rebuild", "Health"])

    def test_a_stream_that_fails_raises_after_its_messages(self) -> None:
        with fake_server(broken) as (path, _), Client(path) as client:
            messages = client.rebuild()
            self.assertEqual(next(messages).message, "a")
            with self.assertRaises(CorkboardError) as caught:
                next(messages)
            self.assertEqual(caught.exception.code, Code.FAILED_PRECONDITION)

    def test_who_stops_iterating_cancels_the_call(self) -> None:
        with fake_server(endless) as (path, seen), Client(path) as client:
            messages = client.rebuild()
            next(messages)
            messages.close()  # type: ignore[attr-defined]
            client.health()
            self.assertEqual([each.method for each in seen], ["Rebuild", "Cancel", "Health"])
            self.assertEqual(CancelRequest.FromString(seen[1].payload).stream_id, 1)

    def test_a_stream_is_cancelled_from_elsewhere(self) -> None:
        stop = Cancellation()
        with fake_server(endless) as (path, _), Client(path) as client:
            messages = client.rebuild(cancellation=stop)
            next(messages)
            stop.cancel()
            with self.assertRaises(CorkboardError) as caught:
                next(messages)
            self.assertEqual(caught.exception.code, Code.CANCELLED)

    def test_a_stream_has_a_deadline_here_too(self) -> None:
        with fake_server(endless) as (path, seen), Client(path) as client:
            messages = client.rebuild(timeout=0.05)
            next(messages)
            with self.assertRaises(CorkboardError) as caught:
                next(messages)
            self.assertEqual(caught.exception.code, Code.DEADLINE_EXCEEDED)
            self.assertGreater(seen[0].timeout_nano, 0)


class NonsenseTests(TestCase):
    def failure(self, answer: Callable[[Request], list[Frame]]) -> CorkboardError:
        with fake_server(answer) as (path, _), Client(path) as client:
            with self.assertRaises(CorkboardError) as caught:
                client.health(timeout=5)
        return caught.exception

    def test_data_is_no_answer_to_a_unary_call(self) -> None:
        self.assertEqual(self.failure(lambda _: [message(b""), end()]).code, Code.INTERNAL)

    def test_garbage_is_an_error(self) -> None:
        self.assertEqual(self.failure(lambda _: [response(b"\xff")]).code, Code.INTERNAL)

    def test_frames_of_other_streams_and_types_are_ignored(self) -> None:
        with fake_server(lambda _: [(9, 0, b"x"), response(b"")]) as (path, _):
            with Client(path) as client:
                client.health(timeout=5)


class AsyncStreamTests(IsolatedAsyncioTestCase):
    async def test_a_stream_ends_by_its_end_and_an_empty_message_is_one(self) -> None:
        with fake_server(build) as (path, seen):
            async with AsyncClient(path) as client:
                texts = [each.message async for each in client.rebuild()]
                self.assertEqual(texts, ["a", "", "b"])
                await client.health()
                self.assertEqual([each.method for each in seen], ["Rebuild", "Health"])

    async def test_a_stream_that_fails_raises_after_its_messages(self) -> None:
        with fake_server(broken) as (path, _):
            async with AsyncClient(path) as client:
                texts = []
                with self.assertRaises(CorkboardError) as caught:
                    async for each in client.rebuild():
                        texts.append(each.message)
                self.assertEqual(texts, ["a"])
                self.assertEqual(caught.exception.code, Code.FAILED_PRECONDITION)

    async def test_a_task_that_is_cancelled_cancels_its_call(self) -> None:
        with fake_server(endless) as (path, seen):
            async with AsyncClient(path) as client:

                async def read() -> None:
                    async for _ in client.rebuild():
                        pass

                task = asyncio.create_task(read())
                while not seen:
                    await asyncio.sleep(0.001)
                task.cancel()
                await asyncio.wait([task])
                await client.health()
                methods = [each.method for each in seen]
                self.assertEqual(methods, ["Rebuild", "Cancel", "Health"])
