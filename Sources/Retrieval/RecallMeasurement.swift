/// What one search setting found and how long it took, against exact search.
package struct RecallMeasurement: Codable, Sendable, Equatable {
    package var kind: IndexKind
    package var setting: SearchSetting
    /// Candidates shared with exact search, divided by k; the mean of all queries.
    package var recall: Double
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
        p50: Double,
        p99: Double,
        bytes: Int
    ) {
        self.kind = kind
        self.setting = setting
        self.recall = recall
        self.p50 = p50
        self.p99 = p99
        self.bytes = bytes
    }

    private enum CodingKeys: String, CodingKey {
        case kind, setting, recall, bytes
        case p50 = "p50_us"
        case p99 = "p99_us"
    }
}
