import Faiss
import Indexes
import Vectors

extension GenerationBuilder {
    /// The largest catalogue sample that thresholds are learnt from: medians of that many values
    /// are exact enough, and Faiss sorts them for each bit.
    static let largestCodeSample = 8_192

    func form(of catalogue: Catalogue) -> GenerationForm {
        let vectors = catalogue.vectors
        let least: Precision = kind != .flat && vectors.fitsHalves ? .fp16 : .fp32
        return GenerationForm(
            kind: kind,
            count: vectors.rows,
            dimension: vectors.columns,
            metric: catalogue.metric,
            precision: precision ?? least
        )
    }

    /// How the manifest tells of the build.
    func record(of catalogue: Catalogue) -> GenerationManifest.Build {
        let vectors = catalogue.vectors
        var build = GenerationManifest.Build(seed: seed, threads: threads)
        switch kind {
        case .flat: break
        case .ivf:
            break  // the lists and their codes are chosen by measuring
        case .lsh:
            build.tables = tokensBuilder(vectors).tables
            build.tokenBits = tokensBuilder(vectors).bits
        case .lshscan: build.bits = codeBits(vectors.columns)
        case .hnsw: build.degree = linkDegree
        }
        return build
    }

    /// 4 bits for each dimension make a code an eighth of the vector.
    func codeBits(_ dimension: Int) -> Int {
        bits ?? min((4 * dimension + 63) / 64 * 64, 4_096)
    }

    /// With 16 links, and 32 on the lowest level, a row's links are half as large as its vector of
    /// 128 halves.
    var linkDegree: Int { degree ?? 16 }

    /// The tables of tokens of a catalogue.
    ///
    /// Lists of about forty rows: longer tokens make shorter lists, of which more must be looked up
    /// for as many rows that are near.
    func tokensBuilder(_ vectors: Matrix) -> TokenTablesBuilder {
        let lists = vectors.rows / 40
        return TokenTablesBuilder(
            tables: tables ?? 64,
            bits: tokenBits ?? max(4, Int.bitWidth - 1 - lists.leadingZeroBitCount),
            seed: seed,
            threads: threads
        )
    }

    /// The vectors that codes of signs learn from.
    func codeSample(of vectors: Matrix) -> Matrix {
        guard vectors.rows > Self.largestCodeSample else { return vectors }
        // Rows at equal distances: their order is that of the ids, which the vectors know nothing of.
        let rows = (0..<Self.largestCodeSample).map { $0 * vectors.rows / Self.largestCodeSample }
        return vectors.gather(rows)
    }
}

extension Matrix {
    /// Whether halves keep three digits of each row: a value that is too large becomes infinite,
    /// and below 2^-14 digits are lost.
    fileprivate var fitsHalves: Bool {
        for row in 0..<rows {
            var (error, length) = (0.0, 0.0)
            for value in elements[range(ofRow: row)] {
                let rest = Double(value) - Double(Float16(value))
                error += rest * rest
                length += Double(value) * Double(value)
            }
            if !(error <= length * 0x1p-20) { return false }
        }
        return true
    }
}
