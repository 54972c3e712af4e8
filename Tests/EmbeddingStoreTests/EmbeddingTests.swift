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
        }
    }

    @Test func `values of 16 bits come back as the nearest, and take half the room`() throws {
        try withStore { store in
            let map = Matrix(rows: 2, columns: 2, elements: [1, 0.5, -2, 8])
            let added = try store.addVersion(
                ids: ["a", "b", "c"],
                vectors: threeVectors,
                metric: .cosine,
                precision: .fp16,
                note: "n",
                contextMap: map
            )
            #expect(added.precision == .fp16)
            #expect(try store.versions() == [added])
            let found = try store.embeddings(ofVersion: 1).vectors
            #expect(found.elements == threeVectors.elements.map { Float(Float16($0)) })
            #expect(try store.embedding(ofItem: "c", version: 1) == found.row(2))
            let sizes = try store.dump(store.tables.embeddings).map {
                $0.split(separator: " ")[1].count / 2 - Checksum.byteCount
            }
            #expect(sizes == [4, 4, 4])
            #expect(try store.verify().damaged == [])
        }
    }

    @Test(arguments: [65_504, 65_520, .infinity, .nan] as [Float])
    func `what 16 bits cannot hold is refused`(value: Float) throws {
        try withStore { store in
            func add() throws {
                _ = try store.addVersion(
                    ids: ["a"],
                    vectors: Matrix(rows: 1, columns: 2, elements: [0, -value]),
                    metric: .innerProduct,
                    precision: .fp16,
                    note: ""
                )
            }
            if value == 65_504 {
                try add()
                #expect(try store.embedding(ofItem: "a", version: 1) == [0, -65_504])
                return
            }
            let error = #expect(throws: StoreError.self) { try add() }
            #expect(error?.code == .refused)
            #expect(error?.description.contains("the vector of a (row 0)") == true)
            #expect(error?.description.contains("take fp32") == true)
            #expect(try store.versions() == [])
        }
    }

    @Test func `vectors of 32 bits in a version of 16 are damage`() throws {
        try withStore { store in
            _ = try store.addVersion(
                ids: ["a"],
                vectors: Matrix(rows: 1, columns: 2, elements: [1, 2]),
                metric: .l2,
                precision: .fp16,
                note: ""
            )
            let key = embeddingKey("a", version: 1)
            let long = Record.seal([UInt8](repeating: 0, count: 8), key: key)
            try store.overwrite(key, with: long, in: store.tables.embeddings)
            let error = #expect(throws: StoreError.self) { try store.embeddings(ofVersion: 1) }
            #expect(error?.code == .damaged)
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
