import NIOCore
package import SwiftProtobuf

/// A call that has been accepted and waits to be answered.
package struct Call: Sendable, Equatable {
    package let streamID: UInt32
    package let method: Method
    /// The method's own message, still encoded.
    package let payload: [UInt8]
    /// How long the caller will wait, counted from receipt; nil for ever.
    package let timeout: Duration?

    package init(streamID: UInt32, method: Method, payload: [UInt8], timeout: Duration?) {
        self.streamID = streamID
        self.method = method
        self.payload = payload
        self.timeout = timeout
    }

    /// The call that a frame of type request asks for, most likely of method `likely`.
    init(_ frame: Frame, likely: Method = .search) throws(CallError) {
        if let plain = Call(plain: frame, likely: likely) {
            self = plain
            return
        }
        let request: TTRPCRequest
        do {
            request = try TTRPCRequest(
                serializedBytes: frame.body.readableBytesSpan,
                options: .wire
            )
        } catch {
            throw .undecodableRequest(error)
        }
        let method = try Method(service: request.service, method: request.method)
        guard request.timeoutNano >= 0 else { throw .deadlineExceeded }
        self.init(
            streamID: frame.streamID,
            method: method,
            payload: [UInt8](request.payload),
            timeout: request.timeoutNano == 0 ? nil : .nanoseconds(request.timeoutNano)
        )
    }

    /// Decodes the payload of a search, which is asked for most often.
    ///
    /// - Throws: as ``message(_:)``.
    package func searchRequest() throws(CallError) -> SearchRequest {
        // Bytes have no padding between them.
        guard let plain = unsafe SearchRequest(plain: payload.span.bytes) else {
            return try message()
        }
        return plain
    }

    /// Decodes the payload.
    ///
    /// - Throws: ``CallError`` of code `internal`, as ttrpc's own library answers.
    package func message<Request: Message>(
        _: Request.Type = Request.self
    ) throws(CallError) -> Request {
        do {
            return try Request(serializedBytes: payload, options: .wire)
        } catch {
            throw .undecodablePayload(error)
        }
    }
}

extension BinaryDecodingOptions {
    /// At most 16 levels: ours have three, and a deep one is an attack on the stack.
    package static var wire: BinaryDecodingOptions {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = 16
        return options
    }
}
