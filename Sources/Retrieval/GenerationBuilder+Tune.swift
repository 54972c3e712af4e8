extension GenerationBuilder {
    /// The least effort that reaches the target recall, or the greatest where none does; and the
    /// measurements that say so.
    func tune(
        _ searcher: Searcher,
        bytes: Int,
        progress: (String) -> Void
    ) throws(RetrievalError) -> (SearchSetting, GenerationManifest.Measured) {
        let meter = RecallMeter(searcher, k: k, queries: queries, seed: seed, threads: threads)
        var curve: [RecallMeasurement] = []
        for setting in searcher.sweep(k: k) {
            let measurement = try meter.measure(setting, bytes: bytes, clock: ContinuousClock())
            progress("\(setting): recall \(measurement.recall), p50 \(measurement.p50) us")
            curve.append(measurement)
            if measurement.recall >= targetRecall { break }
        }
        let chosen = curve[curve.count - 1]  // a sweep has at least one setting
        let measured = GenerationManifest.Measured(
            k: meter.k,
            queries: meter.queryCount,
            targetRecall: targetRecall,
            reachedTarget: chosen.recall >= targetRecall,
            recall: chosen.recall,
            p50: chosen.p50,
            p99: chosen.p99,
            curve: curve
        )
        if !measured.reachedTarget {
            progress("the target recall \(targetRecall) was not reached")
        }
        return (chosen.setting, measured)
    }
}
