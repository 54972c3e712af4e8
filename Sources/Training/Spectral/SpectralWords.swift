import BLAS
import Graph
import PinSage
import RealModule
import Vectors

/// What an item's word would have to be seen in more often, before its row is believed by half.
private let ridge: Float = 3

/// Rows for words, by which the words of items alone put them where the shape of the graph would.
///
/// For the content X (items, buckets) and the normalised adjacency A of ``spectralVectors``, they are
/// the W for which the vectors Z = X W keep most of A^T A, among those with Z^T Z + ridge W^T W = 1:
/// a canonical analysis, regularised by the ridge. It is found by the same subspace iteration, in
/// which the words are fitted to each round's vectors (ridge regression). Items have a mean squared
/// length of 1; a word that no item with an edge has gets zeros, and says nothing of a new item.
/// Shape: (buckets, dimension). One seed and one thread count give the same bytes.
func spectralWords(
    of graph: Graph,
    content: SparseRows,
    buckets: Int,
    dimension: Int,
    settings: SpectralSettings,
    seed: UInt64,
    threads: Int
) -> Matrix {
    let adjacency = NormalisedAdjacency(graph, damping: settings.damping)
    let (used, content) = content.filter { graph.items.degree(of: $0) > 0 }.compactColumns()
    let words = WordRegression(content, wordCount: used.count, ridge: ridge)
    var generator = SeededGenerator(seed: seed, stream: 1 << 58)
    let width = dimension + max(8, dimension / 4)
    var rows = Matrix(rows: used.count, columns: width)
    for index in rows.elements.indices {
        rows.elements[index] = generator.normal()
    }
    var image = Matrix(rows: graph.itemCount, columns: width)
    for _ in 0..<max(1, settings.rounds / 2) {
        rows = words.orthonormalised(rows, threads: threads)
        image = adjacency.square(words.vectors(of: rows, threads: threads), threads: threads)
        rows = words.fit(to: image, from: rows, threads: threads)
    }
    rows = words.orthonormalised(rows, threads: threads)
    var vectors = words.vectors(of: rows, threads: threads)
    image = adjacency.square(vectors, threads: threads)
    // Within the subspace, the directions that the adjacency itself has (Rayleigh and Ritz).
    let (directions, squares) = Matrix.product(vectors, transposeA: true, image, threads: threads)
        .symmetricEigenvectors()
    var axes = directions.gather(Array(0..<dimension))
    axes.forEachRow(threads: 1) { place, row in
        let strength = Float.pow(max(squares[place], 0), settings.power / 2)
        for index in row.indices {
            row[index] *= strength
        }
    }
    rows = .product(rows, axes, transposeB: true, threads: threads)
    vectors = words.vectors(of: rows, threads: threads)
    let squaredLength = innerProduct(vectors.elements.span, vectors.elements.span)
    let scale = (Float(graph.connectedItems.count) / max(squaredLength, 1e-20)).squareRoot()
    let found = rows
    var table = Matrix(rows: buckets, columns: dimension)
    table.forEachRow(used, threads: threads) { place, row in
        let values = found.elements.span.extracting(found.range(ofRow: place))
        for index in row.indices {
            row[index] = values[index] * scale
        }
    }
    return table
}
