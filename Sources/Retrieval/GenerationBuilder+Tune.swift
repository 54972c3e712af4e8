import Indexes
import Vectors

extension GenerationBuilder {
    /// The default setting for each depth, ascending by k, and the measurements that say so.
    func tune(
        _ searcher: Searcher,
        _ catalogue: Catalogue,
        bytes: Int,
        progress: (String) -> Void
    ) throws(RetrievalError) -> [GenerationManifest.Default] {
        let truth = MatrixRows(catalogue.vectors, metric: catalogue.metric)
        let depths = Set(depths).sorted()
        // To look for half of the catalogue is to look through all of it, as flat always does.
        let isFlat = kind == .flat
        let possible =
            depths.prefix(1) + depths.dropFirst().filter { !isFlat && 2 * $0 <= truth.count }
        var defaults: [GenerationManifest.Default] = []
        for k in possible {
            let start = ContinuousClock.now
            let meter = RecallMeter(
                truth: truth,
                k: k,
                queries: recallQueries(of: truth, k: k),
                threads: threads
            )
            let tuner = Tuner(
                meter: meter,
                searcher: searcher,
                bytes: bytes,
                targetRecall: targetRecall,
                highestRecall: defaults.isEmpty ? 0.9995 : targetRecall
            )
            let chosen = try tuner.run(atLeast: defaults.last?.setting.effort ?? 1)
            defaults.append(
                GenerationManifest.Default(
                    setting: chosen.setting,
                    measured: measured(meter, chosen.setting, chosen.curve)
                )
            )
            let seconds = ((ContinuousClock.now - start) / .milliseconds(100)).rounded() / 10
            progress(defaults[defaults.count - 1].line + " (\(seconds) s)")
        }
        return defaults
    }

    /// What searches by some items find.
    func proofs(
        _ searcher: Searcher,
        _ first: GenerationManifest.Default
    ) throws(RetrievalError) -> [GenerationManifest.Proof] {
        let k = max(1, first.measured.k)  // 0 of one item
        var proofs: [GenerationManifest.Proof] = []
        let items = RecallQueries(itemsOf: searcher.vectors, size: 20, seed: seed)
        for case let row? in items.rows {
            let query = searcher.vectors.vector(row)
            let terms = SearchTerms(k: k, filter: RowFilter(excluding: row))
            let result = try searcher.search(query.span, terms, setting: first.setting)
            proofs.append(.init(row: row, found: result.candidates.map(\.row)))
        }
        return proofs
    }

    private func measured(
        _ meter: RecallMeter,
        _ setting: SearchSetting,
        _ curve: [RecallMeasurement]
    ) -> GenerationManifest.Measured {
        let chosen = curve.first { $0.setting == setting } ?? curve[curve.count - 1]
        return GenerationManifest.Measured(
            k: meter.k,
            queries: meter.queryCount,
            targetRecall: targetRecall,
            givenQueries: givenQueries != nil,
            reachedTarget: chosen.recall >= targetRecall,
            recall: chosen.recall,
            p50: chosen.p50,
            p99: chosen.p99,
            curve: curve
        )
    }

    /// Where there are more candidates to compare, fewer queries tell as much: 100 leave the
    /// recall of 1,000 candidates uncertain by about .004.
    private func recallQueries(of truth: MatrixRows, k: Int) -> RecallQueries {
        let enough = kind == .flat ? 100 : max(100, Int(1_000 / (Double(k) / 10).squareRoot()))
        return recallQueries(of: truth, size: min(queries, enough))
    }

    /// The queries given with the build, or items of the catalogue; `size` of them, or all.
    func recallQueries(of truth: MatrixRows, size: Int) -> RecallQueries {
        givenQueries.map { RecallQueries($0, size: size, metric: truth.metric) }
            ?? RecallQueries(itemsOf: truth, size: size, seed: seed)
    }
}

extension GenerationManifest.Default {
    /// For people.
    fileprivate var line: String {
        let recall = (measured.recall * 10_000).rounded() / 10_000
        let missed = measured.reachedTarget ? "" : ", BELOW the target \(measured.targetRecall)"
        return "for \(measured.k): \(setting), recall \(recall)\(missed), "
            + "p50 \(Int(measured.p50.rounded())) us"
    }
}
