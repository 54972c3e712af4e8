import Foundation
import NIOCore
import Indexes
import Retrieval
import RetrievalClient
import SwiftProtobuf
import TestSupport
import Testing
import Vectors
import Wire

@testable import RetrievalServer

/// The service over real generations, through the socket.
struct RetrievalServiceTests {
    private func withCircle(
        _ body: (Circle, RetrievalClient, ServingState) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served != nil })
                try await body(circle, client, state)
            }
        }
    }

    // MARK: - Answers

    @Test func `search finds the neighbours on the circle, best first`() async throws {
        try await withCircle { circle, client, _ in
            for rows in [[7], (0..<600).map { $0 % 60 }] {  // on the event loop, and on the pool
                let answer = try await client.search(
                    vectors: circle.vectors().gather(rows),
                    k: 3
                )
                #expect(answer.generation == 1 && answer.embeddingVersion == 1)
                #expect(answer.found == rows.map { _ in true })
                for (row, candidates) in zip(rows, answer.candidates) {
                    let near = [row, (row + 1) % 60, (row + 59) % 60].map(Circle.id)
                    #expect(candidates.first?.itemID == Circle.id(row))
                    #expect(Set(candidates.map(\.itemID)) == Set(near))
                    #expect(candidates.map(\.score) == candidates.map(\.score).sorted(by: >))
                }
            }
        }
    }

    @Test func `related leaves out the item itself, and marks unknown ones`() async throws {
        try await withCircle { _, client, _ in
            let answer = try await client.related(itemIDs: ["item-010", "nobody"], k: 2)
            #expect(answer.found == [true, false])
            #expect(Set(answer.candidates[0].map(\.itemID)) == ["item-009", "item-011"])
            #expect(answer.candidates[1].isEmpty)
            let error = await failure { () async throws(RetrievalClientError) in
                _ = try await client.related(itemIDs: ["nobody"], k: 2)
            }
            #expect(error?.code == .notFound && error?.message.contains("nobody") == true)
        }
    }

    @Test func `a search for more candidates makes the effort that they need`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            let manifest = try circle.folder.open(circle.publish(kind: .ivf), checking: true)
                .manifest
            try #require(manifest.setting != manifest.setting(forK: 24))
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served != nil })
                let items = (0..<60).map(Circle.id)
                let answer = try await client.related(itemIDs: items, k: 24)
                for (row, candidates) in answer.candidates.enumerated() {
                    let near = (1...12).flatMap { [(row + $0) % 60, (row + 60 - $0) % 60] }
                    #expect(Set(candidates.map(\.itemID)) == Set(near.map(Circle.id)))
                }
            }
        }
    }

    @Test func `get describes items, in the order asked`() async throws {
        try await withCircle { circle, client, _ in
            let answer = try await client.get(
                itemIDs: ["item-002", "nobody", "item-001"],
                includeVectors: true
            )
            #expect(answer.items.map(\.id) == ["item-002", "nobody", "item-001"])
            #expect(answer.items.map(\.found) == [true, false, true])
            #expect(answer.items[0].text == "item 2\nof a circle")
            #expect(answer.items[0].summary == "item 2")
            #expect(answer.items[0].fields.map(\.name) == ["section", "tag"])
            #expect(answer.items[0].fields[1].values == ["a", "b"])
            #expect(answer.items[0].vectorF32Le.floats == circle.vectors().row(2))
            #expect(answer.dim == 2)
            let error = await failure { () async throws(RetrievalClientError) in
                _ = try await client.get(itemIDs: ["nobody"])
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `items that exceed a frame are refused, with how many would fit`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder, count: 12, padding: 1 << 20)
            try circle.publish()
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served != nil })
                let ids = (0..<12).map(Circle.id)
                let error = await failure { () async throws(RetrievalClientError) in
                    _ = try await client.get(itemIDs: ids)
                }
                #expect(error?.code == .resourceExhausted)
                #expect(error?.message.contains("12 items do not fit") == true)
                #expect(error?.message.contains("ask for 3 at a time") == true)
                #expect(try await client.get(itemIDs: Array(ids.prefix(3))).items.count == 3)
                #expect(try await client.get(itemIDs: ids, summariesOnly: true).items.count == 12)
            }
        }
    }

    @Test func `a call that nobody wants any longer reads no item`() throws {
        try withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            let generation = try circle.folder.open(1, checking: true)
            var request = GetRequest()
            request.itemIds = ["item-000"]
            let served = try ServedGeneration(generation, workspace: folder)
            let job = try GetJob(request, from: served)
            let call = Call(streamID: 1, method: .get, payload: [], timeout: nil)
            let pending = PendingCall(call, of: .anybody, receivedAt: .now())
            #expect(try job.response(to: pending).items.count == 1)
            pending.cancel()
            let error = #expect(throws: CallError.self) { try job.response(to: pending) }
            #expect(error?.code == .cancelled)
        }
    }

    @Test func `summaries come without texts and fields, and no items give none`() async throws {
        try await withCircle { _, client, _ in
            let answer = try await client.get(itemIDs: ["item-002", "nobody"], summariesOnly: true)
            #expect(answer.items.map(\.found) == [true, false])
            #expect(answer.items[0].summary == "item 2")
            #expect(answer.items[0].text.isEmpty && answer.items[0].fields.isEmpty)
            let none = try await client.get(itemIDs: [])
            #expect(none.items.isEmpty && none.generation == 1 && none.dim == 2)
        }
    }

    @Test func `info and health tell what is served`() async throws {
        try await withCircle { _, client, _ in
            let info = try await client.info()
            #expect(info.server == "corkboardd" && info.protocol == "ttrpc 1.2")
            #expect(info.limits.frameBytes == 4_194_304 && info.limits.k == 10_000)
            #expect(info.limits.callsInFlight == 256 && info.limits.totalCallsInFlight == 4096)
            #expect(info.limits.connections == 10_240 && info.limits.filterIds == 100_000)
            #expect(info.limits.frameSeconds == 5 && info.limits.callSeconds == 3600)
            #expect(info.generation.number == 1 && info.generation.count == 60)
            #expect(info.generation.dimension == 2 && info.generation.metric == "l2")
            #expect(info.generation.indexKind == "flat" && info.generation.measuredRecall == 1)
            let levels = info.generation.levels
            #expect(levels.map(\.k) == [10] && levels[0].effort == 1 && levels[0].recall == 1)
            #expect(try await client.health().state == .serving)
        }
    }

    @Test func `a call in JSON gives its answer in JSON`() async throws {
        try await withCircle { _, client, _ in
            var answers: [String] = []
            func call(_ path: String, _ json: String) async throws {
                try await client.call(path, json: json) { answers.append($0) }
            }
            try await call("Retrieval/Related", #"{"item_ids": ["item-010"], "k": 1}"#)
            try await call("Retrieval/Health", "")
            #expect(answers.count == 2 && answers[1].contains("SERVING"))
            #expect(answers[0].contains(#""generation":1"#))
            #expect(answers[0].contains(#""counts":[1]"#))
            let error = await #expect(throws: RetrievalClientError.self) {
                try await call("Retrieval/Related", #"{"items": []}"#)
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    // MARK: - Bad requests

    @Test func `more candidates than items gives all items`() async throws {
        try await withCircle { circle, client, _ in
            let query = circle.vectors().gather([0])
            let answer = try await client.search(vectors: query, k: 10_000)
            #expect(Set(answer.candidates[0].map(\.itemID)).count == 60)
            let related = try await client.related(itemIDs: ["item-000"], k: 60)
            #expect(related.candidates[0].count == 59)
        }
    }

    @Test(arguments: [0, 10_001, Int(UInt32.max)])
    func `a k that is not in 1...10000 is refused`(k: Int) async throws {
        try await withCircle { circle, client, _ in
            let error = await failure { () async throws(RetrievalClientError) in
                _ = try await client.search(vectors: circle.vectors().gather([0]), k: k)
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "k = \(k) is not in 1...10000")
        }
    }

    @Test(arguments: [1, 3])
    func `another dimension is refused with both numbers`(dimension: Int) async throws {
        try await withCircle { _, client, _ in
            let error = await failure { () async throws(RetrievalClientError) in
                _ = try await client.search(vectors: Matrix(rows: 1, columns: dimension), k: 1)
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("dimension \(dimension), ") == true)
            #expect(error?.message.contains("dimension 2") == true)
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `a value that is not finite is refused`(value: Float) async throws {
        try await withCircle { _, client, _ in
            let query = Matrix(rows: 2, columns: 2, elements: [0, 1, 1, value])
            let error = await failure { () async throws(RetrievalClientError) in
                _ = try await client.search(vectors: query, k: 1)
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.hasPrefix("query 1: ") == true)
        }
    }

    @Test(arguments: [[UInt8](), [1, 2, 3], [0, 0, 0, 0]])
    func `bytes that are not whole queries are refused`(bytes: [UInt8]) async throws {
        try await withCircle { _, client, _ in
            var request = SearchRequest()
            request.dim = 2
            request.k = 1
            request.queriesF32Le = Data(bytes)
            let payload = try request.serializedData()
            let error = await failure { () async throws(RetrievalClientError) in
                _ = try await client.call(
                    service: Method.Service.retrieval.rawValue,
                    method: "Search",
                    payload: payload
                )
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test func `batches are refused above 4096, and taken at 4096`() async throws {
        try await withCircle { circle, client, _ in
            let ids = [String](repeating: "item-000", count: 4097)
            let error = await failure { () async throws(RetrievalClientError) in
                _ = try await client.related(itemIDs: ids, k: 1)
            }
            #expect(error?.code == .invalidArgument && error?.message.contains("4097") == true)
            let answer = try await client.related(itemIDs: Array(ids.dropLast()), k: 1)
            #expect(answer.candidates.count == 4096)
        }
    }

    @Test func `an answer that cannot fit is refused before the search`() {
        let most = (4 << 20) / Limits.leastCandidateSize / 4096
        #expect(throws: Never.self) {
            try Limits.check(k: UInt32(most), queries: 4096, items: 10_000)
        }
        let error = #expect(throws: CallError.self) {
            try Limits.check(k: UInt32(most + 1), queries: 4096, items: 10_000)
        }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.message.contains("4096 queries with k = \(most + 1)") == true)
        #expect(throws: Never.self) { try Limits.check(k: 10_000, queries: 4096, items: most) }
    }

    @Test func `a payload that cannot be decoded is INTERNAL, as upstream answers`() async throws {
        try await withCircle { _, client, _ in
            let error = await failure { () async throws(RetrievalClientError) in
                _ = try await client.call(
                    service: Method.Service.retrieval.rawValue,
                    method: "Search",
                    payload: Data([0xFF])
                )
            }
            #expect(error?.code == .internal)
            #expect(error?.message.hasPrefix("ttrpc: error unmarshalling payload: ") == true)
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `the greatest effort is no error`(kind: IndexKind) async throws {
        try await withCircle { circle, client, state in
            let number = try circle.publish(kind: kind)
            try #require(try await eventually { state.served?.generation.number == number })
            let query = circle.vectors().gather([0])
            var options = SearchOptions()
            options.effort = Int(UInt32.max)
            let answer = try await client.search(vectors: query, k: 1, options: options)
            #expect(answer.candidates[0].map(\.itemID) == ["item-000"])
        }
    }

    @Test func `many calls in flight each get their own answer`() async throws {
        try await withCircle { _, client, _ in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        let row = number % 60
                        let answer = try await client.related(itemIDs: [Circle.id(row)], k: 2)
                        let near = [(row + 1) % 60, (row + 59) % 60].map(Circle.id)
                        return Set(answer.candidates[0].map(\.itemID)) == Set(near)
                    }
                }
                for try await isRight in group {
                    #expect(isRight)
                }
            }
        }
    }
}
