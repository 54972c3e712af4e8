import Files
package import Foundation
import Graph
import PinSage
import Sampling
package import Training
import Vectors

extension Workspace {
    /// Trains every row of the sweeps' plans from every seed, and measures each run on the pairs in
    /// `file` (`query<TAB>item` lines).
    ///
    /// Neither the model nor the store is touched. `settings` makes the settings around which the
    /// plans are made, from the defaults without a validation part; the seeds count up from theirs.
    /// Seeds take turns rather than rows, so that a machine that becomes slower is as unkind to
    /// all rows. `chart`, where given, is a file that is drawn anew after each run, and once before
    /// the first, so that a path that cannot be written costs no time. `shouldStop` is asked before
    /// every step; where it says so, the runs that ended are reported.
    package func ablate(
        pairs file: URL,
        sweeps: [Sweep],
        seeds: Int,
        settings: (TrainingSettings) throws -> TrainingSettings,
        chart: URL?,
        threads: Int,
        shouldStop: @escaping @Sendable () -> Bool = { false },
        progress: @escaping ProgressHandler
    ) throws -> AblationReport {
        keepFreedMemory()
        var defaults = TrainingSettings()
        defaults.validation = 0
        defaults.threads = threads
        let base = try settings(defaults)
        if let complaint = base.complaint {
            throw CommandError(complaint)
        }
        let (graph, store) = try open()
        let catalogue = try trainingCatalogue(graph, store)
        let hasContent = base.seesContent(of: catalogue)
        let plans = sweeps.map { AblationPlan($0, around: base, hasContent: hasContent) }
        let rows = ItemRows(catalogue.ids)
        let bench = AblationBench(
            catalogue: catalogue,
            rows: rows,
            pairs: try rows.pairs(in: file, progress: progress),
            folder: scratchFolder("ablate"),
            shouldStop: shouldStop,
            progress: progress
        )
        try makeFolder(at: bench.folder)
        defer { try? FileManager.default.removeItem(at: bench.folder) }
        let lock = try FolderLock(bench.folder)
        defer { withExtendedLifetime(lock) {} }
        var report = AblationReport(
            pairs: bench.pairs.count,
            sweeps: sweeps,
            notes: (hasContent || !sweeps.contains(.table1) ? [] : [Self.noContent])
                + (base.hard.ranks(among: graph.itemCount).isEmpty ? [Self.noBand] : [])
        )
        func draw() throws {
            if let chart { try replaceFile(at: chart, with: AblationChart(of: report).svg) }
        }
        try draw()
        let turns = (0..<seeds).flatMap { turn in
            plans.flatMap { plan in plan.rows.map { ($0.from(turn), plan.sweep) } }
        }
        for (place, (row, sweep)) in turns.enumerated() {
            let name = "\(place + 1) of \(turns.count), \(row.name), seed \(row.settings.seed)"
            guard let run = try bench.run(row, name: name) else {
                report.interrupted = true
                break
            }
            report.note(run, of: row.name, in: sweep)
            try draw()
        }
        return report
    }
}

extension Workspace {
    fileprivate static let noContent =
        "content alone is left out: the model is shown no content of the items"
    fileprivate static let noBand =
        "no item is a hard negative: the catalogue ends before the ranks from hard.first to "
        + "hard.last; set them as shares, such as 0.05 and 0.2"
}

extension TrainingSettings {
    /// Whether a model with these settings is shown what the items of `catalogue` say.
    fileprivate func seesContent(of catalogue: TrainingRun.Catalogue) -> Bool {
        // Words that all fall into one bucket say nothing.
        catalogue.dense != nil
            || model.buckets > 1
                && catalogue.contents.contains { !$0.text.isEmpty || !$0.fields.isEmpty }
    }
}
