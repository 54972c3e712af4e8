import Indexes
import Vectors

/// What the files of a generation hold, and where they lie.
struct GenerationForm: Sendable {
    var kind: IndexKind
    var count: Int
    var dimension: Int
    var metric: Metric
    var precision: Precision

    /// The file of the index, where it has one of its own.
    var indexFile: String? {
        switch kind {
        case .flat: nil
        case .ivf: "lists"
        case .lsh: "tokens"
        case .lshscan: "index.faiss"
        case .hnsw: "links"
        }
    }

    var vectorsFile: String {
        switch precision {
        case .fp32: "vectors.f32"
        case .fp16: "vectors.f16"
        }
    }

    /// The files that make a search.
    var files: [String] { [vectorsFile] + (indexFile.map { [$0] } ?? []) }
}

extension GenerationManifest {
    var form: GenerationForm {
        GenerationForm(
            kind: kind,
            count: count,
            dimension: dimension,
            metric: metric,
            precision: precision
        )
    }
}
