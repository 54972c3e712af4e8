"""Frames, without a socket."""

from unittest import TestCase

from corkboard import Code, CorkboardError, calls, frames
from corkboard.frames import DATA, NO_DATA, REMOTE_CLOSED, RESPONSE, Event


class FrameTests(TestCase):
    def test_a_request_is_the_golden_bytes(self) -> None:
        call = calls.Call("a", "b", b"\x09", bytes)
        self.assertEqual(
            frames.request(call, 1, 300e-9),
            bytes.fromhex("0000000c00000001 0100 0a0161 120162 1a0109 20ac02"),
        )

    def test_a_timeout_that_is_nearly_over_is_not_for_ever(self) -> None:
        call = calls.Call("a", "b", b"", bytes)
        self.assertTrue(frames.request(call, 1, 0.0).endswith(b"\x20\x01"))
        self.assertTrue(frames.request(call, 1, 1e300).endswith(b"\x20\x80\xf8" + b"\xff" * 6 + b"\x7f"))
        self.assertTrue(frames.request(call, 1, None).endswith(b"\x12\x01b"))

    def test_a_request_above_4_mib_is_refused(self) -> None:
        call = calls.Call("a", "b", bytes(4 << 20), bytes)
        with self.assertRaises(CorkboardError) as caught:
            frames.request(call, 1, None)
        self.assertEqual(caught.exception.code, Code.RESOURCE_EXHAUSTED)

    def test_a_header_that_no_server_sends_is_refused(self) -> None:
        with self.assertRaises(CorkboardError) as caught:
            frames.parse_header(bytes.fromhex("004000010000000102 00"))
        self.assertIn("4194305", str(caught.exception))

    def test_an_empty_response_is_a_success(self) -> None:
        self.assertEqual(frames.event(RESPONSE, 0, b""), Event(b"", is_response=True))

    def test_a_status_is_an_error_and_one_of_no_name_unknown(self) -> None:
        for number, code in ((5, Code.NOT_FOUND), (99, Code.UNKNOWN)):
            event = frames.event(RESPONSE, 0, bytes([0x0A, 5, 0x08, number, 0x12, 1, 0x78]))
            assert event is not None and event.error is not None
            self.assertEqual((event.error.code, event.error.message), (code, "x"))

    def test_data_is_a_message_even_where_it_is_empty_and_its_end_is_none(self) -> None:
        self.assertEqual(frames.event(DATA, 0, b""), Event(b"", is_end=False))
        self.assertEqual(frames.event(DATA, REMOTE_CLOSED | NO_DATA, b""), Event(None))
        self.assertEqual(frames.event(DATA, REMOTE_CLOSED, b"x"), Event(b"x"))
        self.assertEqual(frames.event(DATA, NO_DATA, b"x"), Event(None, is_end=False))

    def test_a_frame_of_another_type_is_ignored(self) -> None:
        for kind in (0, 1, 4, 255):
            self.assertIsNone(frames.event(kind, 0, b"x"))

    def test_garbage_is_an_error(self) -> None:
        event = frames.event(RESPONSE, 0, b"\xff")
        assert event is not None and event.error is not None
        self.assertEqual(event.error.code, Code.INTERNAL)
