/// Which tables of the paper an ablation makes again.
package enum Sweep: String, Codable, Sendable, CaseIterable {
    /// Content, poolings, losses and negatives (Table 1).
    case table1
    /// T, the size of a neighbourhood (Table 4).
    case neighbours
    /// The size of a batch (Table 3).
    case batch

    var title: String {
        switch self {
        case .table1: "methods (the paper's Table 1)"
        case .neighbours: "PinSage by the size of neighbourhoods (Table 4)"
        case .batch: "mean-pooling-hard by the size of a batch (Table 3)"
        }
    }

    /// What is worth a column.
    var measures: [AblationMeasure] {
        let common: [AblationMeasure] = [.hit10, .hit50, .hit500, .mrr100, .kurtosis, .seconds]
        return self == .batch ? common + [.steps, .stepMilliseconds] : common
    }
}
