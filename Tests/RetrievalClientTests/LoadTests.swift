import Foundation
import NIOCore
import SwiftProtobuf
import TestSupport
import Testing
import Wire

@testable import RetrievalClient

/// The parts of a load that need no server.
struct LoadTests {
    private let search = SearchRequest.with {
        $0.dim = 2
        $0.k = 3
        $0.queriesF32Le = Data(floats: [1, -2])
    }

    @Test(arguments: [UInt32(1), 257, 0x7FFF_FFFF])
    func `a frame that is sent again differs in its stream id alone`(id: UInt32) throws {
        let frames = try RequestFrames([search, search])
        var bytes: [UInt8] = [9]
        frames.append(1, on: id, to: &bytes)
        var request = TTRPCRequest()
        request.service = Method.Service.retrieval.rawValue
        request.method = "Search"
        request.payload = try search.serializedData()
        var expected = ByteBuffer(bytes: [9])
        expected.write(try Frame.request(request, on: id))
        #expect(bytes == Array(expected.readableBytesView))
    }

    @Test func `a call is due when there is room, or when its time has come`() {
        #expect(LoadPlan.Pace.inFlight(4).callsDue(after: 0, answered: 6) == 10)
        #expect(LoadPlan.Pace.inFlight(4).due(6) == nil)
        let fixed = LoadPlan.Pace.perSecond(1_000)
        #expect(fixed.callsDue(after: 0, answered: 0) == 1)
        #expect(fixed.callsDue(after: 2_500_000, answered: 0) == 3)
        #expect(fixed.due(3) == 3_000_000)
    }

    @Test func `a tally keeps every time, and the first of the failures`() throws {
        var tally = LoadTally(calls: 3)
        for call in 0..<3 { tally.begin(call, at: 1_000 * UInt64(call)) }
        tally.end(2, at: 5_000, .response(.success([1, 2, 3]), on: 5))
        tally.end(0, at: 6_000, .response(.success([]), on: 1))
        tally.end(1, at: 9_000, .response(.failure(CallError(.notFound, "gone")), on: 3))
        #expect(tally.times == [6_000, 8_000, 3_000])
        #expect((tally.failures, tally.end) == (1, 9_000))
        #expect(tally.firstFailure == CallError(.notFound, "gone"))
    }

    @Test func `percentiles are times that were measured`() {
        var tally = LoadTally(calls: 1_000)
        for call in 0..<1_000 {
            tally.begin(call, at: 0)
            tally.end(call, at: 1_000 * UInt64(1_000 - call), .response(.success([]), on: 1))
        }
        let result = LoadResult([tally], start: 0)
        #expect(result.percentile(0.5) == 500)
        #expect(result.percentile(0.99) == 990)
        #expect(result.percentile(0.999) == 999)
        #expect(result.percentile(1) == 1_000)
        #expect(result.mean == 500.5)
    }

    @Test func `a load on a dead socket is refused with the command that starts a server`() throws {
        try withTemporaryFolder { folder in
            let plan = LoadPlan(
                socket: folder.appendingPathComponent("none.sock").path,
                searches: [search],
                connections: 2,
                pace: .inFlight(1),
                callsPerConnection: 1
            )
            let error = #expect(throws: RetrievalClientError.self) { _ = try plan.run() }
            #expect(error?.message.contains("corkboardd -w WORKSPACE") == true)
        }
    }
}
