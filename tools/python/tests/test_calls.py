"""Requests and answers, without a socket."""

import math
from array import array
from unittest import TestCase, skipUnless

from corkboard import Code, CorkboardError, calls, floats
from corkboard.answers import Candidate, search_answer
from corkboard.messages import RecommendRequest, RelatedRequest, SearchRequest, SearchResponse

try:
    import numpy
except ImportError:
    has_numpy = False
else:
    has_numpy = True


class CallTests(TestCase):
    def refused(self, call: object) -> CorkboardError:
        assert callable(call)
        with self.assertRaises(CorkboardError) as caught:
            call()
        self.assertEqual(caught.exception.code, Code.INVALID_ARGUMENT)
        return caught.exception

    def test_options_become_fields(self) -> None:
        call = calls.search([1.0, 2.0], 3, effort=4, allow=[], deny=["a"], min_score=-1.5)
        request = SearchRequest.FromString(call.payload)
        self.assertEqual((request.dim, request.k, request.effort), (2, 3, 4))
        self.assertTrue(request.filter.HasField("allow"))
        self.assertEqual(list(request.filter.deny.item_ids), ["a"])
        self.assertEqual(request.filter.min_score, -1.5)
        plain = SearchRequest.FromString(calls.search([[1.0]], 1).payload)
        self.assertFalse(plain.HasField("filter"))

    def test_a_recommendation_has_weights_where_they_are_given(self) -> None:
        call = calls.recommend({"a": 2, "b": 0.5}, 3, merged=True, include_seen=True)
        request = RecommendRequest.FromString(call.payload)
        self.assertEqual(list(request.item_ids), ["a", "b"])
        self.assertEqual(list(request.weights), [2, 0.5])
        self.assertEqual(request.mode, RecommendRequest.MERGED)
        call = calls.recommend(["a"], 3, merged=False, include_seen=False)
        self.assertEqual(list(RecommendRequest.FromString(call.payload).weights), [])

    def test_one_item_is_no_list_of_letters(self) -> None:
        self.assertIn("['nginx']", str(self.refused(lambda: calls.related("nginx", 3))))

    def test_numbers_that_the_wire_cannot_carry_are_refused(self) -> None:
        for k in (-1, 1 << 32, 1.5):
            self.refused(lambda: calls.related(["a"], k))  # type: ignore[arg-type]

    def test_an_unknown_option_is_named_with_those_there_are(self) -> None:
        error = self.refused(lambda: calls.related(["a"], 3, efort=3))  # type: ignore[call-arg]
        self.assertIn("no option efort; it has effort", str(error))

    def test_an_answer_is_cut_by_its_counts(self) -> None:
        message = SearchResponse(
            counts=[0, 2], item_ids=["a", "b"], scores_f32le=array("f", [2, 1]).tobytes()
        )
        answer = search_answer(message)
        self.assertEqual(answer.candidates, [[], [Candidate("a", 2), Candidate("b", 1)]])
        self.assertEqual(answer.item_ids, [[], ["a", "b"]])

    def test_an_answer_that_contradicts_itself_is_an_error(self) -> None:
        for message in (
            SearchResponse(counts=[3], item_ids=["a"], scores_f32le=bytes(4)),
            SearchResponse(counts=[1], item_ids=["a"], scores_f32le=bytes(5)),
            SearchResponse(counts=[1], item_ids=["a"]),
        ):
            with self.assertRaises(CorkboardError):
                search_answer(message)

    def test_a_payload_that_is_no_message_is_an_error(self) -> None:
        call = calls.related(["a"], 1)
        self.assertEqual(list(RelatedRequest.FromString(call.payload).item_ids), ["a"])
        with self.assertRaises(CorkboardError):
            call.decode(b"\xff")


class VectorTests(TestCase):
    def test_lists_are_rows_and_one_vector_is_one_row(self) -> None:
        packed = array("f", [1, 2, 3, 4]).tobytes()
        self.assertEqual(floats.packed([[1, 2], (3.0, 4)]), (2, packed))
        self.assertEqual(floats.packed([1, 2, 3, 4]), (4, packed))
        self.assertEqual(floats.packed([array("f", [1, 2, 3, 4])]), (4, packed))

    def test_what_is_no_matrix_is_refused(self) -> None:
        rows: list[object] = [[], [[1], [1, 2]], [["x"]], [None], [[[1.0]]], [[1e400, "a"]]]
        for vectors in rows:
            with self.assertRaises(CorkboardError, msg=repr(vectors)) as caught:
                floats.packed(vectors)  # type: ignore[arg-type]
            self.assertEqual(caught.exception.code, Code.INVALID_ARGUMENT)

    @skipUnless(has_numpy, "numpy is not installed")
    def test_arrays_of_any_type_and_layout_are_taken(self) -> None:
        rows = numpy.arange(6).reshape(2, 3)
        packed = (3, array("f", [0, 1, 2, 3, 4, 5]).tobytes())
        for kind in ("<f4", ">f4", "<f8", "<f2", "<i8"):
            self.assertEqual(floats.packed(rows.astype(kind)), packed)
        self.assertEqual(floats.packed(numpy.asfortranarray(rows.astype("f4"))), packed)
        self.assertEqual(floats.packed(rows[0])[0], 3)
        for shape in ((1, 1, 2), ):
            with self.assertRaises(CorkboardError):
                floats.packed(numpy.zeros(shape))
        with self.assertRaises(CorkboardError):
            floats.packed(numpy.array([["a"]]))

    @skipUnless(has_numpy, "numpy is not installed")
    def test_scores_are_an_array_with_gaps(self) -> None:
        message = SearchResponse(
            counts=[1, 2], item_ids=list("abc"), scores_f32le=array("f", [3, 2, 1]).tobytes()
        )
        scores = search_answer(message).scores()
        self.assertEqual(scores.shape, (2, 2))
        self.assertTrue(math.isnan(scores[0, 1]))
        self.assertEqual(list(scores[1]), [2, 1])
