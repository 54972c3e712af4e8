import Foundation
import NIOCore
import SwiftProtobuf
import Wire

/// Requests that are encoded once and sent many times: only their stream ids differ.
struct RequestFrames: Sendable {
    private let frames: [[UInt8]]

    init(_ requests: [SearchRequest]) throws {
        frames = try requests.map { search in
            var request = TTRPCRequest()
            request.service = Method.search.service.rawValue
            request.method = Method.search.rawValue
            request.payload = try search.serializedData()
            var bytes = ByteBuffer()
            bytes.write(try Frame.request(request, on: 0))
            return Array(bytes.readableBytesView)
        }
    }

    var count: Int { frames.count }

    /// Appends the frame of a request, under the stream id of this call.
    func append(_ request: Int, on streamID: UInt32, to bytes: inout [UInt8]) {
        let idOffset = bytes.count + 4
        bytes += frames[request]
        for index in 0..<4 {
            bytes[idOffset + index] = UInt8(truncatingIfNeeded: streamID >> (24 - 8 * index))
        }
    }
}
