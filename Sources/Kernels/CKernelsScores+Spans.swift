import CKernels

/// What the loops of C trust is checked here: that the counts fit, and the rows are there.
extension CKernelsScores {
    func compare<Element>(_ query: Span<Float>, with vector: Span<Element>) -> Float {
        precondition(query.count == vector.count, "two vectors of one dimension are compared")
        return unsafe query.withUnsafeBufferPointer { query in
            unsafe vector.withUnsafeBufferPointer { vector in
                unsafe self.one(query.baseAddress, vector.baseAddress, query.count)
            }
        }
    }

    func compare<Element>(
        _ query: Span<Float>,
        withEach vectors: Span<Element>,
        into results: inout MutableSpan<Float>
    ) {
        precondition(
            vectors.count == query.count * results.count,
            "\(results.count) vectors like the query have other values than \(vectors.count)"
        )
        unsafe query.withUnsafeBufferPointer { query in
            unsafe vectors.withUnsafeBufferPointer { vectors in
                unsafe results.withUnsafeMutableBufferPointer { results in
                    unsafe self.each(
                        query.baseAddress,
                        vectors.baseAddress,
                        query.count,
                        results.count,
                        results.baseAddress
                    )
                }
            }
        }
    }

    func compare<Element>(
        _ query: Span<Float>,
        withRows rows: Span<UInt32>,
        of vectors: Span<Element>,
        into results: inout MutableSpan<Float>
    ) {
        precondition(rows.count == results.count, "each row has one result")
        // Vectors without components take no room, however many there are.
        let count = query.isEmpty ? Int.max : vectors.count / query.count
        for index in rows.indices {
            precondition(rows[index] < count, "row \(rows[index]) lies beyond the vectors")
        }
        unsafe query.withUnsafeBufferPointer { query in
            unsafe vectors.withUnsafeBufferPointer { vectors in
                unsafe rows.withUnsafeBufferPointer { rows in
                    unsafe results.withUnsafeMutableBufferPointer { results in
                        unsafe self.rows(
                            query.baseAddress,
                            vectors.baseAddress,
                            query.count,
                            rows.baseAddress,
                            rows.count,
                            results.baseAddress
                        )
                    }
                }
            }
        }
    }
}
