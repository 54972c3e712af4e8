import Foundation

/// Who made a connection: the effective ids of the process that called `connect`.
struct PeerCredentials: Sendable, Equatable {
    /// For messages, and to tell the daemon's own queries; not to be trusted with more, since another
    /// process may have it by now.
    ///
    /// No other process has the daemon's while it lives. One that had it before, and connected while
    /// the socket that was passed waited for the daemon, is let in above the limit of connections; no
    /// access follows from it.
    var process: Int32
    var user: UInt32
    /// The primary group, and all others.
    var groups: Set<UInt32>
}

extension PeerCredentials {
    /// The ids of the peer of a connected socket, as the kernel noted them.
    ///
    /// - Throws: ``RetrievalServerError`` of code `system` where the kernel does not tell.
    init(ofPeerOf descriptor: Int32) throws(RetrievalServerError) {
        var ids = Identifiers()
        var size = socklen_t(MemoryLayout<Identifiers>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, Self.peerCredentials, &ids, &size) == 0
        else {
            throw .system(errno, "ask who connected")
        }
        self.init(process: ids.process, user: ids.user, groups: [ids.group])
        groups.formUnion(try Self.otherGroups(of: descriptor))
    }

    /// `struct ucred` of the kernel.
    private struct Identifiers: BitwiseCopyable {
        var process: Int32 = 0
        var user = UInt32.max
        var group = UInt32.max
    }

    /// SO_PEERCRED and SO_PEERGROUPS of the kernel's socket.h.
    private static let peerCredentials: Int32 = 17
    private static let peerGroups: Int32 = 59

    private static func otherGroups(of descriptor: Int32) throws(RetrievalServerError) -> [UInt32] {
        var groups = [UInt32](repeating: 0, count: 32)
        while true {
            let room = socklen_t(groups.count * MemoryLayout<UInt32>.size)
            var size = room
            let result = unsafe getsockopt(descriptor, SOL_SOCKET, peerGroups, &groups, &size)
            let number = errno
            let count = Int(size) / MemoryLayout<UInt32>.size
            if result == 0 {
                return Array(groups.prefix(count))
            }
            // The kernel tells how much room it needs.
            guard number == ERANGE, size > room else { throw .system(number, "ask for groups") }
            groups = [UInt32](repeating: 0, count: count)
        }
    }
}
