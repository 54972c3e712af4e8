package import Indexes
import Vectors

extension Generation {
    /// The settings worth a measurement, from the least effort to the greatest, which is exact.
    package func sweep(k: Int) -> [SearchSetting] {
        manifest.sweep(k: k)
    }

    /// The size of the index and the vectors, in bytes.
    package var byteCount: Int {
        manifest.form.files.reduce(0) { $0 + (manifest.files[$1]?.bytes ?? 0) }
    }

    /// Checks that searches still find what they found when the generation was built: a last
    /// proof, by answers instead of checksums.
    package func verifyAnswers() throws(RetrievalError) {
        let proofs = manifest.proofs
        let expected = proofs.reduce(0) { $0 + $1.found.count }
        var shared = 0
        for proof in proofs where (0..<count).contains(proof.row) {
            let query = vector(ofRow: proof.row)
            let found = try search(query.span, k: max(1, proof.found.count), excluding: proof.row)
            shared += Set(found.map(\.row)).intersection(proof.found).count
        }
        // Another processor adds in another order, which may turn two candidates around.
        guard Double(shared) >= 0.9 * Double(expected) else {
            throw RetrievalError(
                .damaged,
                "generation \(number) finds \(shared) of the \(expected) candidates that it found "
                    + "when it was built; build a new generation"
            )
        }
    }
}

/// Recall and latency of `settings`, by default the generation's own for `k`, in the order given.
///
/// The queries are up to `queries` items drawn by `seed`, each excluded from its own answers.
/// Exact search runs on `threads` threads, the measured searches on one. Recall is the share of
/// candidates that exact search over the generation's vectors would also return, where equal scores
/// are as good as each other; what their precision costs is part of the manifest's measurements.
/// `k` is limited to the number of other items. Latencies are those of `clock`.
package func measureRecall<C: Clock>(
    of generation: Generation,
    k: Int,
    queries: Int,
    seed: UInt64,
    settings: [SearchSetting]? = nil,
    threads: Int,
    clock: C = ContinuousClock()
) throws(RetrievalError) -> [RecallMeasurement] where C.Duration == Duration {
    guard (1...Generation.maximumK).contains(k) else {
        throw RetrievalError(.invalid, "k must be 1 to \(Generation.maximumK), not \(k)")
    }
    guard queries >= 1 else {
        throw RetrievalError(.invalid, "recall is measured on 1 query or more, not \(queries)")
    }
    let meter = RecallMeter(
        truth: generation.vectors,
        k: k,
        queries: RecallQueries(itemsOf: generation.vectors, size: queries, seed: seed),
        threads: threads
    )
    var measurements: [RecallMeasurement] = []
    for setting in settings ?? [generation.manifest.setting(forK: k)] {
        measurements.append(
            try meter.measure(
                generation.searcher,
                setting,
                bytes: generation.byteCount,
                clock: clock
            )
        )
    }
    return measurements
}
