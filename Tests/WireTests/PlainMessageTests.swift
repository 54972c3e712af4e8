import Foundation
import NIOCore
import SwiftProtobuf
import Testing

@testable import Wire

/// The messages that are read and written in one pass, against swift-protobuf.
struct PlainMessageTests {
    private static let rounds = 3_000

    // MARK: - Requests

    private func search(_ random: inout RandomBytes) -> SearchRequest {
        var request = SearchRequest()
        request.dim = random.number()
        request.queriesF32Le = Data(random.bytes(upTo: 40))
        request.k = random.number()
        request.effort = random.number()
        request.minGeneration = UInt64(random.number())
        request.recall = random.one(of: [0, 0.9, .nan, -.infinity])
        return request
    }

    private func envelope(_ random: inout RandomBytes) -> TTRPCRequest {
        var request = TTRPCRequest()
        let method = random.one(of: Method.allCases)
        request.service = method.service.rawValue
        request.method = method.rawValue
        request.payload = Data(random.bytes(upTo: 40))
        request.timeoutNano = random.one(of: [0, 1, 1 << 40, .max])
        return request
    }

    @Test func `usual requests are read without swift-protobuf`() throws {
        var random = RandomBytes(seed: 1)
        for _ in 0..<Self.rounds {
            let request = search(&random)
            let bytes = try request.serializedData()
            let read = SearchRequest(plain: bytes.bytes)
            // By their bytes, for NaN is not itself.
            #expect(try read?.serializedData() == bytes)
            let asked = envelope(&random)
            let call = try #require(Call(plain: try Frame.request(asked, on: 5)))
            #expect(call.method.rawValue == asked.method && call.streamID == 5)
            #expect(Data(call.payload) == asked.payload)
            let timeout = asked.timeoutNano
            #expect(call.timeout == (timeout == 0 ? nil : .nanoseconds(timeout)))
        }
    }

    @Test func `whatever is read from damaged bytes swift-protobuf reads, too`() throws {
        var random = RandomBytes(seed: 2)
        var (read, left) = (0, 0)
        for _ in 0..<Self.rounds {
            let bytes = random.damaged(try search(&random).serializedBytes())
            let full = try? SearchRequest(serializedBytes: bytes, options: .wire)
            guard let plain = unsafe SearchRequest(plain: bytes.span.bytes) else {
                left += 1
                continue
            }
            read += 1
            let decoded = try #require(full, "\(bytes)")
            #expect(try plain.serializedData() == decoded.serializedData(), "\(bytes)")
        }
        #expect(read > Self.rounds / 10 && left > Self.rounds / 10)
    }

    @Test func `a damaged envelope is the same call, or refused in the same words`() throws {
        var random = RandomBytes(seed: 3)
        var read = 0
        for _ in 0..<Self.rounds {
            let bytes = random.damaged(try envelope(&random).serializedBytes())
            let frame = Frame(streamID: 1, type: .request, body: ByteBuffer(bytes: bytes))
            guard let plain = Call(plain: frame) else { continue }
            read += 1
            let full = try #require(
                try? TTRPCRequest(serializedBytes: bytes, options: .wire),
                "\(bytes)"
            )
            #expect(full.service == plain.method.service.rawValue && full.timeoutNano >= 0)
            #expect(full.method == plain.method.rawValue && full.payload == Data(plain.payload))
            let timeout = full.timeoutNano
            #expect(plain.timeout == (timeout == 0 ? nil : .nanoseconds(timeout)))
        }
        #expect(read > Self.rounds / 10)
    }

    @Test func `what is not usual is left to swift-protobuf`() throws {
        var request = SearchRequest()
        request.filter.minScore = 1
        let bytes = try request.serializedData()
        #expect(SearchRequest(plain: bytes.bytes) == nil)
        var asked = TTRPCRequest()
        (asked.service, asked.method) = (Method.Service.retrieval.rawValue, "Search")
        #expect(Call(plain: try Frame.request(asked, on: 1)) != nil)
        asked.metadata = [TTRPCKeyValue()]
        #expect(Call(plain: try Frame.request(asked, on: 1)) == nil)
        #expect(try Call(Frame.request(asked, on: 1)).method == .search)
        (asked.metadata, asked.timeoutNano) = ([], -1)
        let error = #expect(throws: CallError.self) { try Call(Frame.request(asked, on: 1)) }
        #expect(error == .deadlineExceeded)
    }

    // MARK: - Responses

    @Test func `an answer has the bytes that swift-protobuf writes`() throws {
        var random = RandomBytes(seed: 4)
        for _ in 0..<Self.rounds {
            var response = SearchResponse()
            response.generation = random.one(of: [0, 1, 300, .max])
            response.embeddingVersion = UInt64(random.number())
            response.partial = random.one(of: [true, false])
            response.effort = random.number()
            response.expectedRecall = random.one(of: [0, 0.95, -0.0, .nan])
            response.found = random.bytes(upTo: 4).map { $0 < 128 }
            response.counts = random.bytes(upTo: 4).map { _ in random.number() }
            let ids = random.bytes(upTo: 6).map { String(repeating: "é", count: Int($0)) }
            let scores = ids.map { Float($0.count) / 3 }
            let written = response.encoded(
                rows: Array(ids.indices),
                scores: scores,
                length: { ids[$0].utf8.count },
                append: { row, bytes in
                    for byte in ids[row].utf8 {
                        bytes.append(byte)
                    }
                }
            )
            (response.itemIds, response.scoresF32Le) = (ids, Data(floats: scores))
            #expect(try written == response.serializedBytes())
        }
    }

    @Test(arguments: [
        "", "serving generation 1", String(repeating: "é", count: 64),
    ])
    func `the answer to Health has the bytes that swift-protobuf writes`(message: String) throws {
        for state in HealthResponse.State.allCases {
            var response = HealthResponse()
            (response.state, response.message) = (state, message)
            #expect(try response.encoded() == response.serializedBytes())
        }
    }

    @Test(arguments: [0, 1, 127, 128, 20_000])
    func `an envelope has the bytes that swift-protobuf writes`(count: Int) throws {
        var response = TTRPCResponse()
        response.payload = Data(repeating: 7, count: count)
        let bytes: [UInt8] = try response.serializedBytes()
        #expect(
            Frame.response(.success([UInt8](response.payload)), on: 1).body
                == ByteBuffer(bytes: bytes)
        )
    }
}

/// Randomness of a seed, as bytes and as damage to them.
private struct RandomBytes {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    mutating func index(below bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    mutating func one<Value>(of values: [Value]) -> Value {
        values[index(below: values.count)]
    }

    /// Often small, sometimes 0, sometimes as large as can be.
    mutating func number() -> UInt32 {
        one(of: [0, UInt32(index(below: 300)), UInt32(truncatingIfNeeded: next()), .max])
    }

    mutating func bytes(upTo most: Int) -> [UInt8] {
        (0..<index(below: most + 1)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// `bytes` cut off, changed, with unknown fields, twice, or as they are.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        switch index(below: 5) {
        case 0:
            bytes.removeLast(index(below: bytes.count + 1))
        case 1 where !bytes.isEmpty:
            bytes[index(below: bytes.count)] = UInt8(truncatingIfNeeded: next())
        case 2:
            let number = UInt8(index(below: 16))
            let unknown = one(of: [
                [number << 3, 7], [number << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8],
                [number << 3 | 2, 2, 1, 2], [number << 3 | 5, 1, 2, 3, 4],
                [number << 3 | 3, number << 3 | 4], [number << 3 | 4], [0xF8, 0x7F, 1],
            ])
            bytes += unknown
        case 3:
            bytes += bytes
        default:
            break
        }
        return bytes
    }
}
