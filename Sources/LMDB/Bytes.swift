import CLMDB

extension RawSpan {
    /// The bytes that `value` points to; the caller must tie their lifetime to their owner's.
    @unsafe
    @_lifetime(immortal)
    init(_ value: MDB_val) {
        let bytes = unsafe UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
        let span = unsafe RawSpan(_unsafeBytes: bytes)
        self = unsafe _tieLifetime(span)
    }
}

/// Lends `bytes` to a call into LMDB, which does not write to them and keeps no pointer.
func withValue<Result>(
    of bytes: RawSpan,
    _ body: (inout MDB_val) throws(LMDBError) -> Result
) throws(LMDBError) -> Result {
    try unsafe bytes.withUnsafeBytes { (bytes) throws(LMDBError) in
        var value = unsafe MDB_val(
            mv_size: bytes.count,
            mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        )
        return try unsafe body(&value)
    }
}

/// Frees `value` of the lifetime that the compiler inferred for it.
@unsafe
@_unsafeNonescapableResult
@_lifetime(immortal)
private func _tieLifetime(_ value: RawSpan) -> RawSpan {
    value
}

/// Ties the lifetime of `value` to that of `source`.
@unsafe
@_unsafeNonescapableResult
@_lifetime(borrow source)
func _overrideLifetime<Source: ~Copyable & ~Escapable>(
    _ value: RawSpan,
    borrowing source: borrowing Source
) -> RawSpan {
    value
}
