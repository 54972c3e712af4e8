import Files
import Kernels
import Vectors

extension TokenTables {
    /// How many rows are counted, and tokens looked up, between two looks at the clock.
    private static let slice = 4_096

    /// Puts into `scratch.rows` the up to `depth` rows that share most tokens with `query`
    /// (dimension), in no order.
    ///
    /// False where `isOver` ended the search before. Where it finds fewer than are wanted, to
    /// compare all vectors is less work than to look up more tokens.
    package func search(
        _ query: Span<Float>,
        _ search: ProbedSearch,
        scratch: inout SearchScratch,
        isOver: () -> Bool = { false }
    ) -> Bool {
        project(query, &scratch)
        scratch.counter.begin(count: count)
        var (lookedUp, visited, enough) = (0, 0, search.probes)
        var slices = WorkSlices(of: Self.slice)
        while let next = scratch.tokens.next() {
            var list = list(table: next.table, token: next.token)
            repeat {
                let part = list.prefix(Self.slice)
                // One more for the token itself, or many empty lists would never look.
                guard !slices.isOver(before: part.count + 1, isOver) else {
                    scratch.counter.take(search.depth, search.filter, into: &scratch.rows)
                    return false
                }
                scratch.counter.add(rows.span.extracting(part))
                list = part.upperBound..<list.upperBound
                visited += part.count
            } while !list.isEmpty
            lookedUp += 1
            guard lookedUp >= enough else { continue }
            if visited >= count || scratch.counter.count(allowedBy: search.filter) >= search.wanted
            {
                break
            }
            enough *= 2
        }
        scratch.counter.take(search.depth, search.filter, into: &scratch.rows)
        return true
    }

    /// Sets `scratch.tokens` to the tokens of `query`.
    private func project(_ query: Span<Float>, _ scratch: inout SearchScratch) {
        scratch.query.resize(to: dimension, with: 0)
        for column in 0..<dimension {
            scratch.query[column] = query[column] - mean[column]
        }
        scratch.projections.resize(to: tableCount * bits, with: 0)
        // Its memory, not a copy: nothing changes it while it is compared.
        let centred = scratch.query
        var projections = scratch.projections.mutableSpan
        kernels.compare(
            centred.span,
            withEach: hyperplanes.span,
            by: .innerProduct,
            into: &projections
        )
        let made = scratch.projections
        scratch.tokens.begin(made.span, bits: bits)
    }
}
