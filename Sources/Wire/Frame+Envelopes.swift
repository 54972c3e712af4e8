package import NIOCore
import SwiftProtobuf

/// What a call came to: the encoded message that answers it, or the reason why there is none.
package typealias CallResult = Result<[UInt8], CallError>

extension CallResult {
    /// The status that it is answered with: an answer above 4 MiB becomes an error (rule D2).
    package var status: StatusCode {
        // Beside a payload that long there are its tag, of one byte, and its length, of four.
        switch self {
        case .success(let payload):
            payload.count + 5 > Frame.maximumBodySize ? .resourceExhausted : .ok
        case .failure(let error): error.code
        }
    }
}

// The envelopes of unary calls, on their way into frames and out of them.
extension Frame {
    /// The frame that asks for a call.
    ///
    /// - Throws: ``CallError`` of code `resourceExhausted` where the frame would exceed 4 MiB.
    package static func request(
        _ request: TTRPCRequest,
        on streamID: UInt32
    ) throws(CallError) -> Frame {
        Frame(streamID: streamID, type: .request, body: try body(of: request))
    }

    /// The frame that answers a call; see ``NIOCore/ByteBuffer/write(_:on:)``.
    package static func response(_ result: CallResult, on streamID: UInt32) -> Frame {
        var bytes = ByteBuffer()
        bytes.write(result, on: streamID)
        bytes.moveReaderIndex(forwardBy: headerSize)
        return Frame(streamID: streamID, type: .response, body: bytes)
    }

    /// A frame that carries one message of the stream that answers a call.
    ///
    /// - Throws: ``CallError`` of code `resourceExhausted` where it would exceed 4 MiB.
    package static func message(_ payload: [UInt8], on streamID: UInt32) throws(CallError) -> Frame
    {
        guard payload.count <= maximumBodySize else { throw .oversized(payload.count) }
        return Frame(streamID: streamID, type: .data, body: ByteBuffer(bytes: payload))
    }

    /// The frame after the last message of a stream: its good end (a bad one is a response).
    package static func end(of streamID: UInt32) -> Frame {
        Frame(streamID: streamID, type: .data, flags: [.remoteClosed, .noData])
    }

    /// What the body of a frame of type response says.
    ///
    /// - Throws: ``CallError`` of code `internal` where it is no response at all.
    package func result() throws(CallError) -> CallResult {
        let response: TTRPCResponse
        do {
            response = try TTRPCResponse(serializedBytes: body.readableBytesSpan, options: .wire)
        } catch {
            throw CallError(.internal, "the server's response cannot be decoded: \(error)")
        }
        guard response.hasStatus, response.status.code != 0 else {
            return .success([UInt8](response.payload))
        }
        // gRPC asks that a number of no name be taken for UNKNOWN.
        let code = StatusCode(rawValue: response.status.code) ?? .unknown
        return .failure(CallError(code, response.status.message))
    }

    fileprivate static func failure(_ error: CallError, on streamID: UInt32) -> Frame {
        var response = TTRPCResponse()
        response.status.code = error.code.rawValue
        // A message may quote what the client sent, which may be as long as a frame. Cut by bytes:
        // a single character may be of any length.
        response.status.message = String(
            decoding: error.message.utf8.prefix(longestMessage),
            as: UTF8.self
        )
        let body = (try? body(of: response)) ?? bareFailure
        return Frame(streamID: streamID, type: .response, body: body)
    }

    /// The most bytes of a message that travel.
    static let longestMessage = 1000

    /// A response of status INTERNAL without a message, which needs no encoder; an empty body
    /// would mean success.
    private static let bareFailure = ByteBuffer(bytes: [0x0A, 2, 0x08, 13])

    private static func body(of message: some Message) throws(CallError) -> ByteBuffer {
        let bytes: [UInt8]
        do {
            bytes = try message.serializedBytes()
        } catch {
            throw CallError(.internal, "the message cannot be encoded: \(error)")
        }
        guard bytes.count <= maximumBodySize else { throw .oversized(bytes.count) }
        return ByteBuffer(bytes: bytes)
    }
}

extension ByteBuffer {
    /// Appends the frame that answers a call; an answer above 4 MiB becomes an error (rule D2).
    package mutating func write(_ result: CallResult, on streamID: UInt32) {
        do {
            try write(responseOf: result.get(), on: streamID)
        } catch {
            write(Frame.failure(error, on: streamID))
        }
    }
}
