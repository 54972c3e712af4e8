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
/// which goes on from there finds nothing missing, and cuts off what came later.
package struct RunRecord {
    /// Steps from one line of the metrics to the next.
    private static let interval = 20

    private let folder: ModelFolder
    private let settings: TrainingSettings
    private let metrics: MetricsLog
    private let events: TensorBoardLog
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
        try replaceFile(at: folder.configuration, with: WrittenSettings(settings).yaml)
        metrics = try MetricsLog(at: folder.metrics, after: status.step)
        events = try TensorBoardLog(
            in: folder.url,
            after: status.step,
            time: now().timeIntervalSince1970
        )
        loggedStep = status.step
        saved = (status.step, status.seconds)
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
        try run.checkpoint.write(to: folder.last)
        saved = (status.step, status.seconds)
    }

    private mutating func log(_ kind: MetricsLog.Kind, _ status: TrainingStatus) throws {
        try metrics.append(MetricsLog.Line(kind, status))
        let time = now().timeIntervalSince1970
        try events.append(
            kind == .epoch
                ? TensorBoardEvent(epoch: status, time: time)
                : TensorBoardEvent(step: status, time: time)
        )
        loggedStep = status.step
    }
}
