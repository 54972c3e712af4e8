import Configuration
import Foundation
import TestSupport
import Testing

struct OverlayTests {
    @Test func `without a file and words the settings are the defaults`() throws {
        #expect(try overlay(Sample()) == Sample())
        #expect(try overlay(Sample(), yaml: "") == Sample())
        #expect(try overlay(Sample(), yaml: "# only a comment\n\n") == Sample())
        #expect(try overlay(Sample(), yaml: "---\n") == Sample())
        #expect(try overlay(Sample(), yaml: "{}") == Sample())
    }

    @Test func `a file replaces what it names, and leaves the rest`() throws {
        var expected = Sample()
        expected.learningRate = 0.25
        expected.walk.neighbourCount = 7
        let yaml = "learning_rate: 0.25\nwalk:\n  neighbour_count: 7\n"
        #expect(try overlay(Sample(), yaml: yaml) == expected)
    }

    @Test func `words win over the file, and later words over earlier ones`() throws {
        var expected = Sample()
        expected.name = "file"
        expected.count = 5
        expected.walk.restart = 0.75
        let settings = try overlay(
            Sample(),
            yaml: "name: file\ncount: 2\nwalk: {restart: 0.1}",
            words: ["count=4", "walk.restart=0.75", "count=5"]
        )
        #expect(settings == expected)
    }

    @Test func `every kind of value is read`() throws {
        var expected = Sample()
        expected.name = "a b"
        expected.count = -4
        expected.learningRate = 3e-4
        expected.ratio = 2
        expected.isOn = false
        expected.seed = 9_007_199_254_740_993
        let words = [
            "name=a b", "count=-4", "learning_rate=3e-4", "ratio=2", "is_on=false",
            "seed=9007199254740993",
        ]
        #expect(try overlay(Sample(), words: words) == expected)
        let yaml = words.map { $0.replacingOccurrences(of: "=", with: ": ") }
        #expect(try overlay(Sample(), yaml: yaml.joined(separator: "\n")) == expected)
    }

    @Test(arguments: [
        "1.10", "007", "0x1F", "2001-01-01", "yes", "true", "~", "null", "a=b", "a: b", "[x", "#x",
        "", " padded ", "'quoted'", "{}", "1e3", "é – 日本",
    ])
    func `a text is taken from a word letter by letter`(text: String) throws {
        #expect(try overlay(Sample(), words: ["name=\(text)"]).name == text)
    }

    @Test(arguments: [
        ("1.10", "1.10"), ("007", "007"), ("0x1F", "0x1F"), ("2001-01-01", "2001-01-01"),
        ("yes", "yes"), ("'a: b'", "a: b"), ("\"tab\\t\"", "tab\t"), ("''", ""),
    ])
    func `a text is taken from a file as it stands there`(yaml: String, text: String) throws {
        #expect(try overlay(Sample(), yaml: "name: \(yaml)").name == text)
    }

    @Test(arguments: [
        ("[a, 1000, '']", ["a", "1000", ""]), ("[]", []), ("\n- a\n- 007", ["a", "007"]),
    ])
    func `a list is taken from a file, each member as it stands there`(
        yaml: String,
        list: [String]
    ) throws {
        #expect(try overlay(Sample(), yaml: "names: \(yaml)").names == list)
    }
}
