import Foundation
import TestSupport
import Testing
import Vectors
import Wire

@testable import RetrievalClient

struct RetrievalClientTests {
    @Test func `a dead socket is named, with the command that starts a server`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("none.sock").path
            let client = RetrievalClient(socket: path)
            let error = await #expect(throws: RetrievalClientError.self) {
                try await client.health()
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("cannot connect to \(path): No such file") == true)
            #expect(error?.message.contains("corkboardd -w WORKSPACE --socket \(path)") == true)
            await client.close()
        }
    }

    @Test func `a path of 108 bytes is refused with its length`() async {
        let client = RetrievalClient(socket: "/" + String(repeating: "x", count: 107))
        let error = await #expect(throws: RetrievalClientError.self) { try await client.info() }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("108 bytes") == true)
    }

    @Test func `a number that the wire cannot carry is refused by name`() async {
        let client = RetrievalClient(socket: "unused")
        let error = await #expect(throws: RetrievalClientError.self) {
            try await client.search(vectors: Matrix(rows: 1, columns: 1), k: -1)
        }
        #expect(error?.message.contains("k = -1") == true)
    }

    @Test(arguments: ["Retrieval/Search", "corkboard.v1.Retrieval/Search", "/Retrieval/Search"])
    func `a method's path may name the service in short`(path: String) throws {
        #expect(try Method(path: path) == .search)
    }

    @Test(arguments: ["", "Search", "Other/Search", "Retrieval/Found", "Retrieval/Search/x"])
    func `an unknown path is refused with those that are known`(path: String) {
        let error = #expect(throws: RetrievalClientError.self) {
            try Method(path: path)
        }
        #expect(error?.code == .unimplemented)
        #expect(error?.message.contains("Retrieval/Related") == true)
    }

    @Test func `an answer that contradicts itself is an error`() throws {
        var response = SearchResponse()
        response.counts = [1, 1]
        response.itemIds = ["a", "b"]
        response.scoresF32Le = Data(floats: [2, 1])
        let answer = try SearchAnswer(response)
        #expect(answer.candidates.map { $0.map(\.itemID) } == [["a"], ["b"]])
        response.counts = [3]
        #expect(throws: RetrievalClientError.self) { try SearchAnswer(response) }
        response.counts = [UInt32.max, 3]
        #expect(throws: RetrievalClientError.self) { try SearchAnswer(response) }
    }
}
