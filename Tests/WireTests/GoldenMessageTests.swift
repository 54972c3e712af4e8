import Foundation
import SwiftProtobuf
import Testing

@testable import Wire

/// The golden messages, which another library wrote.
struct GoldenMessageTests {
    private static let kinds: [any Message.Type] = [
        SearchRequest.self, SearchResponse.self, Filter.self, RelatedRequest.self,
        RecommendRequest.self, GetRequest.self, GetResponse.self, InfoRequest.self,
        InfoResponse.self, HealthRequest.self, HealthResponse.self, StatsRequest.self,
        StatsResponse.self, GenerationsRequest.self, GenerationsResponse.self,
        PublishRequest.self, PublishResponse.self, RollbackRequest.self, RebuildRequest.self,
        RebuildProgress.self, CancelRequest.self, CancelResponse.self,
        TTRPCRequest.self, TTRPCResponse.self,
    ]

    private func kind(of file: GoldenFile) -> (any Message.Type)? {
        Self.kinds.first { $0.protoMessageName == file.comment.prefix { $0 != ":" } }
    }

    @Test(arguments: GoldenFile.all(in: "Messages"))
    func `a message is read for ever, and written the same`(file: GoldenFile) throws {
        let kind = try #require(self.kind(of: file), "\(file.comment)")
        try check(kind, file)
    }

    private func check<Golden: Message>(_: Golden.Type, _ file: GoldenFile) throws {
        let json = try #require(file.lines.first).dropFirst(2)
        let bytes = try #require(goldenBytes(file.lines.dropFirst().joined(separator: " ")))
        let message = try Golden(serializedBytes: bytes, options: .wire)
        #expect(message.isEqualTo(message: try Golden(jsonString: String(json))))
        #expect(try message.serializedBytes() as [UInt8] == bytes)
    }

    @Test func `every message has its golden bytes, and is of a kind that is known`() {
        let files = GoldenFile.all(in: "Messages")
        #expect(files.allSatisfy { kind(of: $0) != nil })
        for kind in Self.kinds {
            let name = kind.protoMessageName
            #expect(files.contains { $0.comment.hasPrefix("\(name):") }, "\(name)")
        }
    }

    @Test func `the requests that are read in one pass are read so from their golden bytes`() throws
    {
        var read = 0
        for file in GoldenFile.all(in: "Messages")
        where file.comment.hasPrefix("corkboard.v1.SearchRequest:") {
            let bytes = try #require(goldenBytes(file.lines.dropFirst().joined(separator: " ")))
            let full = try SearchRequest(serializedBytes: bytes, options: .wire)
            // One with a filter is left to swift-protobuf.
            guard !full.hasFilter else { continue }
            read += 1
            #expect(SearchRequest(plain: Data(bytes).bytes) == full)
        }
        #expect(read > 0)
    }
}
