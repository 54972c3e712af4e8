"""The synchronous client against a real daemon."""

import math
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from unittest import TestCase, skipUnless

from corkboard import Cancellation, Client, Code, CorkboardError, Settings
from corkboard.frames import RETIREMENT_ID
from corkboard.messages import HealthResponse
from corkboard.peer import OVERFLOW_USER, trusted_users

from .support import COUNT, DaemonTestCase, circle, item
from .test_calls import has_numpy

if has_numpy:
    import numpy


class ClientTests(DaemonTestCase):
    def setUp(self) -> None:
        self.client = Client(self.daemon.socket)
        self.addCleanup(self.client.close)

    def refusal(self, call: object) -> CorkboardError:
        assert callable(call)
        with self.assertRaises(CorkboardError) as caught:
            call()
        return caught.exception

    def test_neighbours_are_those_of_the_circle(self) -> None:
        answer = self.client.search(circle()[:2], k=3)
        self.assertEqual(answer.generation, 1)
        self.assertEqual([each[0] for each in answer.item_ids], [item(0), item(1)])
        self.assertEqual(set(answer.item_ids[0]), {item(-1), item(0), item(1)})
        self.assertAlmostEqual(answer.candidates[0][0].score, 0, places=5)
        self.assertFalse(answer.is_partial)

    def test_related_leaves_the_item_out_and_tells_what_is_unknown(self) -> None:
        answer = self.client.related([item(5), "nothing"], k=2)
        self.assertEqual(set(answer.item_ids[0]), {item(4), item(6)})
        self.assertEqual(answer.found, [True, False])
        self.assertEqual(answer.candidates[1], [])

    def test_filters_hold(self) -> None:
        answer = self.client.search(circle()[0], k=3, deny=[item(0)], allow=map(item, range(9)))
        self.assertEqual(answer.item_ids, [[item(1), item(2), item(3)]])
        self.assertEqual(self.client.search(circle()[0], k=3, allow=[]).candidates, [[]])
        near = self.client.search(circle()[0], k=9, min_score=-0.02)
        self.assertEqual(len(near.candidates[0]), 3)

    def test_recommend_takes_a_history_with_weights_or_without(self) -> None:
        answer = self.client.recommend([item(4), item(6)], k=1)
        self.assertEqual(answer.item_ids, [[item(5)]])
        answer = self.client.recommend({item(0): 1, item(30): 1}, k=4, merged=True)
        self.assertEqual(set(answer.item_ids[0]), {item(1), item(-1), item(29), item(31)})
        seen = self.client.recommend([item(4)], k=1, include_seen=True)
        self.assertEqual(seen.item_ids, [[item(4)]])

    def test_get_tells_what_is_known(self) -> None:
        answer = self.client.get([item(1), "nothing"], vectors=True)
        self.assertEqual([each.found for each in answer.items], [True, False])
        self.assertEqual(answer.dimension, 2)
        vector = answer.items[0].vector
        assert vector is not None
        self.assertAlmostEqual(math.hypot(*vector), 1, places=5)
        self.assertIsNone(answer.items[1].vector)
        self.assertEqual(self.client.get([]).items, [])

    @skipUnless(has_numpy, "numpy is not installed")
    def test_arrays_go_in_and_come_out(self) -> None:
        rows = numpy.array(circle())
        answer = self.client.search(rows, k=2)
        self.assertEqual(answer.scores().shape, (COUNT, 2))
        vectors = self.client.get([item(1), "nothing"], vectors=True).vectors()
        numpy.testing.assert_allclose(vectors[0], rows[1], rtol=1e-5)
        self.assertTrue(numpy.isnan(vectors[1]).all())

    def test_info_and_health_answer(self) -> None:
        self.assertEqual(self.client.health().state, HealthResponse.SERVING)
        info = self.client.info()
        self.assertEqual(info.server, "corkboardd")
        self.assertEqual(info.generation.count, COUNT)

    def test_bad_input_is_refused_in_the_servers_words(self) -> None:
        for call, code, words in (
            (lambda: self.client.search([1.0, 2.0, 3.0]), Code.INVALID_ARGUMENT, "3"),
            (lambda: self.client.search([math.nan, 0.0]), Code.INVALID_ARGUMENT, ""),
            (lambda: self.client.search([0.0, 0.0], k=0), Code.INVALID_ARGUMENT, "k = 0"),
            (lambda: self.client.related([]), Code.INVALID_ARGUMENT, "no items"),
            (lambda: self.client.related(["nothing"]), Code.NOT_FOUND, "nothing"),
            (
                lambda: self.client.related([item(0)], min_generation=9),
                Code.FAILED_PRECONDITION,
                "9",
            ),
            (lambda: self.client.search([[0.0] * 128] * 9000), Code.RESOURCE_EXHAUSTED, "4194304"),
        ):
            error = self.refusal(call)
            self.assertEqual(error.code, code, str(error))
            self.assertIn(words, str(error))

    def test_threads_share_a_connection(self) -> None:
        def ask(number: int) -> bool:
            near = self.client.related([item(number)], k=2).item_ids[0]
            return set(near) == {item(number - 1), item(number + 1)}

        with ThreadPoolExecutor(16) as threads:
            self.assertTrue(all(threads.map(ask, range(400))))

    def test_a_time_that_has_passed_is_over_here_too(self) -> None:
        error = self.refusal(lambda: self.client.health(timeout=0))
        self.assertEqual(error.code, Code.DEADLINE_EXCEEDED)
        for timeout in (None, 1e300, math.inf):
            self.client.health(timeout=timeout)
        with self.assertRaises(ValueError):
            self.client.health(timeout=math.nan)

    def test_a_connection_whose_ids_run_out_is_left(self) -> None:
        self.client.health()
        first = self.client._connection
        assert first is not None
        first._next_id = RETIREMENT_ID - 2
        self.client.health()  # the last one on it
        self.client.health()
        self.assertIsNot(self.client._connection, first)
        self.assertTrue(first.is_lost)

    def test_a_cancelled_call_fails_at_once(self) -> None:
        stop = Cancellation()
        stop.cancel()
        error = self.refusal(lambda: self.client.related([item(0)], cancellation=stop))
        self.assertEqual(error.code, Code.CANCELLED)
        self.assertIsNone(self.client._connection, "nothing was sent")
        self.client.related([item(0)])

    def test_a_closed_client_says_so(self) -> None:
        self.client.close()
        self.assertEqual(self.refusal(self.client.health).code, Code.CANCELLED)

    def test_only_trusted_users_are_talked_to(self) -> None:
        allowed: list[list[int | str]] = [[os.geteuid()], ["root", os.geteuid()]]
        for users in allowed:
            with Client(self.daemon.socket, Settings(server_users=users)) as client:
                client.health()
        with Client(self.daemon.socket, Settings(server_users=[4_000_000])) as client:
            error = self.refusal(client.health)
        self.assertEqual(error.code, Code.PERMISSION_DENIED)
        self.assertIn("4000000", str(error))
        with Client(self.daemon.socket, Settings(server_users=["no such user"])) as client:
            self.assertEqual(self.refusal(client.health).code, Code.INVALID_ARGUMENT)
        self.assertIn(os.geteuid(), trusted_users(self.daemon.socket))
        self.assertNotIn(OVERFLOW_USER, trusted_users("/nowhere/s"))

    @skipUnless(hasattr(os, "fork"), "this system does not fork")
    def test_a_fork_has_a_connection_of_its_own(self) -> None:
        self.client.health()
        child = os.fork()
        if child == 0:
            well = self.client.health().state == HealthResponse.SERVING
            os._exit(0 if well else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.client.health()


class ReturnTests(DaemonTestCase):
    def test_a_server_that_is_killed_and_comes_back_is_found_again(self) -> None:
        with Client(self.daemon.socket, Settings(tries=20)) as client:
            client.health()
            self.daemon.kill()
            starting = threading.Timer(0.3, self.daemon.start)
            starting.start()
            # Whether the loss was noticed before the call or by it, there is one error at most.
            try:
                client.health()
            except CorkboardError as error:
                self.assertEqual(error.code, Code.UNAVAILABLE)
                client.health()
            starting.join()
            self.assertEqual(client.related([item(0)], k=2).generation, 1)


class NoServerTests(TestCase):
    def test_a_dead_socket_is_named_with_the_command_that_starts_a_server(self) -> None:
        start = time.monotonic()
        with Client("/nowhere/s", Settings(tries=3, first_pause=0.01)) as client:
            with self.assertRaises(CorkboardError) as caught:
                client.health()
        self.assertEqual(caught.exception.code, Code.UNAVAILABLE)
        self.assertIn("corkboardd -w WORKSPACE --socket /nowhere/s", str(caught.exception))
        self.assertLess(time.monotonic() - start, 5)

    def test_a_path_that_linux_would_refuse_is_refused_with_its_length(self) -> None:
        for path in ("/" + "x" * 107, "", "a\0b"):
            with self.assertRaises(CorkboardError) as caught:
                Client(path)
            self.assertIn(f"{len(path)} bytes", str(caught.exception))
