import Graph

/// One hop of many walks at once: from items to contexts, or from contexts to items.
///
/// A walk alone waits twice for the memory at every hop: for its row's offsets, and for a
/// neighbour. Here all walks of a batch read their offsets, then draw, then read their neighbours,
/// each in a loop of its own that does nothing else, so that the processor keeps as many reads under
/// way as it can. On a graph larger than the caches that is some ten times as fast as steps taken
/// one by one; prefetch instructions in place of the loops gain nothing.
///
/// The reads go past the bounds checks: every neighbour in a mapped graph was checked when its file
/// was opened, and a position drawn from a row lies in the row.
struct Hop: ~Escapable {
    private let offsets: Span<UInt64>
    private let neighbours: Span<UInt32>
    /// Empty where neighbours are drawn evenly.
    private let cells: Span<AliasTable.Cell>

    @_lifetime(borrow adjacency, borrow table)
    init(over adjacency: borrowing Adjacency, by table: borrowing AliasTable) {
        offsets = adjacency.offsetSpan
        neighbours = adjacency.neighbourSpan
        cells = table.cells.span
    }

    /// Moves the first `count` of `places` by one hop each, by the next number of their walks.
    ///
    /// Every place must be a row with a neighbour.
    func move(
        _ places: inout [UInt32],
        _ randoms: inout [WalkRandom],
        _ positions: inout [Int],
        count: Int
    ) {
        var places = places.mutableSpan
        var randoms = randoms.mutableSpan
        var positions = positions.mutableSpan
        precondition(count <= places.count && count <= randoms.count && count <= positions.count)
        for walk in 0..<count {
            let row = unsafe Int(places[unchecked: walk])
            let start = unsafe offsets[unchecked: row]
            let end = unsafe offsets[unchecked: row &+ 1]
            unsafe positions[unchecked: walk] = Int(truncatingIfNeeded: start)
            unsafe places[unchecked: walk] = UInt32(truncatingIfNeeded: end &- start)
        }
        if cells.isEmpty {
            for walk in 0..<count {
                let degree = unsafe UInt64(places[unchecked: walk])
                let random = unsafe randoms[unchecked: walk].next()
                let offset = random.multipliedFullWidth(by: degree).high
                unsafe positions[unchecked: walk] &+= Int(truncatingIfNeeded: offset)
            }
        } else {
            drawByWeight(&places, &randoms, &positions, count: count)
        }
        for walk in 0..<count {
            unsafe places[unchecked: walk] = neighbours[unchecked: positions[unchecked: walk]]
        }
    }

    /// Draws `positions` by weight; `places` has the degrees, and is used for the walks' places
    /// within their cells.
    private func drawByWeight(
        _ places: inout MutableSpan<UInt32>,
        _ randoms: inout MutableSpan<WalkRandom>,
        _ positions: inout MutableSpan<Int>,
        count: Int
    ) {
        for walk in 0..<count {
            let degree = unsafe UInt64(places[unchecked: walk])
            let product = unsafe randoms[unchecked: walk].next().multipliedFullWidth(by: degree)
            unsafe positions[unchecked: walk] &+= Int(truncatingIfNeeded: product.high)
            unsafe places[unchecked: walk] = UInt32(truncatingIfNeeded: product.low >> 32)
        }
        for walk in 0..<count {
            let position = unsafe positions[unchecked: walk]
            let cell = unsafe cells[unchecked: position]
            let isOwn = unsafe places[unchecked: walk] < cell.threshold
            unsafe positions[unchecked: walk] =
                position &+ (isOwn ? 0 : Int(truncatingIfNeeded: cell.shift))
        }
    }
}
