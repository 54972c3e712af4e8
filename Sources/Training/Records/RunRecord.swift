import Configuration
import Files
package import Foundation

/// What a run leaves in its folder while it lasts: its settings, its metrics, TensorBoard's events,
/// and its checkpoints.
///
/// ```swift
/// var record = try RunRecord(of: run, in: folder)
/// while let news = try run.advance() { try record.note(news, of: run) }
/// try record.save(run)
/// ```
/// Metrics and events of a step are written before the checkpoint that contains it, so that a run
/// which goes on from there finds nothing missing, and cuts off what came later. Where an earlier run
/// left a checkpoint, the record of a new one waits for its own first: until then the folder is the
/// earlier run's, whole.
package struct RunRecord {
    /// Steps from one line of the metrics to the next.
    private static let interval = 20

    private let folder: ModelFolder
    private let settings: TrainingSettings
    /// Nil while the folder is an earlier run's.
    private var logs: (metrics: MetricsLog, events: TensorBoardLog)?
    /// What the logs would tell by now, were they there.
    private var waiting: [Entry] = []
    private let now: @Sendable () -> Date
    /// The last step that the metrics tell of.
    private var loggedStep: Int
    /// The step of the last checkpoint, and how long the run had taken by then.
    private var saved: (step: Int, seconds: Double)

    /// Begins the record of a run that has taken no step, or goes on with that of one that has.
    package init(
        of run: borrowing TrainingRun,
        in folder: ModelFolder,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        let status = run.status
        self.folder = folder
        self.now = now
        settings = run.settings
        loggedStep = status.step
        saved = (status.step, status.seconds)
        if status.step > 0 || !FileManager.default.fileExists(atPath: folder.last.path) {
            try begin()
        }
    }

    /// Makes the folder this run's.
    private mutating func begin() throws {
        try replaceFile(at: folder.configuration, with: WrittenSettings(settings).yaml)
        logs = (
            try MetricsLog(at: folder.metrics, after: saved.step),
            try TensorBoardLog(
                in: folder.url,
                after: saved.step,
                time: waiting.first?.time ?? now().timeIntervalSince1970
            )
        )
        for entry in waiting {
            try write(entry)
        }
        waiting = []
    }

    /// Writes down what a step did; at the end of an epoch, and where the last checkpoint is old,
    /// a checkpoint too.
    package mutating func note(
        _ news: TrainingRun.News,
        of run: borrowing TrainingRun
    ) throws {
        switch news {
        case .epoch(let status):
            try log(.epoch, status)
            if status.isBest {
                try beginIfWaiting()
                try run.checkpoint.withoutOptimiser.write(to: folder.best)
            }
            try save(run)
        case .step(let status):
            if status.step.isMultiple(of: Self.interval) {
                try log(.step, status)
            }
            let pause = Double(settings.checkpointSeconds)
            if pause > 0, status.seconds - saved.seconds >= pause {
                try save(run)
            }
        }
    }

    /// Writes a checkpoint of the run as it stands, unless the last one is just that.
    package mutating func save(_ run: borrowing TrainingRun) throws {
        let status = run.status
        guard status.step > saved.step else { return }
        if loggedStep < status.step {
            try log(.step, status)
        }
        try beginIfWaiting()
        try run.checkpoint.write(to: folder.last)
        saved = (status.step, status.seconds)
    }

    private mutating func beginIfWaiting() throws {
        if logs == nil {
            try begin()
        }
    }

    private mutating func log(_ kind: MetricsLog.Kind, _ status: TrainingStatus) throws {
        let entry = Entry(kind: kind, status: status, time: now().timeIntervalSince1970)
        loggedStep = status.step
        if logs == nil {
            waiting.append(entry)
        } else {
            try write(entry)
        }
    }

    private func write(_ entry: Entry) throws {
        try logs?.metrics.append(MetricsLog.Line(entry.kind, entry.status))
        try logs?.events.append(
            entry.kind == .epoch
                ? TensorBoardEvent(epoch: entry.status, time: entry.time)
                : TensorBoardEvent(step: entry.status, time: entry.time)
        )
    }

    /// A line of the logs.
    private struct Entry {
        let kind: MetricsLog.Kind
        let status: TrainingStatus
        /// Seconds since 1970.
        let time: Double
    }
}
