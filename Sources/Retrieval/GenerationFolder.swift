import Files
package import Foundation

/// The generations of a workspace: the folder `generations`, the file `CURRENT` that names the one
/// to serve, and the file `PUBLISHED` with those that ever were.
///
/// A generation is built in `tmp-NNNNNN` and becomes `gen-NNNNNN` by one rename, so whatever has
/// that name is complete. Generations never change; `CURRENT` is replaced atomically.
package struct GenerationFolder: Sendable {
    /// The folder `generations`.
    package let url: URL
    /// The file `CURRENT`.
    package let currentFile: URL

    package init(workspace: URL) {
        url = workspace.appendingPathComponent("generations", isDirectory: true)
        currentFile = workspace.appendingPathComponent("CURRENT")
    }

    /// What ``list()`` found.
    package struct Listing: Sendable {
        /// Of the sound generations, ascending by number.
        package var manifests: [GenerationManifest] = []
        /// What is wrong with the others, ascending by number.
        package var damaged: [Damaged] = []
    }

    /// A generation that cannot be served.
    package struct Damaged: Sendable, Equatable {
        package var number: Int
        package var error: RetrievalError
    }

    /// All generations by their manifests and the sizes of their files; no digest is computed.
    package func list() throws(RetrievalError) -> Listing {
        var listing = Listing()
        for number in try numbers() {
            do {
                let manifest = try GenerationManifest(inFolder: folder(of: number))
                try manifest.require(number)
                try manifest.verifyFiles(inFolder: folder(of: number), digests: false)
                listing.manifests.append(manifest)
            } catch {
                listing.damaged.append(Damaged(number: number, error: error))
            }
        }
        return listing
    }

    /// The number in `CURRENT`, or nil where nothing is published.
    package func current() throws(RetrievalError) -> Int? {
        guard FileManager.default.fileExists(atPath: currentFile.path) else { return nil }
        guard let text = try? String(contentsOf: currentFile, encoding: .utf8),
            text.hasSuffix("\n"),
            let number = Self.number(in: String(text.dropLast()), prefix: "gen-")
        else {
            throw RetrievalError(
                .damaged,
                "\(currentFile.path) does not name a generation; \(Self.advice(newestRecorded))"
            )
        }
        return number
    }

    /// Opens generation `number`, verifying the SHA-256 of its files if `checking`.
    package func open(_ number: Int, checking: Bool) throws(RetrievalError) -> Generation {
        let folder = folder(of: number)
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw RetrievalError(
                .missing,
                "there is no generation \(number) at \(folder.path); see: corkboard generations"
            )
        }
        let generation = try Generation(at: folder, checking: checking)
        try generation.manifest.require(number)
        return generation
    }

    /// The folder of generation `number`, existing or not.
    package func folder(of number: Int) -> URL {
        url.appendingPathComponent(Self.name(of: number, prefix: "gen-"), isDirectory: true)
    }

    /// A number above all that were ever seen here.
    package func nextNumber() throws(RetrievalError) -> Int {
        max(try numbers().last ?? 0, try history().max() ?? 0) + 1
    }

    /// The numbers of all folders `gen-NNNNNN`, ascending.
    func numbers() throws(RetrievalError) -> [Int] {
        try names().compactMap { Self.number(in: $0, prefix: "gen-") }.sorted()
    }

    /// All names in the folder; none where it does not exist.
    func names() throws(RetrievalError) -> [String] {
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: url.path)
        } catch {
            throw RetrievalError(.failed, "cannot list \(url.path): \(error.reason)")
        }
    }

    /// Far from the end of the integers, so that there is always a next one.
    private static let largestNumber = 999_999_999_999

    static func name(of number: Int, prefix: String) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    static func number(in name: String, prefix: String) -> Int? {
        guard name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)),
            (1...largestNumber).contains(number),
            name == Self.name(of: number, prefix: prefix)
        else { return nil }
        return number
    }
}

extension GenerationManifest {
    /// Checks that this is the manifest of generation `number`, not of a copy under its name.
    fileprivate func require(_ number: Int) throws(RetrievalError) {
        guard generation == number else {
            throw RetrievalError(
                .mismatched,
                "the manifest in the folder of generation \(number) is that of \(generation)"
            )
        }
    }
}
