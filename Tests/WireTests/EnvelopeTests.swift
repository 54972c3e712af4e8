import Foundation
import NIOCore
import SwiftProtobuf
import Testing

@testable import Wire

struct EnvelopeTests {
    @Test func `a request frame is the golden bytes`() throws {
        var request = TTRPCRequest()
        request.service = "a"
        request.method = "b"
        request.payload = Data([9])
        request.timeoutNano = 300
        var bytes = ByteBuffer()
        bytes.write(try Frame.request(request, on: 1))
        let golden: [UInt8] = [
            0, 0, 0, 12, 0, 0, 0, 1, 1, 0,  // 12 bytes on stream 1: a request without flags
            0x0A, 1, 0x61, 0x12, 1, 0x62,  // service "a", method "b"
            0x1A, 1, 9, 0x20, 0xAC, 0x02,  // payload, timeout_nano
        ]
        #expect(bytes == ByteBuffer(bytes: golden))
    }

    @Test func `an empty answer is a response frame of length 0`() {
        var bytes = ByteBuffer()
        bytes.write(Frame.response(.success([]), on: 7))
        #expect(bytes == ByteBuffer(bytes: [0, 0, 0, 0, 0, 0, 0, 7, 2, 0]))
    }

    @Test(arguments: [
        CallResult.success([1, 2]),
        .failure(CallError(.notFound, "there is no item x")),
    ])
    func `a result comes out of a response as it went in`(result: CallResult) throws {
        #expect(try Frame.response(result, on: 1).result() == result)
    }

    @Test func `an answer above 4 MiB becomes RESOURCE_EXHAUSTED`() throws {
        let fits = [UInt8](repeating: 0, count: Frame.maximumBodySize - 5)
        #expect(Frame.response(.success(fits), on: 1).body.readableBytes == 4 << 20)
        let result = try Frame.response(.success(fits + [0]), on: 1).result()
        #expect(
            result
                == .failure(
                    CallError(
                        .resourceExhausted,
                        "message length 4194305 exceed maximum message size of 4194304"
                    )
                )
        )
    }

    @Test func `a status of no known number is UNKNOWN, and garbage is an error`() throws {
        var response = TTRPCResponse()
        response.status.code = 99
        response.status.message = "x"
        let body = ByteBuffer(bytes: try response.serializedBytes() as [UInt8])
        let frame = Frame(streamID: 1, type: .response, body: body)
        #expect(try frame.result() == .failure(CallError(.unknown, "x")))
        let garbage = Frame(streamID: 1, type: .response, body: ByteBuffer(bytes: [0xFF]))
        #expect(throws: CallError.self) { try garbage.result() }
    }

    @Test func `a message that quotes a long request is shortened`() throws {
        let error = CallError(.unimplemented, String(repeating: "x", count: 5_000_000))
        guard case .failure(let sent) = try Frame.response(.failure(error), on: 1).result() else {
            Issue.record("the failure became a success")
            return
        }
        #expect(sent.message.count == 1000)
    }

    @Test func `an error stays an error where one character of its message is 5 MB`() throws {
        let accents = "e" + String(repeating: "\u{301}", count: 2_500_000)
        try #require(accents.count == 1)
        let error = CallError(.invalidArgument, accents)
        guard case .failure(let sent) = try Frame.response(.failure(error), on: 1).result() else {
            Issue.record("the failure became a success")
            return
        }
        #expect(sent.code == .invalidArgument)
        // A character cut in two becomes U+FFFD, of three bytes.
        #expect((1000...1002).contains(sent.message.utf8.count))
    }

    @Test(arguments: StatusCode.allCases.dropFirst())
    func `no error has the empty body that means success`(code: StatusCode) throws {
        let frame = Frame.response(.failure(CallError(code, "")), on: 1)
        #expect(try frame.result() == .failure(CallError(code, "")))
        #expect(frame.body.readableBytes > 0)
    }

    @Test func `floats travel little-endian and come back bit by bit`() {
        #expect(Data(floats: [1, -2.5]) == Data([0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0]))
        let floats: [Float] = [0, -0.0, .leastNonzeroMagnitude, .infinity, 3.25]
        let back = Data(floats: floats).dropFirst(4).floats
        #expect(back?.map(\.bitPattern) == floats.dropFirst().map(\.bitPattern))
        #expect(Data([1, 2, 3]).floats == nil)
    }

    @Test func `requests recorded in the first version still mean the same`() throws {
        let golden = Data([8, 2, 18, 8, 0, 0, 128, 63, 0, 0, 0, 64, 24, 10, 32, 7, 40, 3])
        let search = try SearchRequest(serializedBytes: golden)
        #expect(search.dim == 2 && search.k == 10 && search.effort == 7)
        #expect(search.queriesF32Le.floats == [1, 2] && search.minGeneration == 3)
        #expect(try search.serializedData() == golden)
        let related = try RelatedRequest(serializedBytes: Data([10, 1, 97, 10, 1, 98, 16, 5]))
        #expect(related.itemIds == ["a", "b"] && related.k == 5)
        let get = try GetRequest(serializedBytes: Data([10, 1, 97, 16, 1]))
        #expect(get.itemIds == ["a"] && get.includeVectors && !get.summariesOnly)
    }

    @Test(arguments: [0, 1, (4 << 20) - 6, (4 << 20) - 5, (4 << 20) - 4, 4 << 20])
    func `a result's status is that of its frame`(size: Int) throws {
        let result = CallResult.success([UInt8](repeating: 0, count: size))
        let answered = try Frame.response(result, on: 1).result()
        switch answered {
        case .success: #expect(result.status == .ok)
        case .failure(let error): #expect(result.status == error.code)
        }
        #expect(CallResult.failure(.cancelled).status == .cancelled)
    }
}
