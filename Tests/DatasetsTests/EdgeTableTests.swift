import Foundation
import Graph
import TestSupport
import Testing
import Vectors

@testable import Datasets

private func edges(_ text: String, name: String = "edges.tsv") throws -> EdgeTable {
    try withFile(name, text) { try EdgeTable(contentsOf: $0) }
}

@Suite struct EdgeTableTests {
    @Test func `names are numbered in the order of their first appearance`() throws {
        let table = try edges("kitchen\tpan\nkitchen\tpot\nshop\tpan\n")
        #expect(table.contexts == ["kitchen", "shop"])
        #expect(table.items == ["pan", "pot"])
        #expect(
            table.edges == [
                Edge(context: 0, item: 0), Edge(context: 0, item: 1), Edge(context: 1, item: 0),
            ]
        )
    }

    @Test func `weight and time are read where they are there`() throws {
        let table = try edges("a\tb\na\tb\t2.5\na\tb\t1e-3\t-7\n")
        #expect(table.edges.map(\.weight) == [1, 2.5, 0.001])
        #expect(table.edges.map(\.time) == [nil, nil, -7])
    }

    @Test func `comments, blank lines, CRLF and a byte order mark are passed over`() throws {
        let table = try edges("\u{FEFF}# a heading\r\n\r\na\tb\t2\r\n \t\n#x\ty\nc\td")
        #expect(table.contexts == ["a", "c"])
        #expect(table.items == ["b", "d"])
        #expect(table.edges.map(\.weight) == [2, 1])
    }

    @Test(arguments: [
        ("edges.csv", "a b,c,2\n"), ("edges.tsv", "a b,c,2\n"), ("edges.csv", "\"a b\",\"c\",2"),
    ])
    func `commas separate where there is no tab`(name: String, text: String) throws {
        let table = try edges(text, name: name)
        #expect(table.contexts == ["a b"])
        #expect(table.items == ["c"])
        #expect(table.edges.map(\.weight) == [2])
    }

    @Test func `a quoted field may hold commas and quotes`() throws {
        let table = try edges("\"pots, \"\"pans\"\"\",\"it\"\"em\"\n", name: "edges.csv")
        #expect(table.contexts == ["pots, \"pans\""])
        #expect(table.items == ["it\"em"])
    }

    @Test func `quotes and commas are part of a name between tabs`() throws {
        let table = try edges("\"a\tb,c\n")
        #expect(table.contexts == ["\"a"])
        #expect(table.items == ["b,c"])
    }

    @Test func `two spellings that Unicode holds to be one are one name`() throws {
        let table = try edges("caf\u{E9}\tx\ncafe\u{301}\ty\ncaf\u{E9}\tz\n")
        #expect(table.contexts == ["café"])
        #expect(table.edges.map(\.context) == [0, 0, 0])
    }

    @Test(arguments: [
        ("a\tb\nlonely\n", 2, "not 1; it says: lonely"),
        ("a\tb\t1\t2\t3\n", 1, "not more"),
        ("\tb\n", 1, "the context is empty"),
        ("a\t\n", 1, "the item is empty"),
        ("a\tb\tmany\n", 1, "the weight \"many\" is not a number above zero (a heading"),
        ("a\tb\n#\na\tb\t0\n", 3, "the weight \"0\""),
        ("a\tb\t-1\n", 1, "the weight \"-1\""),
        ("a\tb\tnan\n", 1, "the weight \"nan\""),
        ("a\tb\tinf\n", 1, "the weight \"inf\""),
        ("a\tb\t1e-60\n", 1, "the weight \"1e-60\""),
        ("a\tb\t\t5\n", 1, "the weight \"\""),
        ("a\tb\t1\t1.5\n", 1, "the time \"1.5\" is not an integer"),
        ("a\tb\t1\t99999999999999999999\n", 1, "the time \"99999999999999999999\""),
        ("a,\"b\n", 1, "a quoted field must end on its line"),
        ("a,\"b\"c\n", 1, "a quoted field must end before a comma"),
        ("a,\"\"\n", 1, "the item is empty"),
    ])
    func `a bad line is named`(text: String, line: Int, reason: String) {
        let error = datasetError { _ = try edges(text) }
        #expect(error?.code == .malformed)
        #expect(error?.description.contains("edges.tsv, line \(line): ") == true)
        #expect(error?.description.contains(reason) == true)
    }

    @Test func `a name that is not UTF-8 is refused`() throws {
        try withFile("edges.tsv", Array("a\tb".utf8) + [0xC3, 0x28]) { url in
            let error = datasetError { _ = try EdgeTable(contentsOf: url) }
            #expect(error?.description.contains("line 1: the item is not valid UTF-8") == true)
        }
    }

    @Test func `a name has at most 480 bytes`() throws {
        let longest = String(repeating: "x", count: 480)
        #expect(try edges("a\t\(longest)\n").items == [longest])
        let error = datasetError { _ = try edges("a\t\(longest)x\n") }
        #expect(error?.description.contains("the item has 481 bytes") == true)
    }

    @Test func `a long line is shown cut`() {
        let error = datasetError { _ = try edges(String(repeating: "ä", count: 200)) }
        #expect(
            error?.description.hasSuffix("it says: " + String(repeating: "ä", count: 80)) == true
        )
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n"])
    func `a file without edges says what a line should be`(text: String) {
        let error = datasetError { _ = try edges(text) }
        #expect(error?.code == .empty)
        #expect(error?.description.contains("context<TAB>item") == true)
    }

    @Test func `a missing file is named`() {
        let error = datasetError {
            _ = try EdgeTable(contentsOf: URL(fileURLWithPath: "/nowhere/edges.tsv"))
        }
        #expect(error?.code == .missing)
        #expect(error?.description.contains("/nowhere/edges.tsv") == true)
    }

    @Test func `many names are numbered as a dictionary would`() throws {
        var random = SeededGenerator(seed: 7)
        let pairs = (0..<5_000).map { _ in
            (context: "c\(random.index(below: 900))", item: "ü\(random.index(below: 3_000))")
        }
        let text = pairs.map { "\($0.context)\t\($0.item)\n" }.joined()
        var contexts: [String] = []
        var items: [String] = []
        var known: [String: Int] = [:]
        for pair in pairs {
            if known.updateValue(0, forKey: pair.context) == nil { contexts.append(pair.context) }
            if known.updateValue(0, forKey: pair.item) == nil { items.append(pair.item) }
        }
        let table = try edges(text)
        #expect(table.contexts == contexts)
        #expect(table.items == items)
        for (edge, pair) in zip(table.edges, pairs) {
            #expect(contexts[Int(edge.context)] == pair.context)
            #expect(items[Int(edge.item)] == pair.item)
        }
    }
}
