import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EmbeddingStore

@Suite struct CatalogueTests {
    @Test func `a catalogue comes back as it was given`() throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: ["garden", "vase"])
            let catalogue = try store.catalogue()
            #expect(catalogue.items == flowers)
            #expect(catalogue.contexts == ["garden", "vase"])
            #expect(try (store.itemCount, store.contextCount) == (3, 2))
        }
    }

    @Test func `items and contexts are found by name and by index`() throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: ["garden", "vase"])
            #expect(try store.item(at: 1) == flowers[1])
            #expect(try store.item(withID: "größe") == flowers[2])
            #expect(try store.itemIndex(of: "rose") == 0)
            #expect(try store.contextIndex(of: "vase") == 1)
            #expect(try store.item(withID: "daisy") == nil)
            #expect(try store.itemIndex(of: "") == nil)
            #expect(try store.itemIndex(of: String(repeating: "x", count: 600)) == nil)
        }
    }

    @Test(arguments: [-1, 3, .max]) func `an index beyond the catalogue is named`(
        index: Int
    ) throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: [])
            let error = #expect(throws: StoreError.self) { try store.item(at: index) }
            #expect(error?.code == .unknown)
            #expect(error?.description.contains("\(index)") == true)
        }
    }

    @Test func `a new store has an empty catalogue`() throws {
        try withStore { store in
            let catalogue = try store.catalogue()
            #expect(catalogue.items == [])
            #expect(try store.itemCount == 0)
        }
    }

    @Test func `a later catalogue leaves nothing of the one before`() throws {
        try withStore { store in
            try store.replaceCatalogue(items: flowers, contexts: ["garden", "vase"])
            try store.replaceCatalogue(items: [flowers[2]], contexts: ["vase"])
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
            try store.replaceCatalogue(items: catalogues[0], contexts: [])
            let mixtures = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                for round in 0..<20 {
                    if thread == 0 {
                        let next = catalogues[(round + 1) % 2]
                        try? store.replaceCatalogue(items: next, contexts: [])
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
            try store.replaceCatalogue(items: flowers, contexts: [])
            let error = #expect(throws: StoreError.self) {
                try store.replaceCatalogue(items: ids.map { Item(id: $0) }, contexts: [])
            }
            #expect(error?.code == .refused)
            #expect(error?.description.contains(text) == true)
            #expect(try store.catalogue().items == flowers)
        }
    }

    @Test func `the longest id is stored`() throws {
        try withStore { store in
            let item = Item(id: String(repeating: "x", count: Item.longestID))
            try store.replaceCatalogue(items: [item], contexts: [item.id])
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
