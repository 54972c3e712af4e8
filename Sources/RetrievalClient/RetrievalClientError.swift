import Foundation
import NIOCore
package import Wire

/// Why the client has no answer: the server's own words, or the reason why it was not reached.
package struct RetrievalClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The server's status, or `unavailable` where there was no server, `deadlineExceeded` where it
    /// took too long.
    package let code: StatusCode
    /// A sentence that names the offending value and the next step.
    package let message: String

    package init(_ code: StatusCode, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(message) (\(code.name))" }
}

extension RetrievalClientError: LocalizedError {
    package var errorDescription: String? { description }
}

extension RetrievalClientError {
    init(_ error: CallError) {
        self.init(error.code, error.message)
    }

    static func pathTooLong(_ socket: String) -> RetrievalClientError {
        RetrievalClientError(
            .invalidArgument,
            "the socket path \(socket) has \(socket.utf8.count) bytes, but "
                + "\(SocketPath.longest) are the most that Linux allows; choose a shorter one"
        )
    }

    static func unreachable(_ socket: String, _ cause: any Error) -> RetrievalClientError {
        if case ChannelError.connectTimeout(let time) = cause {
            return .notConnected(socket, within: .nanoseconds(time.nanoseconds))
        }
        // A connection that was closed before it could be used: EBADF is what NIO then says of its
        // own descriptor.
        guard let number = (cause as? IOError)?.errnoCode, number != EBADF else {
            return .turnedAway(socket)
        }
        let reason = unsafe String(cString: strerror(number))
        let advice =
            switch number {
            case EACCES, EPERM: SocketAccess.advice(for: socket)
            case EAGAIN: "as many clients as may wait to be let in; call again later"
            default:
                "is corkboardd running? start it with: corkboardd -w WORKSPACE --socket \(socket)"
            }
        return RetrievalClientError(
            .unavailable,
            "cannot connect to \(socket): \(reason); \(advice)"
        )
    }

    static func notConnected(_ socket: String, within time: Duration) -> RetrievalClientError {
        RetrievalClientError(
            .unavailable,
            "no connection to \(socket) came about within \(time.text): the server, or this machine, "
                + "is too busy, or was stopped for a while; call again, and see the log of corkboardd "
                + "if that does not help"
        )
    }

    /// A server that does not want a client closes its connection without a word; so does one that
    /// ends.
    static func turnedAway(_ socket: String) -> RetrievalClientError {
        RetrievalClientError(
            .unavailable,
            "the server closed the connection at \(socket) before it answered anything: it may not "
                + "let user \(geteuid()) in (allow_users, allow_groups), may have as many "
                + "connections as it takes (connections), or has ended; see the log of corkboardd, "
                + "or ask whoever runs it"
        )
    }

    static func connectionLost(_ socket: String) -> RetrievalClientError {
        RetrievalClientError(
            .unavailable,
            "the server closed the connection at \(socket) before it answered; "
                + "call again, and see the log of corkboardd if that does not help"
        )
    }

    /// Its caller's task was cancelled.
    static let cancelled = RetrievalClientError(.cancelled, "the call was cancelled")

    static func unwantedData(_ socket: String) -> RetrievalClientError {
        RetrievalClientError(
            .internal,
            "the server at \(socket) sent data where one response was due; is it corkboardd?"
        )
    }

    static func undecodable(_ error: any Error) -> RetrievalClientError {
        RetrievalClientError(.internal, "the answer cannot be decoded: \(error)")
    }

    static func noAnswer(within timeout: Duration, _ socket: String) -> RetrievalClientError {
        RetrievalClientError(
            .deadlineExceeded,
            "the server at \(socket) did not answer within \(timeout.text); allow it more time"
        )
    }
}
