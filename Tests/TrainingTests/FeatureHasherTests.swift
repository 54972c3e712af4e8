import PinSage
import Testing
import Training

struct FeatureHasherTests {
    private static let buckets = 1 << 16

    private func content(_ text: String, _ fields: [String: [String]] = [:]) -> Content {
        Content(text: text, fields: fields)
    }

    /// The features of each of `contents`: the weight of each bucket.
    private func features(
        _ contents: [Content],
        by hasher: FeatureHasher
    ) -> [[UInt32: Float]] {
        let rows = hasher(contents)
        #expect(rows.rowCount == contents.count)
        return contents.indices.map { row in
            let range = rows.offsets[row]..<rows.offsets[row + 1]
            return Dictionary(
                zip(rows.columns[range], rows.values[range]),
                uniquingKeysWith: { _, _ in .nan }
            )
        }
    }

    private func hasher(_ contents: [Content], words: Int = 32) -> FeatureHasher {
        var settings = FeatureSettings()
        settings.words = words
        return FeatureHasher(contents, settings: settings, buckets: Self.buckets)
    }

    @Test func `the same content has the same features, whoever counts`() {
        let contents = [
            content("red apple red", ["kind": ["fruit"]]),
            content("green apple", ["kind": ["fruit"], "tags": ["sour", "crisp"]]),
        ]
        let (first, second) = (hasher(contents), hasher(contents))
        #expect(first == second)
        #expect(first(contents) == second(contents))
        #expect(features(contents, by: first)[1].count == 5)
    }

    @Test func `an item's weights have a squared sum of one`() {
        let contents = (0..<20).map { number in
            content(
                (0...number).map { "word\($0 * number)" }.joined(separator: " "),
                ["number": ["\(number)"]]
            )
        }
        for row in features(contents, by: hasher(contents)) {
            #expect(abs(row.values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
            #expect(row.values.allSatisfy { $0 > 0 })
        }
    }

    @Test func `weights are those of the definition`() {
        let contents = [content("bb aa bb"), content("aa cc"), content("aa")]
        let row = features(contents, by: hasher(contents))[0]
        // (1 + log 2) log(4 / 1) for bb, and (1 + log 1) log(4 / 3) for aa.
        let (often, everywhere): (Float, Float) = (1.693147 * 1.386294, 0.287682)
        let length = (often * often + everywhere * everywhere).squareRoot()
        let weights = row.values.sorted()
        #expect(weights.count == 2)
        #expect(abs(weights[0] - everywhere / length) < 1e-5)
        #expect(abs(weights[1] - often / length) < 1e-5)
    }

    @Test func `where there is room for few words, the rare ones stay`() {
        let contents = [content("the rare")] + (0..<9).map { content("the word\($0)") }
        let narrow = features(contents, by: hasher(contents, words: 1))
        let rare = features([content("rare")], by: hasher(contents))[0]
        #expect(narrow[0].keys == rare.keys)
        #expect(narrow.allSatisfy { $0.count == 1 })
    }

    @Test func `a field's value is a word of its own kind`() {
        let hasher = hasher([content("apple", ["fruit": ["apple"], "colour": ["apple"]])])
        let rows = features(
            [
                content("apple"), content("", ["fruit": ["apple"]]),
                content("", ["colour": ["apple"]]), content("", ["fruit": ["apple", "apple"]]),
            ],
            by: hasher
        )
        #expect(rows.allSatisfy { $0.count == 1 })
        #expect(Set(rows[..<3].map { $0.keys.first }).count == 3)
        #expect(rows[1].keys == rows[3].keys)
    }

    @Test func `content without words has an empty row`() {
        let contents = [content(""), content("a b ! - ?"), content("two words"), content(" \n")]
        let rows = hasher(contents)(contents)
        #expect(rows.offsets == [0, 0, 0, 2, 2])
        #expect(hasher([])([]).rowCount == 0)
        #expect(rows.values.allSatisfy { $0.isFinite })
    }

    @Test func `letters count beyond ASCII, and capitals do not`() {
        let contents = [content("Ünï-日本 été")]
        let hasher = hasher(contents)
        #expect(features(contents, by: hasher)[0].count == 3)
        let pairs = [("ÜNÏ", "ünï"), ("日本", "日本!"), ("Été", "ÉTÉ,"), ("ABC1", "abc1")]
        for (first, second) in pairs {
            let rows = features([content(first), content(second)], by: hasher)
            #expect(rows[0] == rows[1])
            #expect(rows[0].count == 1)
        }
        // A word of one letter is one of two bytes or more where it is not ASCII.
        #expect(features([content("日 x")], by: hasher)[0].count == 1)
    }

    @Test func `a word that was never seen counts as rare as one seen once`() {
        let hasher = hasher([content("one"), content("two two")])
        let row = features([content("one unseen")], by: hasher)[0]
        #expect(Set(row.values).count == 1)
    }

    @Test func `words fall into buckets that exist, and meet where there are few`() {
        let contents = (0..<300).map { content("word\($0)") }
        let hasher = FeatureHasher(contents, settings: FeatureSettings(), buckets: 7)
        #expect(hasher.rarity.count == 7)
        let columns = hasher(contents).columns
        #expect(Set(columns) == Set(0..<7))
    }

    @Test func `the bucket of a word is part of every checkpoint, and stays`() {
        let words = ["apple", "日本", "word1"]
        let hasher = hasher(words.map { content($0) })
        // FNV-1a, computed by another program.
        #expect(hasher(words.map { content($0) }).columns == [10126, 27613, 9617])
    }

    @Test func `words of one stem share runs of characters`() {
        var settings = FeatureSettings()
        settings.words = 1000
        let contents = [content("compressing"), content("compressor"), content("gardens")]
        func shared(_ a: Int, _ b: Int) -> Int {
            let hasher = FeatureHasher(contents, settings: settings, buckets: Self.buckets)
            let rows = features(contents, by: hasher)
            return Set(rows[a].keys).intersection(rows[b].keys).count
        }
        #expect(shared(0, 1) == 0)
        settings.runs = 4
        // <com comp ompr mpre pres ress
        #expect(shared(0, 1) == 6)
        #expect(shared(0, 2) == 0)
    }

    @Test func `runs of characters cut no character apart`() {
        var settings = FeatureSettings()
        settings.runs = 3
        let contents = [content("日本語"), content("本語"), content("other")]
        let hasher = FeatureHasher(contents, settings: settings, buckets: Self.buckets)
        let rows = features(contents, by: hasher)
        // The whole word, <日本 日本語 本語>, of which 日本語 is not the word, which has no brackets;
        // and the whole word, <本語 本語>.
        #expect((3...4).contains(rows[0].count) && rows[1].count == 3)
        #expect(Set(rows[0].keys).intersection(rows[1].keys).count == 1)
    }

    @Test func `dashes and quotes of any script part words`() {
        let contents = [content("rock\u{2014}paper \u{201C}scissors\u{201D}"), content("paper")]
        let rows = features(contents, by: hasher(contents))
        #expect(rows[0].count == 3)
        #expect(Set(rows[1].keys).isSubset(of: rows[0].keys))
    }
}
