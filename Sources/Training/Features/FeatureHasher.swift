package import PinSage
import RealModule

/// How content becomes features.
package struct FeatureSettings: Codable, Sendable, Equatable {
    /// The words and fields kept of each item: those that tell it apart best.
    package var words = 32
    /// The length of the runs of characters that count beside whole words; 0 for none.
    ///
    /// Words that share a stem then share features. Runs are among the ``words`` that are kept.
    package var runs = 0

    package init() {}
}

/// An item's content, as the hasher wants it.
package struct Content: Sendable {
    package var text: String
    /// Categorical fields have one value, list fields several.
    package var fields: [String: [String]]

    package init(text: String, fields: [String: [String]]) {
        self.text = text
        self.fields = fields
    }
}

/// Turns words and fields into rows of a hashed table (Weinberger et al., ICML 2009).
///
/// A word is a run of letters and digits of the lower-cased text, two bytes or longer; a field's
/// value counts as one word of its own kind, and so may runs of characters. A word's weight is (1 + log count) x log(items / items
/// with the word), and an item's weights are scaled to a squared sum of 1.
package struct FeatureHasher: Sendable, Equatable {
    private let settings: FeatureSettings
    /// How much each bucket tells: the logarithm of all items over the items that have it.
    ///
    /// It is part of a trained model, so that an item has the same features whenever it is embedded.
    package let rarity: [Float]

    package init(settings: FeatureSettings, rarity: [Float]) {
        self.settings = settings
        self.rarity = rarity
    }

    /// Learns how rare every word is.
    package init(_ contents: [Content], settings: FeatureSettings, buckets: Int) {
        var frequencies = [Int](repeating: 0, count: buckets)
        for content in contents {
            for bucket in Self.counts(content, runs: settings.runs, buckets: buckets).keys {
                frequencies[Int(bucket)] += 1
            }
        }
        self.settings = settings
        let total = Float(contents.count)
        // A word of every item tells nothing; a word never seen counts as rare as one seen once.
        rarity = frequencies.map { Float.log((total + 1) / Float(max(1, $0))) }
    }

    /// The features of each item: one row an item, one column a bucket.
    package func callAsFunction(_ contents: [Content]) -> SparseRows {
        var offsets = [0]
        var columns: [UInt32] = []
        var values: [Float] = []
        for content in contents {
            let weighted = Self.counts(content, runs: settings.runs, buckets: rarity.count)
                .map { (bucket: $0, weight: (1 + Float.log(Float($1))) * rarity[Int($0)]) }
                .sorted { ($1.weight, $0.bucket) < ($0.weight, $1.bucket) }
                .prefix(settings.words)
                .filter { $0.weight > 0 }
            let length = weighted.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
            columns += weighted.map(\.bucket)
            values += weighted.map { $0.weight / length }
            offsets.append(columns.count)
        }
        return SparseRows(offsets: offsets, columns: columns, values: values)
    }

    /// How often each bucket occurs in an item's content.
    ///
    /// `runs` is the length of the runs of characters that count beside whole words, or 0.
    private static func counts(_ content: Content, runs: Int, buckets: Int) -> [UInt32: Int] {
        var counts: [UInt32: Int] = [:]
        func count(_ bytes: some Sequence<UInt8>) {
            var hash = Hash()
            for byte in bytes {
                hash.add(byte)
            }
            counts[hash.bucket(of: buckets), default: 0] += 1
        }
        forEachWord(of: content.text) { word in
            count(word)
            if runs > 0 {
                forEachRun(of: runs, in: word) { count($0) }
            }
        }
        for (name, values) in content.fields {
            for value in values {
                count("\(name)=\(value)".utf8)
            }
        }
        return counts
    }
}

/// FNV-1a over bytes, finished by a multiplication so that the high bits are good.
private struct Hash {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    func bucket(of count: Int) -> UInt32 {
        let mixed = (state ^ state >> 32) &* 0x9E37_79B9_7F4A_7C15
        return UInt32(truncatingIfNeeded: ((mixed >> 32) &* UInt64(count)) >> 32)
    }
}
