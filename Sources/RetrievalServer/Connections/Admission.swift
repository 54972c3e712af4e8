import Foundation
import Logging
import NIOCore
import Synchronization

/// Decides at the door who gets a connection, and keeps count of who did not.
///
/// A refused peer hears nothing: its connection is closed at once. The log has a line for the
/// first in a second, which counts those before it that had none.
final class Admission: Sendable {
    /// How often it refused, ever.
    struct Counts: Sendable, Equatable {
        /// Peers that the rules do not allow.
        var strangers = 0
        /// Connections above the limit.
        var overLimit = 0
        /// Connections that could not be accepted for want of descriptors or memory.
        var starved = 0
    }

    /// Why a connection is closed at once.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    private struct State {
        var counts = Counts()
        var unlogged = 0
        var nextLine = ContinuousClock.now
        var lastStarved: ContinuousClock.Instant?
    }

    private let terms: Replaceable<ConnectionTerms>
    private let logger: Logger
    private let state = Mutex(State())

    init(_ terms: Replaceable<ConnectionTerms>, logger: Logger) {
        self.terms = terms
        self.logger = logger
    }

    var counts: Counts { state.withLock { $0.counts } }

    /// Whether connections could not be accepted a short while ago.
    var isStarved: Bool {
        state.withLock { $0.lastStarved.map { .now - $0 < .seconds(1) } ?? false }
    }

    /// What `peer` may do, unless that is nothing.
    func access(of peer: PeerCredentials) throws(Refusal) -> AccessRules.Access {
        let access = terms.value.access.access(of: peer)
        guard access == .none else { return access }
        throw refuse(\.strangers, "not in allow_users or allow_groups", peer)
    }

    /// The refusal of one connection more than there may be.
    func refusalOverLimit(of peer: PeerCredentials) -> Refusal {
        refuse(\.overLimit, "as many connections as there may be (connections)", peer)
    }

    /// Notes that a connection could not be accepted.
    func starved(by error: any Error) {
        state.withLock { $0.lastStarved = .now }
        _ = refuse(\.starved, "\(error)", nil)
    }

    private func refuse(
        _ count: WritableKeyPath<Counts, Int>,
        _ reason: String,
        _ peer: PeerCredentials?
    ) -> Refusal {
        let unlogged: Int? = state.withLock { state in
            state.counts[keyPath: count] += 1
            guard .now >= state.nextLine else {
                state.unlogged += 1
                return nil
            }
            defer { state.unlogged = 0 }
            state.nextLine = .now + .seconds(1)
            return state.unlogged
        }
        if let unlogged {
            var facts: Logger.Metadata = ["reason": "\(reason)", "before": "\(unlogged)"]
            if let peer {
                facts["user"] = "\(peer.user)"
                facts["groups"] = "\(peer.groups.sorted())"
                facts["process"] = "\(peer.process)"
            }
            logger.warning("refused a connection", metadata: facts)
        }
        return Refusal(reason: reason)
    }
}
