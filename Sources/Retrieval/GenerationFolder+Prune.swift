import Files
import Foundation

extension GenerationFolder {
    /// The generations that may be removed where the newest `count` are to stay, ascending.
    ///
    /// The current one stays in any case, those that are newer, and the one that a rollback leads
    /// to. Where nothing is published all stay.
    ///
    /// - Throws: ``RetrievalError`` with code `damaged` where `CURRENT` is.
    package func old(keeping count: Int) throws(RetrievalError) -> [Int] {
        guard let current = try current() else { return [] }
        let listing = try list()
        let sound = Set(listing.manifests.map(\.generation))
        // Looked at as a rollback does: one whose bytes are wrong is passed over.
        let target = try published().last { number in
            number < current && sound.contains(number) && (try? open(number, checking: true)) != nil
        }
        return try numbers().dropLast(max(0, count)).filter { $0 < current && $0 != target }
    }

    /// Removes generations; processes that have one open keep it.
    package func remove(_ old: [Int]) throws(RetrievalError) {
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        for number in old {
            // Renamed first: a half-removed generation must not look like a damaged one.
            let doomed = temporaryFolder(of: number)
            try reportingFiles { () throws(FileError) in
                try moveDurably(folder(of: number), to: doomed)
            }
            try? FileManager.default.removeItem(at: doomed)
        }
    }
}
