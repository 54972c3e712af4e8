import Files
import Foundation
import LMDB
import Testing
import Vectors

@testable import EmbeddingStore

@Suite struct DamageTests {
    /// A table, a key in it, and how an error names the record.
    struct Place: Sendable {
        let table: @Sendable (Tables) -> Table
        let entry: [UInt8]
        let name: String
        let read: @Sendable (EmbeddingStore) throws -> Void

        static let all = [
            Place(table: { $0.items }, entry: key(1), name: "item 1") { _ = try $0.item(at: 1) },
            Place(table: { $0.items }, entry: key(1), name: "item 1") { _ = try $0.catalogue() },
            Place(
                table: { $0.itemIndex },
                entry: Array("rose".utf8),
                name: "the index of item rose"
            ) {
                _ = try $0.itemIndex(of: "rose")
            },
            Place(table: { $0.contexts }, entry: key(0), name: "context 0") {
                _ = try $0.catalogue()
            },
            Place(
                table: { $0.contextIndex },
                entry: Array("vase".utf8),
                name: "the index of context vase"
            ) { _ = try $0.contextIndex(of: "vase") },
            Place(table: { $0.meta }, entry: MetaKey.catalogue, name: "the record of the catalogue")
            {
                _ = try $0.catalogueSummary()
            },
            Place(
                table: { $0.meta },
                entry: MetaKey.lastVersion,
                name: "the record of the last-version"
            ) {
                try $0.addThree()
            },
            Place(table: { $0.meta }, entry: MetaKey.identity, name: "the record of the identity") {
                _ = try EmbeddingStore(at: $0.folder, access: .readOnly)
            },
            Place(table: { $0.versions }, entry: key(1), name: "embedding version 1") {
                _ = try $0.versions()
            },
            Place(
                table: { $0.embeddings },
                entry: embeddingKey("b", version: 1),
                name: "the embedding of item b in version 1"
            ) { _ = try $0.embeddings(ofVersion: 1) },
            Place(
                table: { $0.embeddings },
                entry: embeddingKey("b", version: 1),
                name: "the embedding of item b in version 1"
            ) { _ = try $0.embedding(ofItem: "b", version: 1) },
        ]
    }

    private func withFullStore(_ body: (EmbeddingStore) throws -> Void) throws {
        try withStore { store in
            try store.replaceCatalogue(
                items: flowers,
                contexts: ["garden", "vase"],
                graph: someGraph
            )
            try store.addThree()
            try body(store)
        }
    }

    @Test func `a sound store has no damage`() throws {
        try withFullStore { store in
            var told: [Int] = []
            let result = try store.verify { read, total in told = [read, total] }
            #expect(result.damaged == [])
            // 4 of the store, 3 items and 2 contexts twice, 1 version, 3 embeddings
            #expect(result.records == 18)
            #expect(told == [18, 18])
        }
    }

    @Test(arguments: Place.all.indices)
    func `one changed bit is found by reading and by verifying`(index: Int) throws {
        let place = Place.all[index]
        try withFullStore { store in
            try store.damage(place.entry, in: place.table(store.tables))
            let error = #expect(throws: StoreError.self) { try place.read(store) }
            #expect(error?.code == .damaged)
            #expect(error?.description.contains(place.name) == true)
            #expect(try store.verify().damaged.first == place.name)
        }
    }

    @Test func `a sound record under another key is found out`() throws {
        try withFullStore { store in
            let table = store.tables.embeddings
            let bytes = try store.bytes(of: embeddingKey("a", version: 1), in: table)
            try store.overwrite(embeddingKey("b", version: 1), with: bytes, in: table)
            #expect(throws: StoreError.self) { try store.embedding(ofItem: "b", version: 1) }
        }
    }

    @Test func `a record that is not there is missed`() throws {
        try withFullStore { store in
            var transaction = try store.environment.write()
            try transaction.remove(key(1), from: store.tables.items)
            try transaction.remove(embeddingKey("b", version: 1), from: store.tables.embeddings)
            try transaction.commit()
            #expect(throws: StoreError.self) { try store.catalogue() }
            #expect(throws: StoreError.self) { try store.embeddings(ofVersion: 1) }
            #expect(
                try store.verify().damaged == [
                    "the table items, which should have 3 records",
                    "embedding version 1, which has 2 of 3 items",
                ]
            )
        }
    }

    @Test func `a payload that is cut anywhere is no item`() throws {
        let payload = flowers[0].payload
        for count in 0..<payload.count {
            let part = Array(payload.prefix(count))
            #expect(unsafe Item(payload: part.span.bytes) == nil)
        }
        #expect(unsafe Item(payload: payload.span.bytes) == flowers[0])
    }

    @Test func `no bytes make the decoders trap`() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            var payload = flowers[1].payload
            for _ in 0...random.index(below: 4) {
                payload[random.index(below: payload.count)] = UInt8(random.index(below: 256))
            }
            let bytes = payload
            _ = unsafe Item(payload: bytes.span.bytes)
            _ = unsafe EmbeddingVersion(number: 1, payload: bytes.span.bytes)
        }
    }
}
