import Foundation
import Indexes
import Retrieval
import Wire

/// A list of the generations of the workspace; it reads files, so it belongs on the pool.
struct GenerationsJob: Job {
    let workspace: URL
    /// The number of the one that answers.
    let served: Int?

    var isShort: Bool { false }

    func answer(to pending: PendingCall) throws(CallError) -> [UInt8] {
        let folder = GenerationFolder(workspace: workspace)
        let listing: GenerationFolder.Listing
        do {
            listing = try folder.list()
        } catch {
            throw CallError(RetrievalServerError(error))
        }
        let published = try? folder.current()
        var response = GenerationsResponse()
        response.generations = listing.manifests.map { GenerationsResponse.Entry($0) }
        response.generations += listing.damaged.map { damaged in
            var entry = GenerationsResponse.Entry()
            entry.number = UInt64(clamping: damaged.number)
            entry.trouble = damaged.error.description
            return entry
        }
        response.generations.sort { $0.number < $1.number }
        for place in response.generations.indices {
            let number = Int(clamping: response.generations[place].number)
            response.generations[place].published = number == published
            response.generations[place].served = number == served
        }
        return try encoded(response)
    }
}

extension GenerationsResponse.Entry {
    fileprivate init(_ manifest: GenerationManifest) {
        self.init()
        number = UInt64(clamping: manifest.generation)
        embeddingVersion = UInt64(clamping: manifest.embeddingVersion)
        count = UInt64(clamping: manifest.count)
        indexKind = manifest.kind.rawValue
        measuredRecall = manifest.measured.recall
        recallK = UInt32(clamping: manifest.measured.k)
        bytes = UInt64(clamping: manifest.files.values.reduce(0) { $0 + $1.bytes })
    }
}
