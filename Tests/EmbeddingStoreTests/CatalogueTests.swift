import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EmbeddingStore

@Suite struct CatalogueTests {
    @Test func `a catalogue comes back as it was given`() throws {
        try withStore { store in
            try store.replaceCatalogue(
                items: flowers,
                contexts: ["garden", "vase"],
                graph: someGraph
            )
            let catalogue = try store.catalogue()
            #expect(catalogue.items == flowers)
            #expect(catalogue.contexts == ["garden", "vase"])
            #expect(try store.catalogueSummary() == (3, 2, someGraph))
        }
    }

    @Test(arguments: [nil, Checksum(value: 9)])
    func `a catalogue knows the dense features that came with it`(features: Checksum?) throws {
        try withStore { store in
            #expect(try store.featuresChecksum() == nil)
            try store.replaceCatalogue(
                items: flowers,
                contexts: [],
                graph: someGraph,
                features: features
            )
            #expect(try store.featuresChecksum() == features)
            #expect(try store.catalogueSummary() == (3, 0, someGraph))
        }
    }

    @Test func `items and contexts are found by name and by index`() throws {
        try withStore { store in
            try store.replaceCatalogue(
                items: flowers,
                contexts: ["garden", "vase"],
                graph: someGraph
            )
            #expect(try store.item(at: 1) == flowers[1])
            #expect(try store.item(withID: "größe") == flowers[2])
            #expect(try store.itemIndex(of: "rose") == 0)
            #expect(try store.contextIndex(of: "vase") == 1)
            #expect(try store.item(withID: "daisy") == nil)
            #expect(try store.itemIndex(of: "") == nil)
            #expect(try store.itemIndex(of: String(repeating: "x", count: 600)) == nil)
        }
    }

    @Test func `many items are found at once, in the order of their ids`() throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: [], graph: someGraph)
            let found = try store.items(withIDs: ["größe", "daisy", "", "rose", "rose"])
            #expect(found == [flowers[2], nil, nil, flowers[0], flowers[0]])
            #expect(try store.items(withIDs: []) == [])
        }
    }

    @Test func `a range of items is read alone, and must be there`() throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: [], graph: someGraph)
            #expect(try store.items(in: 1..<3) == Array(flowers[1...]))
            #expect(try store.items(in: 3..<3) == [])
            let error = #expect(throws: StoreError.self) { try store.items(in: 2..<4) }
            #expect(error?.code == .damaged)
            #expect(error?.description.contains("item 3") == true)
        }
    }

    @Test func `an item is never answered under the id of another`() throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: [], graph: someGraph)
            let key = [UInt8]("rose".utf8)
            let record = Record.seal([1, 0, 0, 0], key: key)
            try store.overwrite(key, with: record, in: store.tables.itemIndex)
            let error = #expect(throws: StoreError.self) { try store.item(withID: "rose") }
            #expect(error?.code == .damaged)
            #expect(error?.description.contains("rose") == true)
        }
    }

    @Test func `an item is found whatever catalogue takes the place of another`() throws {
        try withStore { store in
            let orders = [flowers, flowers.reversed()]
            try store.replaceCatalogue(items: orders[0], contexts: [], graph: someGraph)
            let mistakes = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                for round in 0..<20 {
                    if thread == 0 {
                        let next = orders[(round + 1) % 2]
                        try? store.replaceCatalogue(items: next, contexts: [], graph: someGraph)
                    } else if (try? store.item(withID: "rose")) != flowers[0] {
                        mistakes.withLock { $0 += 1 }
                    }
                }
            }
            #expect(mistakes.withLock(\.self) == 0)
        }
    }

    @Test(arguments: [-1, 3, .max]) func `an index beyond the catalogue is named`(
        index: Int
    ) throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: [], graph: someGraph)
            let error = #expect(throws: StoreError.self) { try store.item(at: index) }
            #expect(error?.code == .unknown)
            #expect(error?.description.contains("\(index)") == true)
        }
    }

    @Test func `a new store has an empty catalogue`() throws {
        try withStore { store in
            let catalogue = try store.catalogue()
            #expect(catalogue.items == [])
            #expect(try store.catalogueSummary() == (0, 0, Checksum(value: 0)))
        }
    }

    @Test func `a later catalogue leaves nothing of the one before`() throws {
        try withStore { store in
            try store.replaceCatalogue(
                items: flowers,
                contexts: ["garden", "vase"],
                graph: someGraph
            )
            try store.replaceCatalogue(items: [flowers[2]], contexts: ["vase"], graph: someGraph)
            #expect(try store.catalogue().items == [flowers[2]])
            #expect(try store.itemIndex(of: "rose") == nil)
            #expect(try store.contextIndex(of: "vase") == 0)
            #expect(try store.verify().damaged == [])
        }
    }

    @Test func `readers see one catalogue or the other while they are exchanged`() throws {
        try withStore { store in
            let catalogues = ["old", "new"].map { text in
                (0..<50).map { Item(id: "item \($0)", text: text) }
            }
            try store.replaceCatalogue(items: catalogues[0], contexts: [], graph: someGraph)
            let mixtures = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                for round in 0..<20 {
                    if thread == 0 {
                        let next = catalogues[(round + 1) % 2]
                        try? store.replaceCatalogue(items: next, contexts: [], graph: someGraph)
                    } else if (try? store.catalogue()).map({ !catalogues.contains($0.items) })
                        ?? true
                    {
                        mixtures.withLock { $0 += 1 }
                    }
                }
            }
            #expect(mixtures.withLock(\.self) == 0)
        }
    }

    @Test(arguments: [
        (["a", "a"], "items 0 and 1 have the same name"),
        (["a", ""], "item 1 has an empty name"),
        ([String(repeating: "ü", count: 241)], "has 482 bytes"),
    ])
    func `a bad id is refused and nothing changes`(ids: [String], text: String) throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: [], graph: someGraph)
            let error = #expect(throws: StoreError.self) {
                try store.replaceCatalogue(
                    items: ids.map { Item(id: $0) },
                    contexts: [],
                    graph: someGraph
                )
            }
            #expect(error?.code == .refused)
            #expect(error?.description.contains(text) == true)
            #expect(try store.catalogue().items == flowers)
        }
    }

    @Test func `the longest id is stored`() throws {
        try withStore { store in
            let item = Item(id: String(repeating: "x", count: Item.longestID))
            try store.replaceCatalogue(items: [item], contexts: [item.id], graph: someGraph)
            #expect(try store.item(withID: item.id) == item)
        }
    }

    @Test(arguments: [
        ("", ""),
        ("one line\nand another", "one line"),
        (repeated("x", 80), repeated("x", 80)),
        (repeated("x", 90), repeated("x", 80)),
        (repeated("word ", 20), repeated("word ", 15) + "word"),
        (repeated("abc ", 30), repeated("abc ", 19) + "abc"),
        ("é" + repeated(" seven77", 12), "é" + repeated(" seven77", 9)),
    ])
    func `a summary is the first line, cut at the end of a word`(text: String, summary: String) {
        #expect(Item(id: "x", text: text).summary == summary)
    }
}

private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
}
