import Files
import Foundation
import LMDB
import TestSupport
import Testing
import Vectors

@testable import EmbeddingStore

@Suite struct EmbeddingTests {
    @Test func `a version comes back in the order of its ids' bytes`() throws {
        try withStore { store in
            let added = try store.addVersion(
                ids: ["rose", "größe", "Zinnia"],
                vectors: threeVectors,
                metric: .cosine,
                note: "by hand"
            )
            let expected = EmbeddingVersion(
                number: 1,
                count: 3,
                dimension: 2,
                metric: .cosine,
                note: "by hand"
            )
            #expect(added == expected)
            #expect(try store.versions() == [expected])
            let embeddings = try store.embeddings(ofVersion: 1)
            #expect(embeddings.ids == ["Zinnia", "größe", "rose"])
            #expect(embeddings.vectors == threeVectors.gather([2, 1, 0]))
        }
    }

    @Test func `a version keeps its context map, which must be square and finite`() throws {
        try withStore { store in
            let map = Matrix(rows: 2, columns: 2, elements: [1, 0.5, -2, 8])
            func add(_ map: Matrix) throws -> EmbeddingVersion {
                try store.addVersion(
                    ids: ["a", "b", "c"],
                    vectors: threeVectors,
                    metric: .cosine,
                    note: "n",
                    contextMap: map
                )
            }
            let added = try add(map)
            #expect(added.contextMap == map)
            #expect(try store.versions() == [added])
            for wrong in [
                Matrix(rows: 2, columns: 1, elements: [1, 1]),
                Matrix(rows: 2, columns: 2, elements: [1, .nan, 0, 1]),
            ] {
                #expect(throws: StoreError.self) { _ = try add(wrong) }
            }
            #expect(try store.versions() == [added])
        }
    }

    @Test func `one embedding is read by item and version`() throws {
        try withStore { store in
            let other = Matrix(rows: 1, columns: 3, elements: [7, 8, 9])
            _ = try store.addVersion(
                ids: ["a", "b", "c"],
                vectors: threeVectors,
                metric: .l2,
                note: ""
            )
            _ = try store.addVersion(ids: ["b"], vectors: other, metric: .l2, note: "")
            #expect(try store.embedding(ofItem: "b", version: 1) == [3, 4])
            #expect(try store.embedding(ofItem: "b", version: 2) == [7, 8, 9])
            #expect(try store.embedding(ofItem: "c", version: 2) == nil)
            #expect(try store.embedding(ofItem: "", version: 2) == nil)
            let size = try store.withEmbedding(ofItem: "a", version: 1) { $0.byteCount }
            #expect(size == 8)
        }
    }

    @Test func `a later catalogue breaks no version`() throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: [], graph: someGraph)
            try store.addThree()
            try store.replaceCatalogue(items: [], contexts: [], graph: someGraph)
            #expect(try store.embedding(ofItem: "a", version: 1) == [1, 2])
        }
    }

    @Test func `many embeddings are written in several transactions`() throws {
        try withStore { store in
            let ids = (0..<10_001).map { "item \($0 * 7919 % 10_001)" }
            let vectors = Matrix(rows: ids.count, columns: 1, elements: ids.indices.map(Float.init))
            _ = try store.addVersion(ids: ids, vectors: vectors, metric: .l2, note: "")
            let embeddings = try store.embeddings(ofVersion: 1)
            let expected = ids.indices.sorted { precedes(ids[$0], ids[$1]) }
            #expect(embeddings.ids == expected.map { ids[$0] })
            #expect(embeddings.vectors.elements == expected.map(Float.init))
        }
    }

    @Test func `a removed version is gone and its number is not used again`() throws {
        try withStore { store in
            try store.addThree()
            try store.addThree()
            try store.removeVersion(2)
            #expect(try store.versions().map(\.number) == [1])
            #expect(try store.dump(store.tables.embeddings).count == 3)
            try store.addThree()
            #expect(try store.versions().map(\.number) == [1, 3])
        }
    }

    @Test(arguments: [-1, 0, 2, .max]) func `an unknown version is named`(number: Int) throws {
        try withStore { store in
            try store.addThree()
            let calls: [() throws -> Void] = [
                { _ = try store.embeddings(ofVersion: number) },
                { _ = try store.embedding(ofItem: "a", version: number) },
                { try store.removeVersion(number) },
            ]
            for call in calls {
                let error = #expect(throws: StoreError.self) { try call() }
                #expect(error?.code == .unknown)
                #expect(error?.description.contains("version \(number)") == true)
            }
        }
    }

    @Test func `what an interrupted call left is invisible, and removed by the next`() throws {
        try withStore { store in
            try store.addThree()
            let leftover = embeddingKey("a", version: 2)
            try store.overwrite(leftover, with: [1, 2, 3], in: store.tables.embeddings)
            #expect(try store.versions().map(\.number) == [1])
            #expect(try store.embeddings(ofVersion: 1).ids == ["a", "b", "c"])
            try store.addThree()
            #expect(try store.embeddings(ofVersion: 2).ids == ["a", "b", "c"])
            #expect(try store.verify().damaged == [])
        }
    }

    @Test func `versions are changed by one call at a time`() throws {
        try withStore { store in
            let claim = try FolderLock(store.folder, name: ".versions.lock")
            let error = #expect(throws: FileError.self) { try store.addThree() }
            #expect(error?.code == .locked)
            extendLifetime(claim)
        }
    }

    @Test(arguments: [
        (["a", "b"], threeVectors, "2 ids for 3 vectors"),
        (["a", "b", "a"], threeVectors, "items 0 and 2 have the same name, a"),
        (["a", "", "c"], threeVectors, "item 1 has an empty name"),
        ([], Matrix(rows: 0, columns: 2), "0 vectors of dimension 2"),
        (["a"], Matrix(rows: 1, columns: 0), "1 vectors of dimension 0"),
        (
            ["a", "b"], Matrix(rows: 2, columns: 1, elements: [1, .nan]),
            "the vector of b (row 1) has a value that is not finite"
        ),
    ])
    func `what breaks a rule is refused`(ids: [String], vectors: Matrix, text: String) throws {
        try withStore { store in
            let error = #expect(throws: StoreError.self) {
                try store.addVersion(ids: ids, vectors: vectors, metric: .l2, note: "")
            }
            #expect(error?.code == .refused)
            #expect(error?.description.contains(text) == true)
            let versions = try store.versions()
            #expect(versions == [])
        }
    }
}

extension EmbeddingStore {
    /// Adds a version with the items a, b and c.
    func addThree() throws {
        _ = try addVersion(ids: ["a", "b", "c"], vectors: threeVectors, metric: .l2, note: "")
    }
}
