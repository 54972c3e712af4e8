extension GenerationBuilder {
    /// The default setting for each depth, ascending by k, and the measurements that say so.
    func tune(
        _ searcher: Searcher,
        bytes: Int,
        progress: (String) -> Void
    ) throws(RetrievalError) -> [GenerationManifest.Default] {
        let depths = Set(depths).sorted()
        // To look for half of the catalogue is to look through all of it.
        let possible =
            depths.prefix(1) + depths.dropFirst().filter { 2 * $0 <= searcher.vectors.count }
        var defaults: [GenerationManifest.Default] = []
        for k in possible {
            let least = defaults.last?.setting.effort ?? 1
            defaults.append(
                try tune(searcher, k: k, atLeast: least, bytes: bytes, progress: progress)
            )
        }
        return defaults
    }

    /// The least effort, from `least` on, that reaches the target recall of `k` candidates, or the
    /// greatest where none does.
    ///
    /// A search for more candidates never makes less effort: few lists may hold all that is asked
    /// for, and seem to be enough.
    private func tune(
        _ searcher: Searcher,
        k: Int,
        atLeast least: Int,
        bytes: Int,
        progress: (String) -> Void
    ) throws(RetrievalError) -> GenerationManifest.Default {
        let meter = RecallMeter(
            searcher,
            k: k,
            queries: queries(forK: k),
            seed: seed,
            threads: threads
        )
        var curve: [RecallMeasurement] = []
        for setting in searcher.sweep(k: k) where setting.effort >= least {
            let measurement = try meter.measure(setting, bytes: bytes, clock: ContinuousClock())
            progress(
                "k \(k), \(setting): recall \(rounded(measurement.recall)), "
                    + "p50 \(Int(measurement.p50.rounded())) us"
            )
            curve.append(measurement)
            if measurement.recall >= targetRecall { break }
        }
        let chosen = curve[curve.count - 1]  // the greatest effort is part of every sweep
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
            progress("the target recall \(targetRecall) was not reached for k \(k)")
        }
        return GenerationManifest.Default(setting: chosen.setting, measured: measured)
    }

    /// Where there are more candidates to compare, fewer queries tell as much: 200 leave the
    /// recall of 1,000 candidates uncertain by less than .003.
    private func queries(forK k: Int) -> Int {
        min(queries, max(200, 100_000 / k))
    }
}

/// To four digits, for people.
private func rounded(_ value: Double) -> Double {
    (value * 10_000).rounded() / 10_000
}
