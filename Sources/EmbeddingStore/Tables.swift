import Files
import LMDB

/// The tables of a store; ``EmbeddingStore`` says what they hold.
struct Tables: Sendable {
    let meta: Table
    let items: Table
    let itemIndex: Table
    let contexts: Table
    let contextIndex: Table
    let versions: Table
    let embeddings: Table

    init(in environment: Environment) throws(LMDBError) {
        items = try environment.table(named: "items")
        itemIndex = try environment.table(named: "item-index")
        contexts = try environment.table(named: "contexts")
        contextIndex = try environment.table(named: "context-index")
        versions = try environment.table(named: "versions")
        embeddings = try environment.table(named: "embeddings")
        // Last, so that a store that was never finished has none.
        meta = try environment.table(named: "meta")
    }

    var all: [Table] {
        [meta, items, itemIndex, contexts, contextIndex, versions, embeddings]
    }

    /// What a person calls the record under `key`.
    func name(ofRecord key: RawSpan, in table: Table) -> String {
        let text = String(key) ?? "(not a text)"
        switch table {
        case meta: return "the record of the \(text)"
        case items: return "item \(numberHeld(by: key).map(String.init) ?? "(no number)")"
        case itemIndex: return "the index of item \(text)"
        case contexts: return "context \(numberHeld(by: key).map(String.init) ?? "(no number)")"
        case contextIndex: return "the index of context \(text)"
        case versions:
            return "embedding version \(numberHeld(by: key).map(String.init) ?? "(none)")"
        default:
            guard let version = numberHeld(by: key) else { return "an embedding without a version" }
            let id = String(key.extracting(droppingFirst: 4)) ?? "(not a text)"
            return "the embedding of item \(id) in version \(version)"
        }
    }
}

extension WriteTransaction {
    /// Stores a payload with its checksum before it.
    @available(*, noasync)
    mutating func put(
        sealed payload: [UInt8],
        for key: [UInt8],
        in table: Table,
        _ placement: Placement = .replacing
    ) throws(LMDBError) {
        try put(Record.seal(payload, key: key), for: key, in: table, placement)
    }
}

extension EmbeddingStore {
    /// The payload of a record, once its checksum has vouched for it.
    ///
    /// - Throws: ``StoreError`` with code `damaged`.
    @_lifetime(copy record)
    func open(_ record: RawSpan, key: RawSpan, in table: Table) throws(StoreError) -> RawSpan {
        guard let payload = Record.open(record, key: key) else {
            throw damaged(key, in: table)
        }
        return payload
    }

    /// The error for a record that does not hold what it should.
    func damaged(_ key: RawSpan, in table: Table) -> StoreError {
        .damaged(tables.name(ofRecord: key, in: table), in: folder)
    }
}
