import BLAS
package import Vectors

/// Builds tables of tokens: draws the hyperplanes, and lists the rows of each token.
///
/// One seed gives the same bytes, whatever the number of threads.
package struct TokenTablesBuilder: Sendable {
    /// One of ``TokenTables/tableRange``.
    package var tables: Int
    /// One of ``TokenTables/bitRange``.
    package var bits: Int
    package var seed: UInt64
    package var threads: Int

    /// How many vectors meet all hyperplanes in one matrix product.
    private static let chunk = 512

    package init(tables: Int, bits: Int, seed: UInt64, threads: Int) {
        precondition(
            TokenTables.tableRange.contains(tables) && TokenTables.bitRange.contains(bits),
            "tables and bits must be possible"
        )
        self.tables = tables
        self.bits = bits
        self.seed = seed
        self.threads = threads
    }

    /// The tables of `vectors` (count, dimension), ready to be written.
    package func build(_ vectors: Matrix) -> TokenTablesFile {
        let mean = vectors.mean
        let hyperplanes = hyperplanes(dimension: vectors.columns)
        let parts = mapInParallel(over: vectors.rows, threads: threads) { rows in
            tokens(of: vectors, rows, mean, hyperplanes)
        }
        let lists = mapInParallel(over: tables, parts: tables, threads: threads) { range in
            range.map { table in
                TokenLists(parts.flatMap { $0[table] }, bits: bits)
            }
        }
        return TokenTablesFile(
            bits: bits,
            count: vectors.rows,
            mean: mean,
            hyperplanes: hyperplanes,
            tables: lists.flatMap(\.self)
        )
    }

    /// Normals of hyperplanes in all directions alike (tables * bits, dimension).
    ///
    /// They are nearly of one length, so that a projection says how far from its hyperplane a
    /// vector lies, whichever it is.
    private func hyperplanes(dimension: Int) -> Matrix {
        var generator = SeededGenerator(seed: seed)
        var normals = Matrix(rows: tables * bits, columns: dimension)
        for place in normals.elements.indices {
            normals.elements[place] = generator.normal()
        }
        normals.normaliseRows()
        return normals
    }

    /// For each table the tokens of the rows `range` (tables, range.count).
    private func tokens(
        of vectors: Matrix,
        _ range: Range<Int>,
        _ mean: [Float],
        _ hyperplanes: Matrix
    ) -> [[UInt32]] {
        var tokens = [[UInt32]](repeating: [], count: tables)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.chunk) {
            var chunk = vectors.gather(
                Array(start..<min(start + Self.chunk, range.upperBound))
            )
            for row in 0..<chunk.rows {
                for column in 0..<chunk.columns {
                    chunk[row, column] -= mean[column]
                }
            }
            // (rows of the chunk, tables * bits)
            let projections = Matrix.product(chunk, hyperplanes, transposeB: true)
            for row in 0..<chunk.rows {
                let line = projections.elements.span.extracting(projections.range(ofRow: row))
                for table in 0..<tables {
                    tokens[table].append(token(line, table: table, bits: bits))
                }
            }
        }
        return tokens
    }
}

/// The token that `projections` (tables * bits) make in `table`: bit i is set where projection i
/// is above zero.
func token(_ projections: Span<Float>, table: Int, bits: Int) -> UInt32 {
    var token: UInt32 = 0
    for bit in 0..<bits where projections[table * bits + bit] > 0 {
        token |= 1 << UInt32(bit)
    }
    return token
}
