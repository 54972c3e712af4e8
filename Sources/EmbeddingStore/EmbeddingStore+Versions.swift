import Files
import Foundation
import LMDB
package import Vectors

/// How many embeddings one transaction writes or removes: some ten megabytes.
private let chunk = 10_000

// MARK: - Adding

extension EmbeddingStore {
    /// Stores the embeddings of many items as a new version.
    ///
    /// Row r of `vectors` (ids.count, dimension) is the embedding of `ids[r]`; they may lie in a
    /// mapped file, of which no more than a chunk is copied at a time. They are written in several
    /// transactions, and the version's own record last: before it is there, nobody sees any of
    /// them, and what an interrupted call leaves behind the next one removes.
    ///
    /// - Throws: ``StoreError`` with code `refused` where ids and vectors break a rule, a
    ///   `FileError` with code `locked` where another call, here or in another process, is
    ///   changing versions; then no version was added.
    package func addVersion(
        ids: [String],
        vectors: some VectorRows,
        metric: Metric,
        precision: Precision = .fp32,
        note: String,
        contextMap: Matrix? = nil
    ) throws -> EmbeddingVersion {
        if let contextMap,
            contextMap.rows != vectors.columns || contextMap.columns != vectors.columns
                || contextMap.firstRowNotFinite != nil
        {
            throw StoreError(
                .refused,
                "a map of \(contextMap.rows) x \(contextMap.columns) does not turn vectors of dimension "
                    + "\(vectors.columns) into queries; give a square one of finite values"
            )
        }
        try check(ids: ids, vectors: vectors, precision)
        let claim = try FolderLock(folder, name: ".versions.lock")
        defer { extendLifetime(claim) }
        try removeLeftovers()
        let last = try lastVersion()
        guard last < .max else {
            throw StoreError(.refused, "\(folder.path) has no embedding version number left")
        }
        let version = EmbeddingVersion(
            number: Int(last) + 1,
            count: ids.count,
            dimension: vectors.columns,
            metric: metric,
            precision: precision,
            note: note,
            contextMap: contextMap
        )
        // In key order, so that each row is appended behind the last one of its table.
        let rows = ids.indices.sorted { precedes(ids[$0], ids[$1]) }
        for start in stride(from: 0, to: rows.count, by: chunk) {
            let part = rows[start..<min(start + chunk, rows.count)]
            let gathered = vectors.gather(part)
            var transaction = try environment.write()
            for (place, row) in part.enumerated() {
                try transaction.put(
                    sealed: precision.payload(gathered.span(ofRow: place)),
                    for: embeddingKey(ids[row], version: last + 1),
                    in: tables.embeddings,
                    .appending
                )
            }
            try transaction.commit()
        }
        var transaction = try environment.write()
        var number: [UInt8] = []
        number.append(littleEndian: last + 1)
        try transaction.put(sealed: number, for: MetaKey.lastVersion, in: tables.meta)
        try transaction.put(sealed: version.payload, for: key(last + 1), in: tables.versions)
        try transaction.commit()
        return version
    }

    private func check(
        ids: [String],
        vectors: some VectorRows,
        _ precision: Precision
    ) throws(StoreError) {
        guard ids.count == vectors.rows else {
            throw StoreError(
                .refused,
                "there are \(ids.count) ids for \(vectors.rows) vectors; each vector needs one"
            )
        }
        guard vectors.rows > 0, vectors.columns > 0, UInt32(exactly: vectors.columns) != nil else {
            throw StoreError(
                .refused,
                "\(vectors.rows) vectors of dimension \(vectors.columns) make no embedding version"
            )
        }
        try checkNames(ids, of: "item")
        if let row = vectors.firstRow(beyond: precision.largest) {
            throw StoreError(
                .refused,
                "the vector of \(ids[row]) (row \(row)) has a value that is not finite"
                    + (precision == .fp32
                        ? "; mend it, or leave the row out"
                        : " or beyond \(precision.largest), the largest of fp16; take fp32")
            )
        }
    }

    /// The number of the last version ever completed; 0 where there was none.
    private func lastVersion() throws -> UInt32 {
        let transaction = try environment.read()
        guard let record = try transaction.value(for: MetaKey.lastVersion, in: tables.meta) else {
            return 0
        }
        let key = MetaKey.lastVersion
        let payload = try unsafe open(record, key: key.span.bytes, in: tables.meta)
        var reader = RecordReader(payload)
        guard let number = reader.integer(UInt32.self) else {
            throw unsafe damaged(key.span.bytes, in: tables.meta)
        }
        return number
    }
}

// MARK: - Removing

extension EmbeddingStore {
    /// Removes a version and all its embeddings.
    ///
    /// - Throws: ``StoreError`` with code `unknown` where there is no such version.
    package func removeVersion(_ number: Int) throws {
        let claim = try FolderLock(folder, name: ".versions.lock")
        defer { extendLifetime(claim) }
        guard let key = UInt32(exactly: number).map(key) else {
            throw StoreError.unknownVersion(number, in: folder)
        }
        var transaction = try environment.write()
        guard try transaction.remove(key, from: tables.versions) else {
            throw StoreError.unknownVersion(number, in: folder)
        }
        try transaction.commit()
        try removeLeftovers()
    }

    /// Removes the embeddings of versions that have no record.
    private func removeLeftovers() throws {
        while true {
            let leftovers = try leftovers(atMost: chunk)
            guard !leftovers.isEmpty else { return }
            var transaction = try environment.write()
            for key in leftovers {
                try transaction.remove(key, from: tables.embeddings)
            }
            try transaction.commit()
        }
    }

    /// Keys of embeddings whose version has no record.
    private func leftovers(atMost limit: Int) throws -> [[UInt8]] {
        let transaction = try environment.read()
        var leftovers: [[UInt8]] = []
        var cursor = try transaction.cursor(in: tables.embeddings)
        while leftovers.count < limit, try cursor.advance() {
            let version = numberHeld(by: cursor.key)
            if let version, try transaction.value(for: key(version), in: tables.versions) != nil {
                // All embeddings of a version follow each other: leap over them.
                guard version < .max else { break }
                cursor.seek(key(version + 1))
            } else {
                leftovers.append(unsafe cursor.key.withUnsafeBytes { unsafe [UInt8]($0) })
            }
        }
        return leftovers
    }
}

/// The key of an item's embedding in a version.
func embeddingKey(_ id: String, version: UInt32) -> [UInt8] {
    key(version) + id.utf8
}
