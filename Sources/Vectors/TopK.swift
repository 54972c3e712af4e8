/// The best `k` of the candidates seen so far.
///
/// A heap whose root is the worst one kept, so that most candidates cost one comparison.
///
/// - Complexity: O(log k) for a candidate that is kept, O(1) for one that is not.
package struct TopK: Sendable {
    package let k: Int
    private var heap: [Candidate] = []

    package init(_ k: Int) {
        precondition(k >= 0, "the best k candidates are at least none")
        self.k = k
        heap.reserveCapacity(min(k, 4096))
    }

    /// The score that a new candidate must reach; minus infinity while there is room.
    package var threshold: Float {
        heap.count < k ? -.infinity : heap.first?.score ?? .infinity
    }

    package mutating func insert(_ candidate: Candidate) {
        if heap.count < k {
            heap.append(candidate)
            siftUp(heap.count - 1)
        } else if let worst = heap.first, candidate.precedes(worst) {
            heap[0] = candidate
            siftDown()
        }
    }

    /// The candidates kept, best first.
    package var sorted: [Candidate] {
        heap.sorted { $0.precedes($1) }
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[parent].precedes(heap[child]) else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var worst = parent
            let left = 2 * parent + 1
            if left < heap.count, heap[worst].precedes(heap[left]) {
                worst = left
            }
            if left + 1 < heap.count, heap[worst].precedes(heap[left + 1]) {
                worst = left + 1
            }
            guard worst != parent else { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
