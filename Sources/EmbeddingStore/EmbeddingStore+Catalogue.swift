package import Files
import LMDB

/// The record of the catalogue; see ``EmbeddingStore`` for its bytes.
struct CatalogueRecord {
    var items: UInt32 = 0
    var contexts: UInt32 = 0
    var graph = Checksum(value: 0)
    var features: Checksum?
}

// MARK: - Replacing

extension EmbeddingStore {
    /// Replaces the whole catalogue, in one transaction: a reader sees the old one or the new one.
    ///
    /// An item's index is its position in `items`, a context's its position in `contexts`. `graph`
    /// is the checksum of the graph over these indexes; it is kept so that a catalogue and a graph
    /// of two different imports are not taken for a pair, and so is that of the dense features that
    /// came with the items, if any did.
    ///
    /// - Throws: ``StoreError`` with code `refused` where an id or name is empty, longer than
    ///   480 bytes, or there twice; then nothing has changed.
    package func replaceCatalogue(
        items: [Item],
        contexts: [String],
        graph: Checksum,
        features: Checksum? = nil
    ) throws {
        try checkNames(items.lazy.map(\.id), of: "item")
        try checkNames(contexts, of: "context")
        var transaction = try environment.write()
        for table in [tables.items, tables.itemIndex, tables.contexts, tables.contextIndex] {
            try transaction.removeAll(from: table)
        }
        var index: UInt32 = 0
        for item in items {
            try transaction.put(sealed: item.payload, for: key(index), in: tables.items, .appending)
            try transaction.put(index: index, of: item.id, in: tables.itemIndex)
            index += 1
        }
        index = 0
        for name in contexts {
            var payload: [UInt8] = []
            payload.append(text: name)
            try transaction.put(sealed: payload, for: key(index), in: tables.contexts, .appending)
            try transaction.put(index: index, of: name, in: tables.contextIndex)
            index += 1
        }
        var record: [UInt8] = []
        record.append(littleEndian: UInt32(items.count))
        record.append(littleEndian: UInt32(contexts.count))
        record.append(littleEndian: graph.value)
        if let features {
            record.append(littleEndian: features.value)
        }
        try transaction.put(sealed: record, for: MetaKey.catalogue, in: tables.meta)
        try transaction.commit()
    }

    /// Refuses names that cannot be keys, that are there twice, or that are too many.
    func checkNames(_ names: some Collection<String>, of kind: String) throws(StoreError) {
        guard UInt32(exactly: names.count) != nil else {
            throw StoreError(.refused, "\(names.count) \(kind)s are more than a store can number")
        }
        var positions: [String: Int] = [:]
        positions.reserveCapacity(names.count)
        for (position, name) in names.enumerated() {
            guard !name.isEmpty else {
                throw StoreError(.refused, "\(kind) \(position) has an empty name; give it one")
            }
            guard name.utf8.count <= Item.longestID else {
                throw StoreError(
                    .refused,
                    "the name of \(kind) \(position), \(name.prefix(40))…, has "
                        + "\(name.utf8.count) bytes; at most \(Item.longestID) are possible"
                )
            }
            if let first = positions.updateValue(position, forKey: name) {
                throw StoreError(
                    .refused,
                    "\(kind)s \(first) and \(position) have the same name, \(name); keep one"
                )
            }
        }
    }
}

extension WriteTransaction {
    fileprivate mutating func put(
        index: UInt32,
        of name: String,
        in table: Table
    ) throws(LMDBError) {
        var payload: [UInt8] = []
        payload.append(littleEndian: index)
        try put(sealed: payload, for: [UInt8](name.utf8), in: table)
    }
}

// MARK: - Reading

extension EmbeddingStore {
    /// All items and all names of contexts, in the order of their indexes.
    package func catalogue() throws -> (items: [Item], contexts: [String]) {
        let transaction = try environment.read()
        let record = try catalogueRecord(transaction)
        let items = try all(in: tables.items, count: record.items, transaction) {
            Item(payload: $0)
        }
        let contexts = try all(in: tables.contexts, count: record.contexts, transaction) {
            contextName($0)
        }
        return (items, contexts)
    }

    /// The items of some indexes, in their order.
    ///
    /// - Throws: ``StoreError`` with code `damaged` where the catalogue lacks one of them.
    package func items(in range: Range<Int>) throws -> [Item] {
        try records(range, of: tables.items, environment.read()) { Item(payload: $0) }
    }

    /// How many items and contexts the catalogue has, and the checksum of the graph over them, all
    /// of one moment; zeros before the first catalogue.
    package func catalogueSummary() throws -> (items: Int, contexts: Int, graph: Checksum) {
        let record = try catalogueRecord(environment.read())
        return (Int(record.items), Int(record.contexts), record.graph)
    }

    /// The checksum of the dense features that came with the items; nil where none did.
    package func featuresChecksum() throws -> Checksum? {
        try catalogueRecord(environment.read()).features
    }

    /// The item at `index`.
    ///
    /// - Throws: ``StoreError`` with code `unknown` where the catalogue has no such index.
    package func item(at index: Int) throws -> Item {
        let transaction = try environment.read()
        guard let number = UInt32(exactly: index), let item = try item(number, transaction) else {
            let count = try catalogueRecord(transaction).items
            throw StoreError(.unknown, "the catalogue has no item \(index); it has \(count)")
        }
        return item
    }

    /// The item of that id; nil where there is none.
    package func item(withID id: String) throws -> Item? {
        try item(withID: id, environment.read())
    }

    /// The items of those ids in their order, all of one catalogue; nil for each that it lacks.
    package func items(withIDs ids: [String]) throws -> [Item?] {
        let transaction = try environment.read()
        return try ids.map { try item(withID: $0, transaction) }
    }

    /// The index of the item of that id; nil where there is none.
    package func itemIndex(of id: String) throws -> Int? {
        try index(of: id, in: tables.itemIndex, environment.read()).map(Int.init)
    }

    /// The index of the context of that name; nil where there is none.
    package func contextIndex(of name: String) throws -> Int? {
        try index(of: name, in: tables.contextIndex, environment.read()).map(Int.init)
    }

    private func item(
        withID id: String,
        _ transaction: borrowing ReadTransaction
    ) throws -> Item? {
        guard let index = try index(of: id, in: tables.itemIndex, transaction) else { return nil }
        guard let item = try item(index, transaction), item.id.utf8.elementsEqual(id.utf8) else {
            throw unsafe damaged([UInt8](id.utf8).span.bytes, in: tables.itemIndex)
        }
        return item
    }

    private func item(
        _ index: UInt32,
        _ transaction: borrowing ReadTransaction
    ) throws -> Item? {
        try decoded(key(index), in: tables.items, transaction) { Item(payload: $0) }
    }

    private func index(
        of name: String,
        in table: Table,
        _ transaction: borrowing ReadTransaction
    ) throws -> UInt32? {
        guard !name.isEmpty, name.utf8.count <= Item.longestID else { return nil }
        return try decoded([UInt8](name.utf8), in: table, transaction) { payload in
            var reader = RecordReader(payload)
            return reader.integer(UInt32.self)
        }
    }

    /// A record, looked up by its key and decoded; nil where there is none.
    private func decoded<Value>(
        _ key: [UInt8],
        in table: Table,
        _ transaction: borrowing ReadTransaction,
        _ decode: (RawSpan) -> Value?
    ) throws -> Value? {
        guard let record = try transaction.value(for: key, in: table) else { return nil }
        let payload = try unsafe open(record, key: key.span.bytes, in: table)
        guard let value = decode(payload) else {
            throw unsafe damaged(key.span.bytes, in: table)
        }
        return value
    }

    /// Every record of a table whose keys are the numbers below `count`.
    private func all<Value>(
        in table: Table,
        count: UInt32,
        _ transaction: borrowing ReadTransaction,
        _ decode: (RawSpan) -> Value?
    ) throws -> [Value] {
        let values = try records(0..<Int(count), of: table, transaction, decode)
        guard try transaction.count(of: table) == values.count else {
            throw unsafe damaged(key(count).span.bytes, in: table)
        }
        return values
    }

    /// The records of a table whose keys are the numbers of `range`.
    private func records<Value>(
        _ range: Range<Int>,
        of table: Table,
        _ transaction: borrowing ReadTransaction,
        _ decode: (RawSpan) -> Value?
    ) throws -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(min(range.count, try transaction.count(of: table)))
        var cursor = try transaction.cursor(in: table, from: key(UInt32(range.lowerBound)))
        while values.count < range.count, try cursor.advance() {
            let payload = try open(cursor.value, key: cursor.key, in: table)
            guard numberHeld(by: cursor.key).map(Int.init) == range.lowerBound + values.count,
                let value = decode(payload)
            else { throw damaged(cursor.key, in: table) }
            values.append(value)
        }
        guard values.count == range.count else {
            let missing = key(UInt32(range.lowerBound + values.count))
            throw unsafe damaged(missing.span.bytes, in: table)
        }
        return values
    }

    func catalogueRecord(_ transaction: borrowing ReadTransaction) throws -> CatalogueRecord {
        guard let record = try transaction.value(for: MetaKey.catalogue, in: tables.meta) else {
            return CatalogueRecord()
        }
        let key = MetaKey.catalogue
        let payload = try unsafe open(record, key: key.span.bytes, in: tables.meta)
        var reader = RecordReader(payload)
        guard let items = reader.integer(UInt32.self), let contexts = reader.integer(UInt32.self),
            let graph = reader.integer(UInt64.self)
        else { throw unsafe damaged(key.span.bytes, in: tables.meta) }
        let features = reader.remaining == 0 ? nil : reader.integer(UInt64.self)
        guard reader.remaining == 0 else {
            throw unsafe damaged(key.span.bytes, in: tables.meta)
        }
        return CatalogueRecord(
            items: items,
            contexts: contexts,
            graph: Checksum(value: graph),
            features: features.map(Checksum.init(value:))
        )
    }
}

/// The name that the payload of a context's record holds.
func contextName(_ payload: RawSpan) -> String? {
    var reader = RecordReader(payload)
    return reader.text()
}
