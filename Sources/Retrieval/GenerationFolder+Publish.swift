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
        try record(number)
        try reportingFiles { () throws(FileError) in
            try replaceFile(at: currentFile, with: Self.name(of: number, prefix: "gen-") + "\n")
        }
    }

    /// Publishes the newest sound generation that was published before, below the last one, and
    /// returns its number.
    ///
    /// - Throws: ``RetrievalError`` with code `missing` where there is none; `CURRENT` stays as it
    ///   was.
    package func rollback() throws(RetrievalError) -> Int {
        let (last, older) = try older()
        for number in older {
            do {
                try publish(number)
                return number
            } catch {
                // Of one that is not sound an older one takes the place; a full disk stays full.
                if error.code == .failed || error.code == .exhausted { throw error }
            }
        }
        throw RetrievalError(
            .missing,
            "no generation below \(last) that was published before is sound; \(Self.advice())"
        )
    }

    /// The generation that was published last, and those below it that were published before, from
    /// the newest on.
    ///
    /// - Throws: ``RetrievalError`` with code `missing` where there are none.
    package func older() throws(RetrievalError) -> (last: Int, older: [Int]) {
        guard let last = try lastPublished() else {
            let isThere = FileManager.default.fileExists(atPath: currentFile.path)
            let fault =
                isThere
                ? "nothing tells which generation was published last"
                : "no generation is published"
            throw RetrievalError(.missing, "\(fault); \(Self.advice())")
        }
        let older = try published().reversed().filter { $0 < last }
        guard !older.isEmpty else {
            throw RetrievalError(
                .missing,
                "no generation below \(last) has been published before; \(Self.advice())"
            )
        }
        return (last, older)
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

    /// Removes what builders left that died, unless one is at work.
    package func sweep() {
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        _ = try? claim()
    }

    /// Where generation `number` is built.
    func temporaryFolder(of number: Int) -> URL {
        url.appendingPathComponent(Self.name(of: number, prefix: "tmp-"), isDirectory: true)
    }
}
