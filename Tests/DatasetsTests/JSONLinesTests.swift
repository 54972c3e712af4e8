import EmbeddingStore
import Foundation
import TestSupport
import Testing
import Vectors

@testable import Datasets

private func items(_ text: String) throws -> [Item] {
    try withFile("items.jsonl", text) { try [Item](jsonLinesAt: $0) }
}

@Suite struct JSONLinesTests {
    @Test func `members other than id and text are fields`() throws {
        let text = """
            {"id": "pan", "text": "A copper pan", "colour": "red", "rooms": ["kitchen", 2, true]}

            {"id": 17, "price": 1.50, "new": false, "old": null, "none": [], "some": [null, "x"]}
            """
        #expect(
            try items(text) == [
                Item(
                    id: "pan",
                    text: "A copper pan",
                    fields: ["colour": ["red"], "rooms": ["kitchen", "2", "true"]]
                ),
                Item(
                    id: "17",
                    fields: ["price": ["1.50"], "new": ["false"], "none": [], "some": ["x"]]
                ),
            ]
        )
    }

    @Test func `escapes stand for their characters`() throws {
        let text = #"{"id":"a","text":"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00 ü"}"#
        #expect(try items(text)[0].text == "\"\\/\u{8}\u{C}\n\r\té😀 ü")
    }

    @Test func `a null text is an empty one`() throws {
        #expect(try items(#" { "id" : "a" , "text" : null } "#) == [Item(id: "a")])
    }

    @Test(arguments: [
        ("{}", "no \"id\""),
        ("[]", "one JSON object"),
        ("{\"id\": 1.5}", "a string or an integer"),
        ("{\"id\": 1e2}", "a string or an integer"),
        ("{\"id\": true}", "a string or an integer"),
        ("{\"id\": \"\"}", "1 to 480 bytes, not 0"),
        ("{\"id\": \"a\", \"text\": 5}", "the \"text\" must be a string"),
        ("{\"id\": \"a\", \"x\": {}}", "an object inside"),
        ("{\"id\": \"a\", \"x\": [[1]]}", "a list inside"),
        ("{\"id\": \"a\", \"x\": 1, \"x\": 2}", "the member \"x\" is there twice"),
        ("{\"id\": \"a\"} x", "something follows"),
        ("{\"id\": \"a\"", "separated by commas"),
        ("{\"id\" \"a\"}", "a colon must follow"),
        ("{id: 1}", "name must be a string"),
        ("{\"id\": \"a\",}", "name must be a string"),
        ("{\"id\": \"a}", "a string has no end"),
        ("{\"id\": \"\\x\"}", "an escape in a string is not known"),
        ("{\"id\": \"\\u12g4\"}", "four hexadecimal digits"),
        ("{\"id\": \"\\ud800\"}", "surrogate"),
        ("{\"id\": \"\\udc00\"}", "surrogate"),
        ("{\"id\": \"\\ud800\\u0041\"}", "surrogate"),
        ("{\"id\": \"a\tb\"}", "control character"),
        ("{\"id\": 01}", "missing or misspelled"),
        ("{\"id\": -}", "missing or misspelled"),
        ("{\"id\": \"a\", \"x\": 1.}", "digit behind its point"),
        ("{\"id\": \"a\", \"x\": 1e}", "exponent"),
        ("{\"id\": \"a\", \"x\": nul}", "missing or misspelled"),
        ("{\"id\": \"a\", \"x\": }", "missing or misspelled"),
        ("{\"id\": \"a\", \"x\": [1 2]}", "values of a list"),
    ])
    func `a line that is no item is named`(line: String, reason: String) {
        let error = datasetError { _ = try items("{\"id\": 0}\n\n\(line)\n") }
        #expect(error?.code == .malformed)
        #expect(error?.description.contains("items.jsonl, line 3: ") == true)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "none")")
    }

    @Test func `an id that is there twice names both lines`() {
        let error = datasetError { _ = try items("{\"id\": \"7\"}\n\n{\"id\": 7}\n") }
        #expect(error?.description.contains("line 3: ") == true)
        #expect(error?.description.contains("\"7\" was there before, in line 1") == true)
    }

    @Test(arguments: ["", "\n \n"]) func `a file without items is refused`(text: String) {
        #expect(datasetError { _ = try items(text) }?.code == .empty)
    }

    @Test func `a string that is not UTF-8 is refused`() throws {
        try withFile("items.jsonl", Array("{\"id\": \"".utf8) + [0xFF] + Array("\"}".utf8)) { url in
            let error = datasetError { _ = try [Item](jsonLinesAt: url) }
            #expect(error?.description.contains("not valid UTF-8") == true)
        }
    }

    @Test func `no bytes make the reader trap`() {
        let line = [UInt8](#"{"id":"\u00e9","x":[1.5e3,true,null],"y":"\ud83d\ude00"}"#.utf8)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<5_000 {
            var changed = line
            for _ in 0...random.index(below: 3) {
                changed[random.index(below: line.count)] = line[random.index(below: line.count)]
            }
            let bytes = Array(changed.prefix(random.index(below: line.count + 1)))
            var json = JSONLine(bytes.span)
            _ = try? json.members()
        }
    }
}
