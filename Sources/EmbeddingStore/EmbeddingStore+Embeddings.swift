import Files
import LMDB
package import Vectors

extension EmbeddingStore {
    /// The complete embedding versions, oldest first.
    package func versions() throws -> [EmbeddingVersion] {
        try versions(environment.read())
    }

    func versions(_ transaction: borrowing ReadTransaction) throws -> [EmbeddingVersion] {
        var versions: [EmbeddingVersion] = []
        var cursor = try transaction.cursor(in: tables.versions)
        while try cursor.advance() {
            try versions.append(version(cursor.value, key: cursor.key))
        }
        return versions
    }

    /// All embeddings of a version: the ids, ascending by their UTF-8 bytes, and their vectors.
    ///
    /// Row r of `vectors` (count, dimension) is the embedding of `ids[r]`.
    ///
    /// - Throws: ``StoreError`` with code `unknown` or `damaged`.
    package func embeddings(
        ofVersion number: Int
    ) throws -> (ids: [String], vectors: Matrix) {
        let transaction = try environment.read()
        let version = try version(number, transaction)
        guard version.count <= (try transaction.count(of: tables.embeddings)) else {
            throw StoreError.damaged("embedding version \(number)", in: folder)
        }
        var ids: [String] = []
        ids.reserveCapacity(version.count)
        var vectors = Matrix(rows: version.count, columns: version.dimension)
        let prefix = key(UInt32(version.number))
        var cursor = try transaction.cursor(in: tables.embeddings, from: prefix)
        while try cursor.advance(), version.includes(cursor.key) {
            let payload = try vector(cursor.value, key: cursor.key, of: version)
            guard let id = String(cursor.key.extracting(droppingFirst: prefix.count)),
                ids.count < version.count
            else { throw damaged(cursor.key, in: tables.embeddings) }
            version.precision.read(payload, to: &vectors, row: ids.count)
            ids.append(id)
        }
        guard ids.count == version.count else {
            throw StoreError.damaged(
                "embedding version \(number), which has \(ids.count) of \(version.count) items,",
                in: folder
            )
        }
        return (ids, vectors)
    }

    /// The embedding of an item in a version; nil where the version does not have the item.
    ///
    /// - Throws: ``StoreError`` with code `unknown` or `damaged`.
    package func embedding(ofItem id: String, version number: Int) throws -> [Float]? {
        let transaction = try environment.read()
        let version = try version(number, transaction)
        guard !id.isEmpty, id.utf8.count <= Item.longestID else { return nil }
        let key = embeddingKey(id, version: UInt32(version.number))
        guard let record = try transaction.value(for: key, in: tables.embeddings) else {
            return nil
        }
        let payload = try unsafe vector(record, key: key.span.bytes, of: version)
        var values = Matrix(rows: 1, columns: version.dimension)
        version.precision.read(payload, to: &values, row: 0)
        return values.elements
    }
}

// MARK: - Records

extension EmbeddingStore {
    private func version(
        _ number: Int,
        _ transaction: borrowing ReadTransaction
    ) throws -> EmbeddingVersion {
        guard let key = UInt32(exactly: number).map(key),
            let record = try transaction.value(for: key, in: tables.versions)
        else { throw StoreError.unknownVersion(number, in: folder) }
        return try unsafe version(record, key: key.span.bytes)
    }

    private func version(_ record: RawSpan, key: RawSpan) throws(StoreError) -> EmbeddingVersion {
        let payload = try open(record, key: key, in: tables.versions)
        guard let number = numberHeld(by: key),
            let version = EmbeddingVersion(number: Int(number), payload: payload)
        else { throw damaged(key, in: tables.versions) }
        return version
    }

    /// The bytes of a vector of the version's dimension.
    @_lifetime(copy record)
    private func vector(
        _ record: RawSpan,
        key: RawSpan,
        of version: EmbeddingVersion
    ) throws(StoreError) -> RawSpan {
        let payload = try open(record, key: key, in: tables.embeddings)
        guard payload.byteCount == version.precision.size * version.dimension else {
            throw damaged(key, in: tables.embeddings)
        }
        return payload
    }
}

extension EmbeddingVersion {
    /// Whether a key of the table of embeddings belongs to this version.
    func includes(_ key: RawSpan) -> Bool {
        numberHeld(by: key).map(Int.init) == number
    }
}
