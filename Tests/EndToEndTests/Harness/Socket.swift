import Foundation

/// The way to a daemon, as `corkboard` takes it.
struct Socket: Sendable {
    let path: String

    /// The socket where a daemon serves `workspace` unless it is told otherwise.
    init(of workspace: URL) {
        path = workspace.appendingPathComponent("corkboardd.sock").path
    }

    /// The number of the generation that is served; nil while there is none.
    func generation() async throws -> Int? {
        try await Program.corkboard
            .json(StatusReport.self, ["status", "--socket", path]).generation?.number
    }

    /// The candidates for an item, best first.
    func candidates(for item: String, k: Int) async throws -> [SearchReport.Candidate] {
        let report = try await Program.corkboard.json(
            SearchReport.self,
            ["search", "--item", item, "-k", "\(k)", "--socket", path]
        )
        return report.queries.flatMap(\.candidates)
    }
}
