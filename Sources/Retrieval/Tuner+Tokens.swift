import Indexes

extension Tuner {
    /// To count a row of a token's list takes as long as to read so many bytes in a row.
    static let countedRow = 16.0

    /// More and more tokens, as long as their lists are less work than all vectors are, each with
    /// a larger and larger part of what they lead to reranked; and then all vectors.
    func measure(
        _ tables: TokenTables,
        atLeast least: Int
    ) throws(RetrievalError) -> [RecallMeasurement] {
        let count = searcher.vectors.count
        let greatest = SearchSetting.tokens(tables.tokenCount, rerank: count)
        var all: [RecallMeasurement] = []
        var tokens = max(least, tables.tableCount / 4, 1)
        while tokens < tables.tokenCount {
            let found = min(count, Int(Double(tokens) * tables.rowsOfToken))
            for part in [64, 16, 4] {
                let setting = SearchSetting.tokens(tokens, rerank: max(1, meter.k, found / part))
                guard cost(setting) < costOfAll else { break }
                let measurement = try measure(setting)
                all.append(measurement)
                if isEnough(measurement) { return all }
            }
            tokens *= 2
        }
        return all + [try measure(greatest)]
    }
}

extension TokenTables {
    /// How many rows a list has, on the average.
    var rowsOfToken: Double { Double(count) / Double(1 << bits) }
}
