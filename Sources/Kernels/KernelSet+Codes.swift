import CKernels

/// Comparisons of codes: vectors of bytes, and of bits.
extension KernelSet {
    /// The inner products of `query` (dimension) with all `vectors` (count, dimension), into
    /// `products` (count): exact modulo 2^32, which dimensions up to 65,536 never reach.
    package func innerProducts(
        _ query: Span<Int8>,
        withEach vectors: Span<Int8>,
        into products: inout MutableSpan<Int32>
    ) {
        unsafe count(query, vectors, into: &products, by: table.pointee.byte_products)
    }

    /// The same with `vectors` of bytes without a sign.
    package func innerProducts(
        _ query: Span<Int8>,
        withEach vectors: Span<UInt8>,
        into products: inout MutableSpan<Int32>
    ) {
        unsafe count(query, vectors, into: &products, by: table.pointee.unsigned_byte_products)
    }

    /// In how many bits each of `codes` (count, bytes) differs from `code` (bytes), into
    /// `distances` (count).
    package func hammingDistances(
        _ code: Span<UInt8>,
        withEach codes: Span<UInt8>,
        into distances: inout MutableSpan<Int32>
    ) {
        unsafe count(code, codes, into: &distances, by: table.pointee.hamming_distances)
    }

    /// The sum modulo 2^64 of all `words`: what it costs to read memory, and nothing else.
    package func sum(_ words: Span<UInt64>) -> UInt64 {
        unsafe words.withUnsafeBufferPointer { words in
            unsafe table.pointee.sum_words(words.baseAddress, words.count)
        }
    }

    private func count<A, B>(
        _ query: Span<A>,
        _ codes: Span<B>,
        into results: inout MutableSpan<Int32>,
        by kernel: (
            UnsafePointer<A>?, UnsafePointer<B>?, Int, Int, UnsafeMutablePointer<Int32>?
        ) -> Void
    ) {
        precondition(
            codes.count == query.count * results.count,
            "\(results.count) codes like the query have other bytes than \(codes.count)"
        )
        unsafe query.withUnsafeBufferPointer { query in
            unsafe codes.withUnsafeBufferPointer { codes in
                unsafe results.withUnsafeMutableBufferPointer { results in
                    unsafe kernel(
                        query.baseAddress,
                        codes.baseAddress,
                        query.count,
                        results.count,
                        results.baseAddress
                    )
                }
            }
        }
    }
}
