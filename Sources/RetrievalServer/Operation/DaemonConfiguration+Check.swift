import Logging

extension DaemonConfiguration {
    /// The longest time that may be asked for, in seconds.
    private static let longestTime = 3600.0

    /// What is wrong with these settings, in a sentence, or nil.
    package var complaint: String? {
        guard Logger.Level(rawValue: logLevel) != nil else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            return "log_level is \(logLevel), but must be one of \(levels)"
        }
        guard (1...1024).contains(threads) else {
            return "threads is \(threads), but must be from 1 to 1024"
        }
        guard (0...10_000).contains(busyPoll) else {
            return "busy_poll is \(busyPoll), but must be from 0 to 10000 microseconds"
        }
        guard (1...1_000_000).contains(connections) else {
            return "connections is \(connections), but must be from 1 to 1000000"
        }
        guard (0...1).contains(recallLoss) else {
            return "recall_loss is \(recallLoss), but must be from 0 to 1"
        }
        guard (0...1).contains(recallSample) else {
            return "recall_sample is \(recallSample), but must be from 0 to 1"
        }
        guard (0...3_600_000).contains(slowQuery) else {
            return "slow_query is \(slowQuery), but must be 0 or a number of milliseconds"
        }
        guard !workspace.isEmpty else { return "workspace is empty, but must name a folder" }
        return complaintAboutTimes ?? complaintAboutNames
    }

    private var complaintAboutTimes: String? {
        let times = [
            ("frame_timeout", frameTimeout), ("stall_timeout", stallTimeout),
            ("drain_timeout", drainTimeout),
        ]
        let wrong = times.first { !(0.01...Self.longestTime).contains($0.1) }
        return wrong.map { name, time in
            "\(name) is \(time), but must be from 0.01 to \(Int(Self.longestTime)) seconds"
        }
    }

    private var complaintAboutNames: String? {
        do throws(RetrievalServerError) {
            _ = try (accessRules(), group, metricsAddress)
            return nil
        } catch {
            return error.description
        }
    }

    /// The id of the socket's group; nil where none is named.
    var group: UInt32? {
        get throws(RetrievalServerError) {
            socketGroup.isEmpty ? nil : try Account.group(socketGroup, for: "socket_group")
        }
    }

    /// Who may do what, by ids.
    func accessRules() throws(RetrievalServerError) -> AccessRules {
        var rules = AccessRules()
        rules.users = try Account.users(allowUsers, for: "allow_users")
        rules.groups = try Account.groups(allowGroups, for: "allow_groups")
        rules.adminUsers = try Account.users(adminUsers, for: "admin_users")
        rules.adminGroups = try Account.groups(adminGroups, for: "admin_groups")
        return rules
    }
}
