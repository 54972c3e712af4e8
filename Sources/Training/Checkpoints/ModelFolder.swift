package import Foundation

/// The folder `model/` of a workspace: what the last training run left there.
package struct ModelFolder: Sendable {
    package let url: URL

    package init(at url: URL) {
        self.url = url
    }

    /// The newest checkpoint, from which a run goes on.
    package var last: URL { url.appendingPathComponent("last.safetensors") }
    /// The model of the best epoch; see ``trained()``.
    package var best: URL { url.appendingPathComponent("best.safetensors") }
    /// The settings of the run, all of them.
    package var configuration: URL { url.appendingPathComponent("config.yaml") }
    package var metrics: URL { url.appendingPathComponent("metrics.jsonl") }
    /// The graph without the validation edges.
    package var trainingGraph: URL { url.appendingPathComponent("training.csr") }

    /// The seconds that the run in this folder had taken when `checkpoint` was made.
    package func seconds(until checkpoint: Checkpoint) throws -> Double {
        try MetricsLog.seconds(at: metrics, to: checkpoint.status.step)
    }

    /// The model to embed with: that of the best epoch where edges were kept out of training to
    /// tell, else the last one.
    ///
    /// A run writes best before last, so best counts only where last knows of it: one whose last
    /// was never written belongs to no run.
    package func trained() throws -> (checkpoint: Checkpoint, file: URL) {
        let last = try Checkpoint(contentsOf: last)
        guard let bestEpoch = last.status.best, FileManager.default.fileExists(atPath: best.path)
        else { return (last, self.last) }
        let best = try Checkpoint(contentsOf: best)
        guard best.status.step == bestEpoch.step, best.graph == last.graph,
            try best.settings.firstDifference(from: last.settings) == nil
        else { return (last, self.last) }
        return (best, self.best)
    }
}
