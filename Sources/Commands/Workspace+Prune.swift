import EmbeddingStore
import Foundation
import Retrieval

/// What was removed from a workspace, or would be.
package struct PruneReport: Report {
    package let generations: [Int]
    package let embeddingVersions: [Int]
    /// The room that the generations take.
    package let bytes: Int
    /// Whether nothing was done but to look.
    package let isRehearsal: Bool

    private enum CodingKeys: String, CodingKey {
        case generations, bytes
        case embeddingVersions = "embedding_versions"
        case isRehearsal = "dry_run"
    }

    package var description: String {
        guard !generations.isEmpty || !embeddingVersions.isEmpty else { return "nothing to remove" }
        let parts = [("generation", generations), ("embedding version", embeddingVersions)]
        let what = parts.filter { !$0.1.isEmpty }.map { name, numbers in
            "\(name)\(numbers.count == 1 ? "" : "s") "
                + numbers.map(String.init).joined(separator: ", ")
        }
        let size = decimal(Double(bytes) / 1_048_576, 1)
        return (isRehearsal ? "would remove " : "removed ") + what.joined(separator: " and ")
            + (generations.isEmpty ? "" : " (\(size) MiB)")
    }
}

extension Workspace {
    /// Removes generations but the newest `count` and those that must stay, and the embedding versions
    /// that no generation needs any more; with `isRehearsal` only tells which.
    package func prune(keeping count: Int, isRehearsal: Bool) throws -> PruneReport {
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let old = try generations.old(keeping: count)
        let bytes = old.reduce(0) { $0 + size(of: generations.folder(of: $1)) }
        let store = try EmbeddingStore(
            at: storeFolder,
            access: isRehearsal ? .readOnly : .readWrite
        )
        let versions = try unneededVersions(in: store, without: old)
        if !isRehearsal {
            try generations.remove(old)
            for version in versions {
                try store.removeVersion(version)
            }
        }
        return PruneReport(
            generations: old,
            embeddingVersions: versions,
            bytes: bytes,
            isRehearsal: isRehearsal
        )
    }

    /// The embedding versions but the newest that no generation was built from, `old` ones left out.
    private func unneededVersions(in store: EmbeddingStore, without old: [Int]) throws -> [Int] {
        let listing = try generations.list()
        // What a generation needs whose manifest cannot be read, nobody knows.
        guard listing.damaged.allSatisfy({ old.contains($0.number) }) else { return [] }
        let kept = listing.manifests.filter { !old.contains($0.generation) }
        let needed = Set(kept.map(\.embeddingVersion))
        return try store.versions().map(\.number).dropLast().filter { !needed.contains($0) }
    }

    private func size(of folder: URL) -> Int {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.reduce(0) { sum, name in
            let path = folder.appendingPathComponent(name).path
            return sum + ((try? files.attributesOfItem(atPath: path)[.size] as? Int) ?? 0)
        }
    }
}
