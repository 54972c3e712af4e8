import Foundation
import NIOCore
import Synchronization

@testable import Reactor

/// Two connected sockets: one for a reactor, and one that the test holds, which blocks.
func socketPair() throws -> (near: Int32, far: FarSocket) {
    var both: [Int32] = [-1, -1]
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &both) == 0 else {
        throw ReactorError("make a pair of sockets")
    }
    return (both[0], FarSocket(both[1]))
}

/// The end of a pair that the test holds.
final class FarSocket: Sendable {
    private let descriptor: Int32
    private let isOpen = Mutex(true)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    }

    deinit { close() }

    func send(_ text: String) {
        precondition(offers(text), "the reactor's side has room for a few bytes")
    }

    /// Whether the reactor's side takes a few bytes.
    func offers(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        return count == bytes.count
    }

    /// The next bytes, up to `most`; none at the end, and nil where none come.
    func receive(_ most: Int = 1 << 16) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: most)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        return count < 0 ? nil : Array(bytes[..<count])
    }

    func endOutput() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    func close() {
        isOpen.withLock { isOpen in
            if isOpen { _ = Foundation.close(descriptor) }
            isOpen = false
        }
    }
}

/// A handler that remembers what it was told, and does what it is told to.
final class Recorder: ReactorSocketHandler {
    enum Event: Equatable {
        case received(String)
        case inputClosed, becameWritable, closed
    }

    private let events: EventLog
    private let hear: (Event) -> Void

    init(_ events: EventLog, hear: @escaping (Event) -> Void = { _ in }) {
        self.events = events
        self.hear = hear
    }

    func received(_ bytes: ByteBuffer) { tell(.received(String(buffer: bytes))) }
    func inputClosed() { tell(.inputClosed) }
    func becameWritable() { tell(.becameWritable) }
    func closed() { tell(.closed) }

    private func tell(_ event: Event) {
        events.all.withLock { $0.append(event) }
        hear(event)
    }
}

final class EventLog: Sendable {
    let all = Mutex<[Recorder.Event]>([])

    var list: [Recorder.Event] { all.withLock { $0 } }
}

/// Lets `body` use a reactor of its own.
func withReactor(
    pollTime: TimeAmount = .zero,
    _ body: (Reactor) async throws -> Void
) async throws {
    let reactor = try Reactor(name: "test", pollTime: pollTime)
    do {
        try await body(reactor)
    } catch {
        await reactor.close()
        throw error
    }
    await reactor.close()
}
