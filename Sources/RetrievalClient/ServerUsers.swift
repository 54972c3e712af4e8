import Foundation
import NIOCore
import Wire

/// Whose server is trusted.
///
/// A socket is only as good as whoever listens on it: a stranger's would be handed every query. The
/// kernel knows who called `listen` (SO_PEERCRED), so the client asks before it sends anything.
enum ServerUsers {
    /// The users that are trusted at `socket` where nothing is said: this process's own; root, who
    /// can do everything anyway, and is who listens under systemd's socket activation; and the
    /// owner of the socket's folder, who decides what lies in it.
    ///
    /// In a folder of root's where everybody may put sockets, such as `/tmp`, another user's socket
    /// is therefore refused.
    static func trusted(at socket: String) -> Set<UInt32> {
        var users: Set<UInt32> = [geteuid(), 0]
        var facts = stat()
        let folder = URL(fileURLWithPath: socket).deletingLastPathComponent().path
        if unsafe stat(folder, &facts) == 0, facts.st_uid != nobody {
            users.insert(facts.st_uid)
        }
        return users
    }

    /// Learns who listens at the other end of `channel`, and fails unless they are among `users`.
    static func check(
        _ channel: any Channel,
        at socket: String,
        among users: Set<UInt32>
    ) -> EventLoopFuture<Void> {
        guard let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        // struct ucred: process, user, group.
        let credentials: EventLoopFuture<(Int32, UInt32, UInt32)> = options.unsafeGetSocketOption(
            level: SocketOptionLevel(SOL_SOCKET),
            name: SocketOptionName(SO_PEERCRED)
        )
        return credentials.flatMapThrowing { _, user, _ in
            guard users.contains(user) else {
                throw RetrievalClientError.untrusted(user, among: users, socket)
            }
        }
    }
}

extension RetrievalClientError {
    fileprivate static func untrusted(
        _ user: UInt32,
        among users: Set<UInt32>,
        _ socket: String
    ) -> RetrievalClientError {
        RetrievalClientError(
            .permissionDenied,
            "the server at \(socket) runs as user \(user), but only "
                + "\(users.sorted().map(String.init).joined(separator: ", ")) are trusted; "
                + "if it is the right one, run it, or this, as one of these, or have its user "
                + "own the socket's folder"
        )
    }
}
