import Graph
import PinSage
import TestSupport
import Testing
import Vectors

@testable import Training

struct SpectralWordsTests {
    /// Rows for words that start where `graph` puts them.
    private func rows(
        of graph: Graph,
        _ content: SparseRows,
        buckets: Int,
        dimension: Int
    ) -> Matrix {
        spectralWords(
            of: graph,
            content: content,
            buckets: buckets,
            dimension: dimension,
            settings: settings,
            seed: 5,
            threads: 1
        )
    }

    /// Rounds enough to be exact.
    private var settings: SpectralSettings {
        var settings = SpectralSettings()
        (settings.lengthening, settings.rounds) = (0, 80)
        return settings
    }

    /// Item u has the words `words[u]`, all of one weight.
    private func content(_ words: [[UInt32]]) -> SparseRows {
        SparseRows(
            offsets: words.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) },
            columns: words.flatMap(\.self),
            values: words.flatMap { words in words.map { _ in 1 / Float(words.count).squareRoot() }
            }
        )
    }

    @Test func `where every item has a word of its own, words start as items would`() throws {
        try withTemporaryFolder { folder in
            let graph = try Communities(in: folder).graph
            let own = content((0..<graph.itemCount).map { [UInt32($0)] })
            let words = rows(of: graph, own, buckets: graph.itemCount, dimension: 4)
            let items = spectralVectors(
                of: graph,
                dimension: 4,
                settings: settings,
                seed: 5,
                threads: 1
            )
            // The axes may point either way, so inner products are compared.
            for a in 0..<graph.itemCount {
                for b in 0..<graph.itemCount {
                    let found = innerProduct(words.row(a).span, words.row(b).span)
                    let expected = innerProduct(items.row(a).span, items.row(b).span)
                    #expect(abs(found - expected) < 2e-2)
                }
            }
        }
    }

    @Test func `words put an item without edges beside those that share contexts`() throws {
        try withTemporaryFolder { folder in
            let graph = try Communities(in: folder).graph
            // Bucket 0 is on every item, 1 and 2 on those of a community, 3 on the new item alone.
            let new = Communities.itemCount - 1
            let words = (0..<Communities.itemCount).map { item in
                item == new ? [0, 1, 3] : [0, UInt32(1 + Communities.community(of: item))]
            }
            let rows = rows(of: graph, content(words), buckets: 5, dimension: 2)
            #expect(rows.row(3) == [0, 0] && rows.row(4) == [0, 0])
            var vectors = Matrix(rows: Communities.itemCount, columns: 2)
            content(words).addProduct(with: rows, to: &vectors, threads: 1)
            vectors.normaliseRows()
            func nearness(to item: Int) -> Float {
                innerProduct(vectors.row(new).span, vectors.row(item).span)
            }
            #expect(nearness(to: 0) > nearness(to: Communities.size) + 0.5)
        }
    }

    @Test func `a fit of fewer words than it has steps solves the normal equations`() {
        var generator = SeededGenerator(seed: 4)
        var wanted = Matrix(rows: 30, columns: 3)
        for index in wanted.elements.indices {
            wanted.elements[index] = generator.normal()
        }
        let content = content(
            (0..<30).map { _ in (0..<4).map { _ in UInt32(generator.index(below: 5)) } }
        )
        let words = WordRegression(content, wordCount: 5, ridge: 2)
        let start = Matrix(rows: 5, columns: 3)
        let rows = words.fit(to: wanted, from: start, threads: 1)
        // X^T (Y - X W) = 2 W
        var residual = words.vectors(of: rows, threads: 1)
        for index in residual.elements.indices {
            residual.elements[index] = wanted.elements[index] - residual.elements[index]
        }
        var gradient = Matrix(rows: 5, columns: 3)
        content.transposed(columnCount: 5).addProduct(with: residual, to: &gradient, threads: 1)
        for (found, row) in zip(gradient.elements, rows.elements) {
            #expect(abs(found - 2 * row) < 1e-4)
        }
    }
}
