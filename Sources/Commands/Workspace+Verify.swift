import EmbeddingStore
import Foundation
import Retrieval
import Training

/// What `verify` read.
package struct VerifyReport: Report {
    package let records: Int
    package let generations: Int
    /// Everything that failed its check, a sentence each; empty where all is well.
    package let damaged: [String]

    package var description: String {
        let checked = "checked \(records) records and \(generations) generations"
        return damaged.isEmpty
            ? "\(checked): all is well"
            : "\(checked): \(damaged.count) damaged\n"
                + damaged.map { "! \($0)" }.joined(separator: "\n")
    }
}

extension Workspace {
    /// Reads every file of the workspace and checks every checksum.
    package func verify(progress: ProgressHandler) throws -> VerifyReport {
        try requireWorkspace()
        var damaged: [String] = []
        func check(_ body: () throws -> Void) {
            do {
                try body()
            } catch {
                damaged.append(String(describing: error))
            }
        }
        progress(.line("checking the graph and the store"))
        check {
            // Vectors that were made elsewhere need neither graph nor catalogue.
            guard try hasCatalogue() else { return }
            let (_, store) = try open()
            _ = try denseFeatures(in: store)
        }
        var records = 0
        check {
            let found = try EmbeddingStore(at: storeFolder, access: .readOnly).verify()
            records = found.records
            damaged += found.damaged
        }
        for file in [modelFolder.last, modelFolder.best]
        where FileManager.default.fileExists(atPath: file.path) {
            check { _ = try Checkpoint(contentsOf: file) }
        }
        progress(.line("checking the generations"))
        let listing = try generations.list()
        damaged += listing.damaged.map { "generation \($0.number): \($0.error)" }
        for manifest in listing.manifests {
            check { _ = try generations.open(manifest.generation, checking: true) }
        }
        if let trouble = generations.trouble(listing) {
            damaged.append(trouble)
        }
        return VerifyReport(
            records: records,
            generations: listing.manifests.count + listing.damaged.count,
            damaged: damaged
        )
    }
}
