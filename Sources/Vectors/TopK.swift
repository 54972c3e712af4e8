/// The best `k` of the candidates seen so far.
///
/// A heap whose root is the worst one kept, so that most candidates cost one comparison.
///
/// - Complexity: O(log k) for a candidate that is kept, O(1) for one that is not.
package struct TopK: Sendable {
    package private(set) var k: Int
    private var heap: [Candidate] = []

    package init(_ k: Int) {
        precondition(k >= 0, "the best k candidates are at least none")
        self.k = k
        heap.reserveCapacity(min(k, 4096))
    }

    /// Forgets all candidates, to keep the best `k` from now on, in the same memory.
    package mutating func begin(_ k: Int) {
        precondition(k >= 0, "the best k candidates are at least none")
        self.k = k
        heap.removeAll(keepingCapacity: true)
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
            siftDown(in: heap.count)
        }
    }

    /// The candidates kept, best first.
    package var sorted: [Candidate] {
        var copy = self
        copy.sort()
        return copy.heap
    }

    /// Moves the candidates kept to the end of `candidates`, best first.
    package mutating func moveSorted(to candidates: inout [Candidate]) {
        sort()
        candidates.append(contentsOf: heap)
        heap.removeAll(keepingCapacity: true)
    }

    /// Brings the best to the front, in place: the root is the worst, and goes to the end.
    private mutating func sort() {
        for end in stride(from: heap.count - 1, to: 0, by: -1) {
            heap.swapAt(0, end)
            siftDown(in: end)
        }
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

    /// Brings the root to its place among the first `count`.
    private mutating func siftDown(in count: Int) {
        var parent = 0
        while true {
            var worst = parent
            let left = 2 * parent + 1
            if left < count, heap[worst].precedes(heap[left]) {
                worst = left
            }
            if left + 1 < count, heap[worst].precedes(heap[left + 1]) {
                worst = left + 1
            }
            guard worst != parent else { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
