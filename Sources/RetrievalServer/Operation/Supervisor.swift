import Foundation
import Logging
import Synchronization

/// Whoever started the daemon and watches over it, as systemd does; hears of its state by datagrams
/// (sd_notify(3)).
///
/// A daemon that nobody watches over has one as well, which says nothing.
final class Supervisor: Sendable {
    private let address: [UInt8]
    /// A datagram socket; -1 where nobody listens.
    private let descriptor: Int32
    private let logger: Logger
    private let stops = Atomic(false)

    /// Speaks to the socket at `path`, or to the abstract one where that begins with `@`.
    init(at path: String?, logger: Logger) {
        self.logger = logger
        let text = path ?? ""
        // An abstract name has a zero where people write the sign.
        address = text.hasPrefix("@") ? [0] + text.utf8.dropFirst() : Array(text.utf8)
        let isKnown = text.hasPrefix("/") || text.hasPrefix("@")
        guard isKnown, address.count <= Self.longestAddress else {
            descriptor = -1
            if let path {
                logger.warning("NOTIFY_SOCKET cannot be used", metadata: ["address": "\(path)"])
            }
            return
        }
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // One that does not listen to what it has must not hold up the daemon.
        var time = timeval(tv_sec: 1, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
        }
    }

    /// Whether anybody listens.
    var isThere: Bool { descriptor >= 0 }
    /// Whether the daemon has begun to stop.
    var isStopping: Bool { stops.load(ordering: .relaxed) }

    /// The daemon does what it is for.
    func ready() {
        send("READY=1")
    }

    /// The daemon reads its configuration again; ``ready()`` ends that.
    func reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds)")
    }

    /// The daemon has begun to stop.
    func stopping() {
        stops.store(true, ordering: .relaxed)
        send("STOPPING=1")
    }

    /// The daemon is alive.
    func alive() {
        send("WATCHDOG=1")
    }

    /// What the daemon is doing, for people.
    func status(_ text: String) {
        send("STATUS=\(text.replacing("\n", with: " "))")
    }

    /// The clock that RELOADING has to name.
    private static var monotonicMicroseconds: Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

// MARK: - Datagrams

extension Supervisor {
    private static var longestAddress: Int { MemoryLayout.size(ofValue: sockaddr_un().sun_path) }

    private func send(_ state: String) {
        guard isThere else { return }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &target.sun_path) { room in
            unsafe room.copyBytes(from: address)
        }
        // An abstract name has no end but its length.
        let offset = MemoryLayout<sockaddr_un>.size - Self.longestAddress
        let size = socklen_t(offset + address.count)
        let bytes = Array(state.utf8)
        let sent = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                let flags = Int32(MSG_NOSIGNAL)
                return unsafe sendto(descriptor, bytes, bytes.count, flags, pointer, size)
            }
        }
        if sent < 0 {
            let error = RetrievalServerError.system(errno, "tell the service manager \(state)")
            logger.warning("the service manager does not hear", metadata: ["error": "\(error)"])
        }
    }
}
