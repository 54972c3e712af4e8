import Foundation
import Indexes
import Retrieval
import Synchronization
import Vectors

/// Compares a share of the searches that were answered with exact search, on spare time.
///
/// Event loops offer samples and never wait for it: where the queue is full, or looked at in this
/// very moment, the sample is dropped.
///
/// ```swift
/// let draw = recall.draw(1)
/// if draw?.contains(0) == true { recall.offer(query, own: nil, k: 10, found: found, from: served) }
/// ```
final class LiveRecall: Sendable {
    /// How many samples may wait.
    private static let room = 64
    /// The generations whose sums are kept, from the last one on.
    private static let remembered = 8

    private let shareBits = Atomic<UInt32>(0)
    private let key: UInt64
    private let asked = Atomic(0)
    private let dropped = Atomic(0)
    private let stopped = Atomic(false)
    private let queue = Mutex(RecallQueue(room: LiveRecall.room))
    private let sums = Mutex<[RecallSums]>([])

    /// Takes this share of all queries, from 0 to 1; which ones follows from `key`.
    init(share: Double, key: UInt64) {
        self.key = key
        self.share = share
    }

    /// The share of all queries that are compared, from 0 to 1; may change at any time.
    var share: Double {
        get { Double(Float(bitPattern: shareBits.load(ordering: .relaxed))) }
        set {
            precondition((0...1).contains(newValue), "a share lies between nothing and all")
            shareBits.store(Float(newValue).bitPattern, ordering: .relaxed)
        }
    }

    /// How many queries were drawn and then not compared, for want of time or of a generation.
    var droppedCount: Int { dropped.load(ordering: .relaxed) }

    /// What is known of each generation, from the oldest.
    var estimates: [RecallEstimate] {
        sums.withLock { $0 }.compactMap(\.estimate)
    }

    /// Draws from the next `queries` queries; nil where none is to be compared.
    func draw(_ queries: Int) -> RecallDraw? {
        let share = RandomShare(Float(share), key: key)
        guard !share.isEmpty else { return nil }
        return RecallDraw(
            first: asked.wrappingAdd(queries, ordering: .relaxed).oldValue,
            share: share
        )
    }

    /// Leaves an answered query to be compared.
    func offer(
        _ query: [Float],
        own: Int?,
        k: Int,
        found: [Candidate],
        from served: ServedGeneration
    ) {
        let sample = RecallSample(
            query,
            own: own,
            k: k,
            found: found,
            from: served,
            sums: sums(of: served.generation.number)
        )
        guard queue.withLockIfAvailable({ $0.append(sample) }) == true else {
            drop()
            return
        }
    }

    private func drop() {
        dropped.wrappingAdd(1, ordering: .relaxed)
    }

    private func sums(of generation: Int) -> RecallSums {
        sums.withLock { sums in
            if let known = sums.last(where: { $0.generation == generation }) { return known }
            let new = RecallSums(generation: generation)
            sums = sums.suffix(Self.remembered - 1) + [new]
            return new
        }
    }
}

// MARK: - Comparing

extension LiveRecall {
    var isStopped: Bool { stopped.load(ordering: .relaxed) }

    /// Ends what is being compared, and all that waits.
    func stop() {
        stopped.store(true, ordering: .relaxed)
    }

    /// Compares the sample that has waited longest; false where none waits.
    ///
    /// To be called by one thread, which takes its time, with memory of its own: the searches' is
    /// behind a lock, and none of them may wait for this thread.
    func compareNext(_ scratch: inout SearchScratch) -> Bool {
        guard let sample = queue.withLock({ $0.first }) else { return false }
        compare(sample, &scratch)
        queue.withLock { $0.removeFirst() }
        return true
    }

    private func compare(_ sample: RecallSample, _ scratch: inout SearchScratch) {
        guard sample.tenure.borrow() else {
            drop()
            return
        }
        defer { sample.tenure.giveBack() }
        guard let recall = try? recall(of: sample, &scratch) else {
            drop()
            return
        }
        sample.sums.add(recall)
    }

    /// Nil where the generation is served no more, or all has been stopped.
    private func recall(
        of sample: RecallSample,
        _ scratch: inout SearchScratch
    ) throws(RetrievalError) -> Double? {
        guard let generation = sample.served?.generation else { return nil }
        let query = sample.query  // a span of a property would not live long enough
        let overlap = try generation.overlap(
            of: sample.found,
            withBest: sample.k,
            for: query.span,
            excluding: sample.own,
            scratch: &scratch,
            isOver: { isStopped || sample.tenure.isOver }
        )
        return overlap.map { $0.possible == 0 ? 1 : Double($0.shared) / Double($0.possible) }
    }
}
