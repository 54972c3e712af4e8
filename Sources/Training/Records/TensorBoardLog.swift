import Evaluation
import Files
import Foundation

/// The events of a run in a file that TensorBoard reads while it grows.
struct TensorBoardLog {
    private static let prefix = "events.out.tfevents."

    private let file: LogFile

    /// Goes on with the events in `folder` after `step` steps, without those of later ones.
    ///
    /// 0 removes them all and begins a new file: TensorBoard would mix two runs of one folder.
    init(in folder: URL, after step: Int, time: Double) throws {
        let old = try Self.files(in: folder)
        if step > 0, let newest = old.last {
            let kept = Self.byteCount(of: try Data(contentsOf: newest), to: step)
            file = try LogFile(at: newest, keeping: kept)
            if kept > 0 { return }
        } else {
            for url in old {
                try FileManager.default.removeItem(at: url)
            }
            let name = "\(Self.prefix)\(Int(time)).corkboard"
            file = try LogFile(at: folder.appendingPathComponent(name), keeping: 0)
        }
        try append(.start(time: time))
    }

    func append(_ event: TensorBoardEvent) throws {
        try file.append(TFRecord.framed(event.payload))
    }

    /// The event files of a folder, the oldest first.
    private static func files(in folder: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix(prefix) }
            .sorted()
            .map(folder.appendingPathComponent)
    }

    /// The length of the events of the first `step` steps, up to one that cannot be read.
    private static func byteCount(of file: Data, to step: Int) -> Int {
        var (rest, kept) = (file[...], 0)
        while let payload = TFRecord.take(from: &rest),
            let found = TensorBoardEvent.step(of: payload), found <= step
        {
            kept = rest.startIndex
        }
        return kept
    }
}

extension TensorBoardEvent {
    /// What a step tells.
    init(step status: TrainingStatus, time: Double) {
        self.init(
            time: time,
            step: status.step,
            scalars: [
                Scalar(tag: "train/loss", value: status.loss),
                Scalar(tag: "train/rate", value: status.rate),
                Scalar(tag: "train/pairs_per_second", value: Float(status.pairsPerSecond)),
            ]
        )
    }

    /// What the end of an epoch tells besides.
    init(epoch status: TrainingStatus, time: Double) {
        self.init(step: status, time: time)
        note("validation", status.validation, status.contexts)
        note("new_items", status.newItems?.pairs, status.newItems?.contexts)
    }

    /// Adds what was measured on pairs and contexts that were kept out of training.
    private mutating func note(_ group: String, _ pairs: PairReport?, _ contexts: ContextReport?) {
        if let pairs {
            scalars += pairs.hitRate.sorted { $0.key < $1.key }.map { depth, hitRate in
                Scalar(tag: "\(group)/hit_rate@\(depth)", value: Float(hitRate))
            }
            scalars += [
                Scalar(tag: "\(group)/mrr", value: Float(pairs.mrr)),
                Scalar(tag: "\(group)/mrr100", value: Float(pairs.mrr100)),
            ]
        }
        if let contexts {
            scalars += contexts.recall.sorted { $0.key < $1.key }.map { depth, recall in
                Scalar(tag: "\(group)/recall@\(depth)", value: Float(recall))
            }
        }
    }
}
