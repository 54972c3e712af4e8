import Files
import Foundation

// Which generations have been published, and may be served again without anybody's asking.
//
// `PUBLISHED` has a line for each publication, in the form of `CURRENT`. It is written before
// `CURRENT`, and only ever grows at its end: of two that publish at once neither loses the other's
// line, and a line that a crash has torn spoils no other.
extension GenerationFolder {
    /// The generations that have been published and are still there, ascending.
    package func published() throws(RetrievalError) -> [Int] {
        let history = Set(try history())
        return try numbers().filter(history.contains)
    }

    /// The generation that `CURRENT` names or, where it is damaged, should name; nil where nothing
    /// is published, and where nothing tells what was.
    package func lastPublished() throws(RetrievalError) -> Int? {
        do {
            return try current()
        } catch  where error.code == .damaged {
            return try history().last
        }
    }

    /// Those that a daemon may serve where `CURRENT` names none that it can, the newest first.
    ///
    /// They have been published, and none is newer than the one that was published last.
    package func substitutes() throws(RetrievalError) -> [Int] {
        guard let last = try lastPublished() else { return [] }
        let isNamed = (try? current()) != nil
        return try published().reversed().filter { isNamed ? $0 < last : $0 <= last }
    }

    /// Notes that generation `number` is published.
    func record(_ number: Int) throws(RetrievalError) {
        let bytes = recordBytes()
        let recorded = Self.numbers(inLinesOf: bytes)
        if recorded.last == number { return }
        // What CURRENT names may have been published by a program that keeps no record.
        let new = try history().filter { $0 != number && !recorded.contains($0) } + [number]
        let isTorn = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
        let lines = new.map { Self.name(of: $0, prefix: "gen-") + "\n" }.joined()
        try reportingFiles { () throws(FileError) in
            try appendDurably((isTorn ? "\n" : "") + lines, to: recordFile)
        }
    }

    /// The numbers of all publications, the last one at the end.
    func history() throws(RetrievalError) -> [Int] {
        let recorded = Self.numbers(inLinesOf: recordBytes())
        guard let current = try? current() else { return recorded }
        if recorded.contains(current) { return recorded }
        // A workspace without a record is older than records: there, all below count as published,
        // since the way back led to each of them.
        let older = try recorded.isEmpty ? numbers().filter { $0 < current } : recorded
        return older + [current]
    }

    /// The one that was published last by the record, of those that are still there.
    var newestRecorded: Int? {
        Self.numbers(inLinesOf: recordBytes()).last {
            FileManager.default.fileExists(atPath: folder(of: $0).path)
        }
    }

    private var recordFile: URL {
        currentFile.deletingLastPathComponent().appendingPathComponent("PUBLISHED")
    }

    private func recordBytes() -> Data {
        FileManager.default.contents(atPath: recordFile.path) ?? Data()
    }

    private static func numbers(inLinesOf bytes: Data) -> [Int] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap {
            number(in: String(decoding: $0, as: UTF8.self), prefix: "gen-")
        }
    }
}
