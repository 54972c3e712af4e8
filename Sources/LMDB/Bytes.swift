import CLMDB

extension RawSpan {
    /// The bytes that `value` points to; the caller must tie their lifetime to their owner's.
    @unsafe
    @_lifetime(immortal)
    init(_ value: MDB_val) {
        let bytes = unsafe UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
        self = unsafe _overrideLifetime(RawSpan(_unsafeBytes: bytes), copying: ())
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
