import Files
import Foundation

extension GenerationFolder {
    /// Checks generation `number` completely and makes `CURRENT` name it.
    ///
    /// The check compares digests and answers. Where it fails, `CURRENT` stays as it was.
    package func publish(_ number: Int) throws(RetrievalError) {
        try open(number, checking: true).verifyAnswers()
        try makeCurrent(number)
    }

    /// Makes `CURRENT` name generation `number`, which the caller has checked.
    package func makeCurrent(_ number: Int) throws(RetrievalError) {
        try reportingFiles { () throws(FileError) in
            try replaceFile(at: currentFile, with: Self.name(of: number, prefix: "gen-") + "\n")
        }
    }

    /// Publishes the newest sound generation below the current one, and returns its number.
    ///
    /// - Throws: ``RetrievalError`` with code `missing` where there is none; `CURRENT` stays as it
    ///   was.
    package func rollback() throws(RetrievalError) -> Int {
        let (current, older) = try older()
        for number in older {
            do {
                try publish(number)
                return number
            } catch {
                // Of one that is not sound an older one takes the place; a full disk stays full.
                if error.code == .failed { throw error }
            }
        }
        throw RetrievalError(.missing, "there is no sound generation below \(current)")
    }

    /// The current generation, and all below it from the newest on.
    ///
    /// - Throws: ``RetrievalError`` with code `missing` where none is current.
    package func older() throws(RetrievalError) -> (current: Int, older: [Int]) {
        guard let current = try current() else {
            throw RetrievalError(.missing, "no generation is published; publish one first")
        }
        return (current, try numbers().reversed().filter { $0 < current })
    }

    /// The newest sound generation, of those below `bound` where there is a bound, or nil.
    ///
    /// A daemon whose current generation is damaged serves this one.
    package func newestSound(below bound: Int? = nil) throws(RetrievalError) -> Generation? {
        for number in try numbers().reversed() where bound.map({ number < $0 }) ?? true {
            if let generation = try? open(number, checking: true) {
                return generation
            }
        }
        return nil
    }

    /// Removes the oldest generations until `count` are left, and returns the numbers removed.
    ///
    /// The current one and newer ones stay. Processes that have one open keep it.
    package func prune(keeping count: Int) throws(RetrievalError) -> [Int] {
        guard let current = try current() else { return [] }
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let old = try numbers().dropLast(max(0, count)).filter { $0 < current }
        for number in old {
            // Renamed first: a half-removed generation must not look like a damaged one.
            let doomed = temporaryFolder(of: number)
            try reportingFiles { () throws(FileError) in
                try moveDurably(folder(of: number), to: doomed)
            }
            try? FileManager.default.removeItem(at: doomed)
        }
        return Array(old)
    }
}

// MARK: - Construction

extension GenerationFolder {
    /// Makes the folder if need be, claims it for one builder, and removes what builders left that
    /// died: as long as the claim is held, nobody else owns a `tmp-*`.
    func claim() throws(RetrievalError) -> FolderLock {
        let lock = try reportingFiles { () throws(FileError) in
            try makeFolder(at: url)
            return try FolderLock(url)
        }
        for name in try names() where name.hasPrefix("tmp-") {
            try? FileManager.default.removeItem(at: url.appendingPathComponent(name))
        }
        return lock
    }

    /// Where generation `number` is built.
    func temporaryFolder(of number: Int) -> URL {
        url.appendingPathComponent(Self.name(of: number, prefix: "tmp-"), isDirectory: true)
    }
}
