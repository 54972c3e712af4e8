import CKernels

/// The best codes that scans have found so far, in the order in which they were found.
///
/// It takes whatever is above its threshold, and is trimmed now and then to about as many as are
/// wanted, which raises the threshold. Its memory is kept from one search to the next.
package struct Shortlist: Sendable {
    private var scores: [Float] = []
    private var positions: [UInt32] = []
    package private(set) var count = 0
    private var threshold = -Float.infinity
    private var wanted = 0
    private var slack = 0

    package init() {}

    /// Forgets everything, to keep the best `wanted` from now on, and up to `slack` more: to find
    /// the exact border takes longer than to look at some more codes.
    package mutating func begin(wanted: Int, slack: Int) {
        (self.wanted, self.slack) = (wanted, slack)
        count = 0
        threshold = -.infinity
    }

    /// What was found: places in the lists, and how near they seem.
    package subscript(place: Int) -> (position: Int, score: Float) {
        precondition(place < count, "a place must lie within the shortlist")
        return (Int(positions[place]), scores[place])
    }

    /// Adds one that may be among the best.
    package mutating func append(position: Int, score: Float) {
        guard score > threshold else { return }
        makeRoom(for: 1)
        scores[count] = score
        positions[count] = UInt32(position)
        count += 1
    }

    /// Removes those from place `start` on that `isKept` refuses, given their positions.
    package mutating func filter(from start: Int, _ isKept: (Int) -> Bool) {
        var kept = start
        for place in start..<count where isKept(Int(positions[place])) {
            positions[kept] = positions[place]
            scores[kept] = scores[place]
            kept += 1
        }
        count = kept
    }

    /// Whether it is time to trim.
    ///
    /// Trimming looks at all that was found, so it should be seldom.
    package var isFull: Bool { count > 2 * wanted + CodeBlocks.codeCount }

    /// Keeps the best: those wanted, and no more than the slack above.
    package mutating func trim(by kernels: KernelSet) {
        let most = wanted + slack
        guard count > most, wanted > 0 else { return }
        let before = count
        var threshold = threshold
        count = unsafe scores.withUnsafeMutableBufferPointer { scores in
            unsafe positions.withUnsafeMutableBufferPointer { positions in
                guard let scores = scores.baseAddress, let positions = positions.baseAddress else {
                    return 0
                }
                return unsafe kernels.table.pointee.lists.keep_best(
                    scores,
                    positions,
                    before,
                    wanted,
                    most,
                    &threshold
                )
            }
        }
        self.threshold = threshold
    }

    /// Brings them into order, the best first; equal ones by position.
    package mutating func sort() {
        // Shell's sort with Ciura's gaps: in place, and quick for the few hundred that there are.
        for gap in [701, 301, 132, 57, 23, 10, 4, 1] where gap < count {
            for start in gap..<count {
                let (score, position) = (scores[start], positions[start])
                var place = start
                while place >= gap, precedes(score, position, place - gap) {
                    scores[place] = scores[place - gap]
                    positions[place] = positions[place - gap]
                    place -= gap
                }
                (scores[place], positions[place]) = (score, position)
            }
        }
    }

    private func precedes(_ score: Float, _ position: UInt32, _ place: Int) -> Bool {
        score > scores[place] || (score == scores[place] && position < positions[place])
    }

    /// Lets `body` append up to `more` codes.
    mutating func collect(upTo more: Int, _ body: (UnsafeMutablePointer<CKernelsFound>) -> Void) {
        makeRoom(for: more)
        let (before, threshold) = (count, threshold)
        count = unsafe scores.withUnsafeMutableBufferPointer { scores in
            unsafe positions.withUnsafeMutableBufferPointer { positions in
                guard let scores = scores.baseAddress, let positions = positions.baseAddress else {
                    return before
                }
                var found = unsafe CKernelsFound(
                    scores: scores,
                    positions: positions,
                    count: before,
                    threshold: threshold
                )
                unsafe body(&found)
                return unsafe found.count
            }
        }
    }

    /// A scan may write sixteen places more than it finds.
    private mutating func makeRoom(for more: Int) {
        let needed = count + more + CodeBlocks.codeCount
        guard scores.count < needed else { return }
        let missing = max(needed, 2 * scores.count) - scores.count
        scores.append(contentsOf: repeatElement(0, count: missing))
        positions.append(contentsOf: repeatElement(0, count: missing))
    }
}
