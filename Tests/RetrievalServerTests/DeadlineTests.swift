import Foundation
import NIOCore
import Retrieval
import SwiftProtobuf
import TestSupport
import Testing
import Vectors
import Wire

@testable import RetrievalServer

/// Searches that run out of time.
///
/// How much is left is given by when the call is said to have been received.
struct DeadlineTests {
    /// The job of three queries to an exact index.
    private func withJob(_ body: (SearchJob) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            let generation = try circle.folder.open(1, checking: false)
            var request = SearchRequest()
            (request.dim, request.k) = (2, 5)
            request.queriesF32Le = Data(floats: circle.vectors().gather([0, 1, 2]).elements)
            let served = try ServedGeneration(generation, workspace: folder)
            try body(try SearchJob(request, from: served))
        }
    }

    private func answer(of job: SearchJob, to pending: PendingCall) throws -> SearchResponse {
        try SearchResponse(serializedBytes: job.answer(to: pending))
    }

    private func pending(timeout: Duration?, age: TimeAmount = .zero) -> PendingCall {
        let call = Call(streamID: 1, method: .search, payload: [], timeout: timeout)
        return PendingCall(call, of: .anybody, receivedAt: .now() - age)
    }

    @Test(arguments: [nil, .seconds(3600)] as [Duration?])
    func `with time enough an answer is whole`(timeout: Duration?) throws {
        try withJob { job in
            let answer = try answer(of: job, to: pending(timeout: timeout))
            #expect(answer.counts == [5, 5, 5] && !answer.partial)
            #expect(answer.itemIds.count == 15 && answer.scoresF32Le.count == 60)
        }
    }

    @Test func `what was found until the time was over is an answer, which says so`() throws {
        try withJob { job in
            // Five of a hundred seconds are left, which are kept for the answer.
            let late = pending(timeout: .seconds(100), age: .seconds(95))
            #expect(throws: Never.self) { try late.checkIsWanted() }
            let answer = try answer(of: job, to: late)
            #expect(answer.partial && answer.counts == [0, 0, 0])
            #expect(answer.itemIds.isEmpty && answer.scoresF32Le.isEmpty)
            #expect(answer.generation == 1)
        }
    }

    @Test func `what nobody waits for any longer is not begun`() throws {
        let error = #expect(throws: CallError.self) {
            try pending(timeout: .seconds(100), age: .seconds(100)).checkIsWanted()
        }
        #expect(error?.code == .deadlineExceeded)
    }

    @Test func `a cancelled batch stops, whether or not there is time`() throws {
        try withJob { job in
            for timeout in [nil, .seconds(3600)] as [Duration?] {
                let pending = pending(timeout: timeout)
                pending.cancel()
                let error = #expect(throws: CallError.self) { try job.answer(to: pending) }
                #expect(error?.code == .cancelled)
            }
        }
    }

    @Test(
        arguments: [
            (.microseconds(100), .microseconds(50)), (.microseconds(400), .microseconds(200)),
            (.milliseconds(1), .microseconds(800)), (.seconds(10), .seconds(9)),
            (.seconds(7200), .seconds(3240)),
        ] as [(Duration, TimeAmount)]
    )
    func `a part of the time is kept for the answer`(timeout: Duration, search: TimeAmount) {
        let receipt = NIODeadline.now()
        let call = Call(streamID: 1, method: .search, payload: [], timeout: timeout)
        #expect(
            PendingCall(call, of: .anybody, receivedAt: receipt).searchDeadline == receipt + search
        )
    }

    @Test func `no clock is read for a call without a timeout`() throws {
        let pending = pending(timeout: nil)
        #expect(pending.searchDeadline == nil)
        try pending.checkIsWanted(
            now: { () -> NIODeadline in
                Issue.record("the clock was read")
                return .now()
            }()
        )
    }
}
