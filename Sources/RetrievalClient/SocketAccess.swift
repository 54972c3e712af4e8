import Foundation

/// Whom a socket lets in, as far as the files tell.
enum SocketAccess {
    /// What a client may do to whom the system does not let connect to the socket at `path`.
    ///
    /// Either the socket is closed to it, or a folder on the way, behind which nothing can be seen.
    static func advice(for path: String) -> String {
        var place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        while true {
            if let facts = try? FileManager.default.attributesOfItem(atPath: place.path) {
                return advice(for: place.path, facts)
            }
            guard place.path != "/" else { return "ask whoever runs corkboardd" }
            place.deleteLastPathComponent()
        }
    }

    private static func advice(for path: String, _ facts: [FileAttributeKey: Any]) -> String {
        let mode = facts[.posixPermissions] as? Int ?? 0
        let group = facts[.groupOwnerAccountName] ?? facts[.groupOwnerAccountID] ?? "?"
        let isFolder = facts[.type] as? FileAttributeType == .typeDirectory
        // To connect is to write to the socket, and to search the folders before it.
        let isOpenToGroup = mode & (isFolder ? 0o010 : 0o020) != 0
        let next =
            isOpenToGroup
            ? "join that group (usermod -a -G \(group) USER, then log in again), or ask whoever "
                + "runs corkboardd"
            : "ask its owner to open it"
        return "\(path) has the group \(group) and the mode 0\(String(mode, radix: 8)); \(next)"
    }
}
