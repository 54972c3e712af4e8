import ArgumentParser
import Datasets
import RetrievalClient

/// How thoroughly a search looks, and for how long.
struct EffortOptions: ParsableArguments {
    @Option(
        help: """
            Aim at this recall against exact search, above 0 and at most 1 (by default what the \
            index was tuned to); corkboard status shows what is known of it.
            """
    )
    var recall: Double?

    @Option(
        help: "Search with this effort instead, in the index's unit; corkboard status tells some."
    )
    var effort: Int?

    @Option(
        name: .customLong("timeout"),
        help: ArgumentHelp(
            "Take what was found when so many milliseconds are over.",
            valueName: "milliseconds"
        )
    )
    var milliseconds: Double?

    func validate() throws {
        guard recall == nil || effort == nil else {
            throw ValidationError("--recall and --effort exclude each other; give one of them")
        }
        if let recall, !(recall > 0 && recall <= 1) {
            throw ValidationError("--recall must be above 0 and at most 1, not \(recall)")
        }
        if let effort, !(1...Int(UInt32.max)).contains(effort) {
            throw ValidationError("--effort must be from 1 to \(UInt32.max), not \(effort)")
        }
        if let milliseconds, !(milliseconds >= 0.001 && milliseconds <= 3_600_000) {
            throw ValidationError("--timeout must be from 0.001 to 3600000, not \(milliseconds)")
        }
    }

    func apply(to search: inout SearchOptions) {
        search.recall = recall
        search.effort = effort
        search.timeout = milliseconds.map { .microseconds($0 * 1000) }
    }
}

/// Which items a search may return.
struct FilterOptions: ParsableArguments {
    @Option(
        name: .customLong("allow"),
        parsing: .upToNextOption,
        help: ArgumentHelp("Return none but these items.", valueName: "id")
    )
    var allowed: [String] = []

    @Option(
        name: .customLong("deny"),
        parsing: .upToNextOption,
        help: ArgumentHelp("Do not return these items.", valueName: "id")
    )
    var denied: [String] = []

    @Option(help: ArgumentHelp("Allow the items of this file, one a line.", valueName: "file"))
    var allowFrom: String?

    @Option(help: ArgumentHelp("Deny the items of this file, one a line.", valueName: "file"))
    var denyFrom: String?

    // Unconditional, for many scores begin with a dash.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Return none of a smaller score.", valueName: "score")
    )
    var minScore: Float?

    func validate() throws {
        guard minScore?.isNaN != true else {
            throw ValidationError("--min-score must be a number, not \(minScore ?? .nan)")
        }
    }

    func apply(to search: inout SearchOptions) throws {
        if !allowed.isEmpty || allowFrom != nil {
            search.allowed = allowed + (try ids(in: allowFrom))
        }
        search.denied = denied + (try ids(in: denyFrom))
        search.minimumScore = minScore
    }

    private func ids(in path: String?) throws -> [String] {
        try path.map { try itemIDs(inLinesOf: file($0)) } ?? []
    }
}
