import Foundation

extension DaemonConfiguration {
    /// The settings that are followed without a restart, by their names in the file.
    private static let changeable: Set = [
        "log_level", "connections", "frame_timeout", "stall_timeout", "drain_timeout",
        "allow_users", "allow_groups", "admin_users", "admin_groups",
    ]

    /// The names of the settings in which `next` differs: those that may change while the daemon
    /// runs, and those that wait for its next start.
    func changes(
        to next: DaemonConfiguration
    ) throws -> (taken: [String], waiting: [String]) {
        let (old, new) = (try values, try next.values)
        let names = new.keys.filter { old[$0] != new[$0] }.sorted()
        return (
            names.filter { Self.changeable.contains($0) },
            names.filter { !Self.changeable.contains($0) }
        )
    }

    /// Every setting by its name in the file.
    private var values: [String: NSObject] {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            let tree = try JSONSerialization.jsonObject(with: encoder.encode(self))
            return (tree as? [String: NSObject]) ?? [:]
        }
    }

    /// On what terms clients are connected where a process may have `limit` files open.
    func terms(
        ofSocketGroup group: UInt32?,
        limit: Int
    ) throws(RetrievalServerError) -> ConnectionTerms {
        var terms = ConnectionTerms()
        terms.access = try accessRules()
        terms.access.socketGroup = group
        terms.connections = try DescriptorLimit.connections(
            asked: connections,
            limit: limit,
            threads: threads,
            tellsMetrics: !metrics.isEmpty
        )
        terms.frameTime = .seconds(frameTimeout)
        terms.stallTime = .seconds(stallTimeout)
        terms.drainTime = .seconds(drainTimeout)
        return terms
    }
}
