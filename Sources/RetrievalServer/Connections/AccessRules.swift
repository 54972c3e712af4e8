import Foundation
import Wire

/// Who may connect, and who may change what is served.
///
/// The daemon's own user and root may do both. Lists say who else; where none says who may connect,
/// the members of the socket's group may, as its permissions have it.
struct AccessRules: Sendable, Equatable {
    /// What a peer may do.
    enum Access: Sendable, Equatable {
        case none
        case client
        case administrator
    }

    var ownUser = geteuid()
    /// The group of the socket.
    var socketGroup: UInt32?
    var users: Set<UInt32> = []
    var groups: Set<UInt32> = []
    var adminUsers: Set<UInt32> = []
    var adminGroups: Set<UInt32> = []

    func access(of peer: PeerCredentials) -> Access {
        guard peer.user != nobody else { return .none }
        let peerGroups = peer.groups.subtracting([nobody])
        func isIn(_ users: Set<UInt32>, _ groups: Set<UInt32>) -> Bool {
            users.contains(peer.user) || !groups.isDisjoint(with: peerGroups)
        }
        if peer.user == ownUser || peer.user == 0 || isIn(adminUsers, adminGroups) {
            return .administrator
        }
        let isAllowed =
            users.isEmpty && groups.isEmpty
            ? isIn([], socketGroup.map { [$0] } ?? []) : isIn(users, groups)
        return isAllowed ? .client : .none
    }
}
