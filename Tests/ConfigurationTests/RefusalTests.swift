import Configuration
import Foundation
import TestSupport
import Testing

/// Settings that are refused, and what the refusal says.
struct RefusalTests {
    private func refusal(word: String) -> String? {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try overlay(Sample(), words: [word])
        }
        return error?.description
    }

    private func refusal(yaml: String) -> String? {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try overlay(Sample(), yaml: yaml)
        }
        return error?.description
    }

    @Test(arguments: [
        ("cuont=1", "cuont; did you mean count?"),
        ("learningRate=1", "learningRate; did you mean learning_rate?"),
        ("walk.neighbours=1", "walk.neighbours; did you mean walk.neighbour_count?"),
        ("walk.=1", "walk.; there are walk.neighbour_count, walk.restart"),
        ("walk.port=1", "walk.port; there are walk.neighbour_count, walk.restart"),
        (
            "colour=1",
            "colour; there are count, is_on, learning_rate, name, names, ratio, seed, walk"
        ),
        ("wlk.restart=1", "wlk; did you mean walk?"),
    ])
    func `a key that does not exist is refused with one that is like it, or with all`(
        word: String,
        ending: String
    ) throws {
        #expect(refusal(word: word) == "--set \(word): there is no setting \(ending)")
    }

    @Test(arguments: [
        ("count=many", "count is many, but must be a number"),
        ("count=true", "count is true, but must be a number"),
        ("count=", "count is empty, but must be a number"),
        ("count=1.5", "count is 1.5, but must be a whole number"),
        ("count=1e30", "count is 1e30, which is out of range"),
        ("count=[1]", "count is [1], but must be a number"),
        ("seed=-1", "seed is -1, which is out of range"),
        ("learning_rate=.inf", "learning_rate is .inf, but must be a number"),
        ("learning_rate=.nan", "learning_rate is .nan, but must be a number"),
        ("learning_rate=fast", "learning_rate is fast, but must be a number"),
        ("ratio=1e300", "ratio is 1e300, which is out of range"),
        ("is_on=1", "is_on is 1, but must be true or false"),
        ("is_on=maybe", "is_on is maybe, but must be true or false"),
        ("walk=3", "walk is a group of settings: [\"neighbour_count\", \"restart\"]"),
        ("count.x=3", "count is a group, but must be a number"),
    ])
    func `a value of the wrong kind is refused by name`(word: String, part: String) throws {
        let text = refusal(word: word)
        #expect(text?.hasPrefix("--set \(word): \(part)") == true, "\(text ?? "accepted")")
    }

    @Test(arguments: ["count", "=3", "", "count:3"])
    func `a word without a key and a value is refused`(word: String) throws {
        #expect(refusal(word: word) == "--set \(word) must have the form key=value")
    }

    @Test(arguments: [
        ("- a\n- b", "settings.yaml must hold `key: value` lines"),
        ("just words", "settings.yaml must hold `key: value` lines"),
        ("a: b: c", "settings.yaml is not YAML: line 1, column 5: mapping values are not allowed"),
        ("[1, 2", "settings.yaml is not YAML: line "),
        ("count: 1\ncount: 2", "is not YAML: line 1: count is there twice; leave one of them"),
        ("1: 2", "settings.yaml: there is no setting 1"),
        ("? [a]\n: 2", "settings.yaml must hold `key: value` lines"),
        ("name: [a]", "settings.yaml: name is a list, but must be a text"),
        ("names: a", "settings.yaml: names is a, but must be a list such as [a, b]"),
        ("names: [[a]]", "settings.yaml: names is a list, but must be a list such as [a, b]"),
        ("name:\n  a: b", "settings.yaml: name is a group, but must be a text"),
        ("count: ~", "settings.yaml: count is ~, but must be a number"),
        ("count: '3'", "settings.yaml: count is 3, but must be a number"),
        ("walk:\n  restrat: 1", "did you mean walk.restart?"),
        ("walk: 1", "settings.yaml: walk is a group of settings"),
        ("walk: ~", "settings.yaml: walk is a group of settings"),
    ])
    func `a file that cannot be understood is named`(yaml: String, part: String) throws {
        let text = refusal(yaml: yaml)
        #expect(text?.contains(part) == true, "\(text ?? "accepted")")
    }

    @Test func `bytes that are no text are refused`() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("settings.yaml")
            try Data([0xFF, 0xFE, 0x00, 0xD8]).write(to: file)
            let error = #expect(throws: ConfigurationError.self) {
                _ = try overlay(Sample(), file: file)
            }
            #expect(error?.description.hasSuffix("is not YAML: it is no text in UTF-8") == true)
        }
    }

    @Test func `a file that is not there is named`() throws {
        let file = URL(fileURLWithPath: "/nowhere/settings.yaml")
        let error = #expect(throws: ConfigurationError.self) {
            _ = try overlay(Sample(), file: file)
        }
        #expect(
            error?.description == "cannot read /nowhere/settings.yaml: No such file or directory; "
                + "check the path of --config"
        )
    }
}
