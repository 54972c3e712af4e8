import Files
import Kernels
import Vectors

extension InvertedLists {
    /// How many blocks are scanned between two looks at the clock.
    private static let slice = 64
    /// How many blocks are scanned before the first of them say which others matter.
    private static let firstSlice = 8
    /// How many lists more than wanted may be found before they are sorted.
    private static let slackOfLists = 12

    /// Puts into `scratch.rows` the rows whose codes are nearest to `query` (dimension).
    ///
    /// There are `depth` of them or up to an eighth more, in no order. False where `isOver` ended the
    /// search before.
    package func search(
        _ query: Span<Float>,
        _ search: ProbedSearch,
        scratch: inout SearchScratch,
        isOver: () -> Bool = { false }
    ) -> Bool {
        let needsMore = !search.filter.allowsAll || search.wanted > count / listCount
        let ranked = needsMore ? listCount : min(search.probes, listCount)
        rankLists(query, ranked, &scratch)
        let scale = prepare(query, &scratch)
        // Its memory, not a copy: nothing changes it while it is scanned with.
        let (tables, bytes) = (scratch.tables, scratch.bytes)
        scratch.shortlist.begin(wanted: search.depth, slack: search.depth / 8)
        var slices = WorkSlices(of: Self.slice)
        for (place, list) in scratch.listNumbers.enumerated() {
            if place >= search.probes, scratch.shortlist.count >= search.wanted { break }
            let following = scratch.listNumbers[min(place + 1, scratch.listNumbers.count - 1)]
            let next = Int(bounds[Int(following)])
            let end = Int(bounds[Int(list) + 1])
            var first = Int(bounds[Int(list)])
            let base = scale.base + scratch.listScores[place]
            while first < end {
                let part = first..<min(first + Self.slice, end)
                guard !slices.isOver(before: part.count, isOver) else {
                    finish(&scratch)
                    return false
                }
                let blocks = CodeBlocks(part, of: blocks.span, groups: groups, next: next)
                let scale = ScanScale(base: base, step: scale.step)
                let before = scratch.shortlist.count
                switch form {
                case .parts:
                    kernels.scan(
                        blocks,
                        tables: tables.span,
                        scale: scale,
                        into: &scratch.shortlist
                    )
                case .bytes:
                    kernels.scan(blocks, bytes: bytes.span, scale: scale, into: &scratch.shortlist)
                }
                if let allowed = search.filter.allowed {
                    scratch.shortlist.filter(from: before) { allowed.contains(Int(rows[$0])) }
                }
                if scratch.shortlist.isFull {
                    scratch.shortlist.trim(by: kernels)
                }
                first = part.upperBound
            }
        }
        finish(&scratch)
        return true
    }

    /// Trims the shortlist, and names its rows.
    private func finish(_ scratch: inout SearchScratch) {
        scratch.shortlist.trim(by: kernels)
        scratch.rows.removeAll(keepingCapacity: true)
        for place in 0..<scratch.shortlist.count {
            let row = rows[scratch.shortlist[place].position]
            // Their offsets keep such positions out, in a file that is sound.
            if row != Self.noRow {
                scratch.rows.append(row)
            }
        }
    }
}

// MARK: - Lists

extension InvertedLists {
    /// Finds the `count` nearest lists, best first, and what they add to the scores of their codes.
    private func rankLists(_ query: Span<Float>, _ count: Int, _ scratch: inout SearchScratch) {
        let room = CodeForm.bytes.room(dimension: dimension)
        let bytes = quantize(query, room: room, &scratch)
        let step = (isEuclidean ? 2 : 1) * bytes.step * centroidStep
        let blockCount = (listCount + CodeBlocks.codeCount - 1) / CodeBlocks.codeCount
        let words = scratch.bytes
        // The exact border is found by the sort; and the first few lists tell of most others that
        // they are too far away, before much has been collected.
        scratch.lists.begin(wanted: count, slack: count / 8 + Self.slackOfLists)
        var (first, part) = (0, Self.firstSlice)
        while first < blockCount {
            let blocks = first..<min(first + part, blockCount)
            kernels.scan(
                CodeBlocks(
                    blocks,
                    of: centroidBlocks.span,
                    groups: centroidGroups,
                    next: blocks.upperBound
                ),
                bytes: words.span,
                scale: ScanScale(base: 0, step: step),
                into: &scratch.lists
            )
            scratch.lists.trim(by: kernels)
            (first, part) = (blocks.upperBound, 2 * part)
        }
        scratch.lists.sort()
        scratch.listNumbers.removeAll(keepingCapacity: true)
        for place in 0..<min(count, scratch.lists.count) {
            scratch.listNumbers.append(UInt32(scratch.lists[place].position))
        }
        // The bytes are near enough to rank lists, not to compare their codes.
        scratch.listScores.resize(to: scratch.listNumbers.count, with: 0)
        let numbers = scratch.listNumbers
        var scores = scratch.listScores.mutableSpan
        let metric: Metric = isEuclidean ? .l2 : .innerProduct
        kernels.compare(
            query,
            withRows: numbers.span,
            of: centroids.span,
            by: metric.comparison,
            into: &scores
        )
        metric.makeScores(&scores)
    }

    /// Sets `scratch.query` to the query less the mean, filled up with zeros.
    ///
    /// Says the largest amount in it.
    private func centre(
        _ query: Span<Float>,
        room: Int,
        _ scratch: inout SearchScratch
    ) -> Float {
        scratch.query.resize(to: room, with: 0)
        var rest = scratch.query.mutableSpan
        let mean = mean.span
        var largest: Float = 0
        for index in 0..<room {
            rest[index] = index < dimension ? query[index] - mean[index] : 0
            largest = max(largest, abs(rest[index]))
        }
        return largest
    }

    /// Sets `scratch.bytes` to the query less the mean, in bytes.
    ///
    /// Says what a step of them is worth, and their sum.
    private func quantize(
        _ query: Span<Float>,
        room: Int,
        _ scratch: inout SearchScratch
    ) -> (step: Float, sum: Int) {
        let largest = centre(query, room: room, &scratch)
        let rest = scratch.query
        scratch.bytes.resize(to: room, with: 0)
        var bytes = scratch.bytes.mutableSpan
        // A query that is all but the mean itself has no bytes to speak of.
        let exact = 127 / largest
        let steps = exact.isFinite ? exact : 0
        var sum = 0
        for index in 0..<room {
            bytes[index] = Int8((rest[index] * steps).rounded())
            sum += Int(bytes[index])
        }
        return (steps > 0 ? largest / 127 : 0, sum)
    }

    /// Makes the query ready to meet codes.
    private func prepare(_ query: Span<Float>, _ scratch: inout SearchScratch) -> ScanScale {
        let factor: Float = isEuclidean ? 2 : 1
        let room = form.room(dimension: dimension)
        switch form {
        case .parts(let width):
            _ = centre(query, room: room, &scratch)
            let rest = scratch.query
            scratch.tables.resize(to: room / width * CodeBlocks.codeCount, with: 0)
            var tables = scratch.tables.mutableSpan
            let scale = kernels.makeTables(
                rest.span,
                codebooks: codebooks.span,
                width: width,
                into: &tables
            )
            return ScanScale(base: factor * scale.base, step: factor * scale.step)
        case .bytes:
            let bytes = quantize(query, room: room, &scratch)
            let step = factor * bytes.step * codeStep
            // A byte of a code is 128 more than what it stands for.
            return ScanScale(base: -128 * step * Float(bytes.sum), step: step)
        }
    }
}
