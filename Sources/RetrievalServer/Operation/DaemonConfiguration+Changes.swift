import Foundation

extension DaemonConfiguration {
    /// This with those settings of `next` that are followed without a restart.
    func following(_ next: DaemonConfiguration) -> DaemonConfiguration {
        var followed = self
        followed.logLevel = next.logLevel
        followed.connections = next.connections
        followed.frameTimeout = next.frameTimeout
        followed.stallTimeout = next.stallTimeout
        followed.drainTimeout = next.drainTimeout
        followed.allowUsers = next.allowUsers
        followed.allowGroups = next.allowGroups
        followed.adminUsers = next.adminUsers
        followed.adminGroups = next.adminGroups
        followed.recallSample = next.recallSample
        followed.slowQuery = next.slowQuery
        return followed
    }

    /// The names of the settings in which `next` differs: those that may change while the daemon
    /// runs, and those that wait for its next start.
    func changes(
        to next: DaemonConfiguration
    ) throws -> (taken: [String], waiting: [String]) {
        let followed = following(next)
        return (try differences(from: followed), try followed.differences(from: next))
    }

    private func differences(from other: DaemonConfiguration) throws -> [String] {
        let (old, new) = (try values, try other.values)
        return new.keys.filter { old[$0] != new[$0] }.sorted()
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
