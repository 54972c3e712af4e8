package import Indexes

/// What one search setting found and how long it took, against exact search.
package struct RecallMeasurement: Codable, Sendable, Equatable {
    package var kind: IndexKind
    package var setting: SearchSetting
    /// Candidates shared with exact search, divided by k; the mean of all queries.
    package var recall: Double
    /// Half the width of the 95 % interval of the recall; not told by generations of format 1.
    package var margin: Double?
    /// Microseconds that half of the searches stayed within, one search at a time.
    package var p50: Double
    /// Microseconds that 99 % of the searches stayed within.
    package var p99: Double
    /// The size of the generation's index and vectors.
    package var bytes: Int

    package init(
        kind: IndexKind,
        setting: SearchSetting,
        recall: Double,
        margin: Double? = nil,
        p50: Double,
        p99: Double,
        bytes: Int
    ) {
        self.kind = kind
        self.setting = setting
        self.recall = recall
        self.margin = margin
        self.p50 = p50
        self.p99 = p99
        self.bytes = bytes
    }

    private enum CodingKeys: String, CodingKey {
        case kind, setting, recall, margin, bytes
        case p50 = "p50_us"
        case p99 = "p99_us"
    }
}
