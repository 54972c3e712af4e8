import Foundation
import Indexes
package import Retrieval

/// The generations of a workspace.
package struct GenerationsReport: Report {
    /// Of the generations that can be served, oldest first.
    package let generations: [GenerationManifest]
    /// What is wrong with the others.
    package let damaged: [String]
    /// The one that is published.
    package let current: Int?
    /// Why it cannot be told which that is, or cannot be served; nil where all is well.
    package let trouble: String?

    package var description: String {
        guard !generations.isEmpty || !damaged.isEmpty else {
            return "no generations; corkboard index builds one"
        }
        let rows = generations.map { manifest in
            (manifest.generation == current ? "* " : "  ")
                + column(String(manifest.generation), 4)
                + "  \(manifest.kind.rawValue), \(manifest.setting), \(manifest.count) x "
                + "\(manifest.dimension), embedding version \(manifest.embeddingVersion), "
                + "recall@\(manifest.measured.k) \(decimal(manifest.measured.recall, 4))"
        }
        return (rows + damaged.map { "! \($0)" }).joined(separator: "\n")
            + (trouble.map { "\n! \($0)" } ?? (current == nil ? "\nnone is published" : ""))
    }
}

/// The generation that is served from now on.
package struct PublishReport: Report {
    package let generation: Int
    package let previous: Int?

    package var description: String {
        "generation \(generation) is published"
            + (previous.map { $0 == generation ? " (as before)" : " in place of \($0)" } ?? "")
    }
}

extension Workspace {
    package func listGenerations() throws -> GenerationsReport {
        try requireWorkspace()
        let listing = try generations.list()
        let trouble = generations.trouble(listing)
        return GenerationsReport(
            generations: listing.manifests,
            damaged: listing.damaged.map { "generation \($0.number): \($0.error)" },
            current: try trouble == nil ? generations.current() : nil,
            trouble: trouble
        )
    }

    /// Makes generation `number` the one that is served, by default the newest.
    package func publish(_ number: Int?) throws -> PublishReport {
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        // What CURRENT says counts for nothing now, and it may be damaged.
        let previous = try? generations.current()
        guard let number = try number ?? generations.list().manifests.last?.generation else {
            throw CommandError("\(folder.path) has no generations; run corkboard index first")
        }
        try generations.publish(number)
        return PublishReport(generation: number, previous: previous)
    }

    /// Goes back to the newest sound generation below the published one that was published before.
    package func rollback() throws -> PublishReport {
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let previous = try generations.lastPublished()
        return PublishReport(generation: try generations.rollback(), previous: previous)
    }
}
