import Files
import Foundation
import LMDB
import TestSupport
import Testing
import Vectors

@testable import EmbeddingStore

@Suite struct EmbeddingStoreTests {
    @Test func `a reopened store keeps its identity, and another has another`() throws {
        try withTemporaryFolder { folder in
            let identity = try EmbeddingStore(at: folder, access: .readWrite).identity
            #expect(try EmbeddingStore(at: folder, access: .readOnly).identity == identity)
            #expect(UUID(uuidString: identity) != nil)
            #expect(try withStore { $0.identity } != identity)
        }
    }

    @Test func `a store that is missing or unfinished says what to do`() throws {
        try withTemporaryFolder { folder in
            try expectMissing(folder)
            try { _ = try Environment(at: folder.path, access: .readWrite) }()
            try expectMissing(folder)
            try { _ = try Tables(in: Environment(at: folder.path, access: .readWrite)) }()
            try expectMissing(folder)
        }
    }

    private func expectMissing(_ folder: URL) throws {
        let error = #expect(throws: StoreError.self) {
            try EmbeddingStore(at: folder, access: .readOnly)
        }
        #expect(error?.code == .missing)
        #expect(error?.description.contains("run `corkboard import`") == true)
    }

    @Test func `a store of another format is refused`() throws {
        try withTemporaryFolder { folder in
            let store = try EmbeddingStore(at: folder, access: .readWrite)
            let record = Record.seal([2, 0, 0, 0], key: MetaKey.format)
            try store.overwrite(MetaKey.format, with: record, in: store.tables.meta)
            let error = #expect(throws: StoreError.self) {
                try EmbeddingStore(at: folder, access: .readWrite)
            }
            #expect(error?.code == .unsupported)
        }
    }

    @Test func `a reader changes nothing`() throws {
        try withStore { store in
            let reader = try EmbeddingStore(at: store.folder, access: .readOnly)
            #expect(throws: LMDBError.self) {
                try reader.replaceCatalogue(items: flowers, contexts: [], graph: someGraph)
            }
        }
    }

    // MARK: - The bytes

    @Test func `a small store has the bytes that the documentation draws`() throws {
        try withStore { store in
            try store.replaceCatalogue(
                items: [Item(id: "ab", text: "c", fields: ["d": ["e", "fg"]])],
                contexts: ["h"],
                graph: someGraph
            )
            try store.addOne()
            let tables = store.tables
            let dump = try [tables.items, tables.itemIndex, tables.contexts, tables.contextIndex]
                .flatMap(store.dump)
            #expect(
                dump.map(withoutChecksum) == [
                    // key: id, text, 1 field: name, 2 values
                    "00000000: 02000000" + "6162" + "01000000" + "63" + "01000000"
                        + "01000000" + "64" + "02000000" + "01000000" + "65" + "02000000" + "6667",
                    "6162: 00000000",
                    "00000000: 0100000068",
                    "68: 00000000",
                ]
            )
            // count, dimension, metric, note; then version and id: 1.0, -2.0
            #expect(
                try store.dump(tables.versions).map(withoutChecksum) == [
                    "00000001: 01000000" + "02000000" + "02000000" + "6970" + "01000000" + "6e"
                ]
            )
            #expect(
                try store.dump(tables.embeddings).map(withoutChecksum) == [
                    "000000016162: 0000803f000000c0"
                ]
            )
        }
    }

    @Test func `a version of 16 bits has the bytes that the documentation draws`() throws {
        try withStore { store in
            _ = try store.addVersion(
                ids: ["ab"],
                vectors: Matrix(rows: 1, columns: 1, elements: [-2]),
                metric: .innerProduct,
                precision: .fp16,
                note: "n",
                contextMap: Matrix(rows: 1, columns: 1, elements: [1])
            )
            // count, dimension, metric, note, bytes of a value, context map: 1.0
            #expect(
                try store.dump(store.tables.versions).map(withoutChecksum) == [
                    "00000001: 01000000" + "01000000" + "02000000" + "6970" + "01000000" + "6e"
                        + "02" + "0000803f"
                ]
            )
            // -2.0
            #expect(
                try store.dump(store.tables.embeddings).map(withoutChecksum) == [
                    "000000016162: 00c0"
                ]
            )
        }
    }

    @Test func `a record begins with the SHA-256 of key and payload`() throws {
        try withStore { store in
            try store.addOne()
            // printf '\0\0\0\1ab\0\0\x80\x3f\0\0\0\xc0' | sha256sum
            #expect(
                try store.dump(store.tables.embeddings)
                    == ["000000016162: " + "bd5c5074701649c2" + "0000803f000000c0"]
            )
        }
    }

    private func withoutChecksum(_ line: String) -> String {
        let parts = line.split(separator: " ")
        return parts[0] + " " + parts[1].dropFirst(2 * Checksum.byteCount)
    }
}

extension EmbeddingStore {
    /// Adds a version whose one item, ab, has the vector (1, -2).
    func addOne() throws {
        let vectors = Matrix(rows: 1, columns: 2, elements: [1, -2])
        _ = try addVersion(ids: ["ab"], vectors: vectors, metric: .innerProduct, note: "n")
    }
}
