import Dispatch
import Synchronization

/// A batch that another thread makes.
///
/// Producers make batches ahead of the consumer, which computes (Ying and others, KDD 2018, section
/// 3.3). A batch depends on its step alone, so it does not matter who makes it, or when.
final class PendingBatch: Sendable {
    private let made = Mutex<Batch?>(nil)
    private let work = DispatchGroup()

    init(_ step: Int, by maker: BatchMaker, epoch: Int) {
        DispatchQueue.global(qos: .userInitiated).async(group: work) {
            var maker = maker
            let batch = maker.batch(step, epoch: epoch)
            self.made.withLock { $0 = batch }
        }
    }

    /// Waits until the batch is made.
    var batch: Batch {
        work.wait()
        guard let batch = made.withLock({ $0 }) else {
            preconditionFailure("a batch is there when its work is done")
        }
        return batch
    }
}
