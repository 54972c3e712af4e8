import Foundation
import NIOCore
import Wire

/// A connection whose reads and writes wait for the kernel and for nothing else.
struct BlockingSocket: ~Copyable {
    /// How long the server may be silent, in seconds.
    private static let patience = 30

    private let path: String
    private let descriptor: Int32
    private let pollTime: UInt64

    /// Connects to the Unix socket at `path`; its reads look for bytes for `pollTime` nanoseconds
    /// before they sleep.
    init(path: String, pollTime: UInt64 = 0) throws(RetrievalClientError) {
        descriptor = try Self.connected(to: path)
        self.path = path
        self.pollTime = pollTime
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &patience, size)
        }
    }

    private static func connected(to path: String) throws(RetrievalClientError) -> Int32 {
        guard let address = SocketPath.address(path) else { throw .pathTooLong(path) }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        let number = unsafe address.withSockAddr { address, size in
            unsafe connect(descriptor, address, socklen_t(size)) == 0 ? 0 : errno
        }
        guard number == 0 else {
            close(descriptor)
            throw .unreachable(path, IOError(errnoCode: number, reason: "connect"))
        }
        return descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Writes all of `bytes`.
    borrowing func write(_ bytes: [UInt8]) throws(RetrievalClientError) {
        // Without a signal where the server has gone.
        let flags = Int32(MSG_NOSIGNAL)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
                return unsafe send(descriptor, rest.baseAddress, rest.count, flags)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw failure(errno)
            }
        }
    }

    /// Waits for bytes, and appends to `buffer` those that have come.
    borrowing func read(into buffer: inout ByteBuffer) throws(RetrievalClientError) {
        let end = pollTime > 0 ? now() + pollTime : 0
        while true {
            let isLooking = end > 0 && now() < end
            var count = 0
            unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 1 << 16) { room in
                let flags = isLooking ? Int32(MSG_DONTWAIT) : 0
                unsafe count = recv(descriptor, room.baseAddress, room.count, flags)
                return max(0, count)
            }
            if count > 0 { return }
            guard count < 0 else { throw failure(ECONNRESET) }
            guard errno == EINTR || (errno == EAGAIN && isLooking) else { throw failure(errno) }
        }
    }

    /// Waits for bytes until a time, and tells whether there are any.
    ///
    /// It sleeps for whole milliseconds only, and looks again and again for the rest, so that the
    /// time is kept.
    borrowing func hasBytes(until deadline: UInt64) -> Bool {
        let millisecond: UInt64 = 1_000_000
        while true {
            let time = now()
            let left = deadline > time ? deadline - time : 0
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let sleep = Int32(clamping: left / millisecond) - 1
            if unsafe poll(&request, 1, max(0, sleep)) > 0 { return true }
            if left == 0 { return false }
            sched_yield()
        }
    }

    private borrowing func failure(_ number: Int32) -> RetrievalClientError {
        number == EAGAIN
            ? .noAnswer(within: .seconds(Self.patience), path) : .connectionLost(path)
    }
}
