/// Why a call failed: what travels in the `status` of a response.
package struct CallError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Never `ok`.
    package let code: StatusCode
    /// A sentence that names the offending value and, where there is one, the next step.
    package let message: String

    package init(_ code: StatusCode, _ message: String) {
        precondition(code != .ok, "an error of status OK would be taken for a success")
        self.code = code
        self.message = message
    }

    package var description: String { "\(code.name): \(message)" }
}

// MARK: - The errors of the protocol itself, in the words of ttrpc's own library

extension CallError {
    static func oversized(_ length: Int) -> CallError {
        CallError(
            .resourceExhausted,
            "message length \(length) exceed maximum message size of \(Frame.maximumBodySize)"
        )
    }

    static let evenStreamID = CallError(
        .invalidArgument,
        "StreamID must be odd for client initiated streams"
    )

    static let usedStreamID = CallError(
        .invalidArgument,
        "StreamID cannot be re-used and must increment"
    )

    static let inactiveStreamID = CallError(.invalidArgument, "StreamID is no longer active")

    /// Our own rule D1, where ttrpc's documents are silent.
    static let unwantedData = CallError(
        .invalidArgument,
        "the call takes no data frames; it was cancelled"
    )

    static func undecodableRequest(_ error: any Error) -> CallError {
        CallError(.invalidArgument, "unmarshal request error: \(error)")
    }

    package static func undecodablePayload(_ error: any Error) -> CallError {
        CallError(.internal, "ttrpc: error unmarshalling payload: \(error)")
    }

    package static let deadlineExceeded = CallError(
        .deadlineExceeded,
        "context deadline exceeded"
    )

    package static let cancelled = CallError(.cancelled, "the call was cancelled")

    package static let draining = CallError(.unavailable, "draining")

    static func unknownService(_ name: String) -> CallError {
        CallError(.unimplemented, "service \(name)")
    }

    static func unknownMethod(_ name: String) -> CallError {
        CallError(.unimplemented, "method \(name)")
    }
}
