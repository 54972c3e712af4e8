import Foundation
import NIOCore
import Retrieval
import SwiftProtobuf
import Wire

/// Asks the daemon what its clients ask, the way they do: over a connection of its own.
///
/// It blocks its thread, and shares nothing with the event loops, so that it ends in time even
/// where they do not turn.
struct SelfQuery: Sendable {
    /// What went wrong, in a sentence.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// The path of the daemon's socket.
    let path: String
    let state: ServingState

    /// Asks for its health, which is told at once however much else there is to do.
    ///
    /// - Throws: where there is no answer within `time`.
    func askHealth(within time: Duration) throws {
        try askHealth(over: BlockingConnection(to: path, until: .now + time))
    }

    /// Asks for its health, and where a generation is served for the neighbour of an item.
    ///
    /// That may have to wait for its turn, as every search.
    ///
    /// - Throws: where there is no good answer to both within `time`.
    func run(within time: Duration) throws {
        let connection = try BlockingConnection(to: path, until: .now + time)
        try askHealth(over: connection)
        guard let generation = state.served?.generation, generation.count > 1 else { return }
        var request = RelatedRequest()
        request.itemIds = [generation.id(ofRow: 0)]
        request.k = 1
        do {
            let response = try SearchResponse(
                serializedBytes: connection.call(.related, request)
            )
            guard response.counts == [1] else {
                throw Failure("there are \(response.itemIds.count) neighbours, not one")
            }
        } catch {
            // The next generation need not have the item.
            guard state.served?.generation.number == generation.number else { return }
            throw error
        }
    }

    private func askHealth(over connection: BlockingConnection) throws {
        _ = try HealthResponse(serializedBytes: connection.call(.health, HealthRequest()))
    }
}

/// A connection to a daemon that makes one call at a time, and waits for each.
private final class BlockingConnection {
    private let descriptor: Int32
    private let end: ContinuousClock.Instant
    private var splitter = FrameSplitter()
    private var streamID: UInt32 = 1

    init(to path: String, until end: ContinuousClock.Instant) throws {
        self.end = end
        guard let address = SocketPath.address(path) else {
            throw SelfQuery.Failure("\(path) is too long")
        }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw RetrievalServerError.system(errno, "make a socket") }
        try limitWaiting(SO_SNDTIMEO)
        let number = unsafe address.withSockAddr { address, size in
            unsafe connect(descriptor, address, socklen_t(size)) == 0 ? 0 : errno
        }
        guard number == 0 else { throw RetrievalServerError.system(number, "connect to \(path)") }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
        }
    }

    /// Makes a call, and gives the encoded answer.
    func call(_ method: Method, _ message: some Message) throws -> [UInt8] {
        var request = TTRPCRequest()
        request.service = method.service.rawValue
        request.method = method.rawValue
        request.payload = try message.serializedData()
        var bytes = ByteBuffer()
        bytes.write(try Frame.request(request, on: streamID))
        try send(Array(bytes.readableBytesView))
        streamID += 2
        return try receive().result().get()
    }

    private func send(_ bytes: [UInt8]) throws {
        try limitWaiting(SO_SNDTIMEO)
        // So few bytes go in one piece.
        let sent = unsafe Foundation.send(
            descriptor,
            bytes,
            bytes.count,
            Int32(MSG_NOSIGNAL)
        )
        guard sent == bytes.count else { throw RetrievalServerError.system(errno, "send a call") }
    }

    private func receive() throws -> Frame {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            if case .frame(let frame)? = splitter.next() { return frame }
            try limitWaiting(SO_RCVTIMEO)
            let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
            guard count >= 0 else { throw RetrievalServerError.system(errno, "receive an answer") }
            guard count > 0 else {
                throw SelfQuery.Failure("the daemon closed the connection")
            }
            splitter.append(ByteBuffer(bytes: bytes.prefix(count)))
        }
    }

    /// Lets the next system call wait until the end, and no longer.
    private func limitWaiting(_ option: Int32) throws {
        let left = end - .now
        guard left > .zero else { throw SelfQuery.Failure("the daemon did not answer in time") }
        let (seconds, attoseconds) = left.components
        // A time of zero would be for ever.
        let microseconds = max(Int(attoseconds / 1_000_000_000_000), 1)
        var time = timeval(tv_sec: Int(seconds), tv_usec: microseconds)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard unsafe setsockopt(descriptor, SOL_SOCKET, option, &time, size) == 0 else {
            throw RetrievalServerError.system(errno, "limit how long to wait")
        }
    }
}
