import CLMDB

/// A view of an environment as it was when the transaction began.
///
/// Keep it short: as long as it lives, no page that it may see is used again, and the file grows
/// under a busy writer.
@safe
package struct ReadTransaction: ~Copyable {
    private let environment: Environment
    private let handle: OpaquePointer

    @available(*, noasync)
    init(in environment: Environment) throws(LMDBError) {
        unsafe handle = try environment.begin(flags: UInt32(MDB_RDONLY))
        self.environment = environment
    }

    deinit {
        unsafe mdb_txn_abort(handle)
    }

    /// The bytes stored for `key`, borrowed from the map for as long as the transaction lives.
    ///
    /// They begin at any address: read numbers from them unaligned.
    @available(*, noasync)
    @_lifetime(borrow self)
    package func value(for key: [UInt8], in table: Table) throws(LMDBError) -> RawSpan? {
        guard let found = try unsafe lookUp(key, in: table, transaction: handle) else { return nil }
        return unsafe _overrideLifetime(RawSpan(found), borrowing: self)
    }

    /// How many keys the table has.
    @available(*, noasync)
    package func count(of table: Table) throws(LMDBError) -> Int {
        try unsafe entryCount(of: table, transaction: handle)
    }

    /// The entries of the table in key order, from the first key that is not less than `key`.
    @available(*, noasync)
    @_lifetime(borrow self)
    package func cursor(in table: Table, from key: [UInt8] = []) throws(LMDBError) -> Cursor {
        try unsafe Cursor(in: table, from: key, of: handle, borrowing: self)
    }
}

extension Environment {
    /// Begins to read.
    @available(*, noasync)
    package func read() throws(LMDBError) -> ReadTransaction {
        try ReadTransaction(in: self)
    }
}

/// What a transaction, of either kind, finds for a key.
func lookUp(
    _ key: [UInt8],
    in table: Table,
    transaction: OpaquePointer
) throws(LMDBError) -> MDB_val? {
    try unsafe withValue(of: key.span.bytes) { (key) throws(LMDBError) in
        var value = unsafe MDB_val()
        let code = unsafe mdb_get(transaction, table.handle, &key, &value)
        if code == MDB_NOTFOUND { return nil }
        try LMDBError.check(code, "read from the table \(table.name)")
        return unsafe value
    }
}

/// How many keys a table has, as a transaction of either kind sees it.
func entryCount(of table: Table, transaction: OpaquePointer) throws(LMDBError) -> Int {
    var statistics = MDB_stat()
    let code = unsafe mdb_stat(transaction, table.handle, &statistics)
    try LMDBError.check(code, "count the table \(table.name)")
    return statistics.ms_entries
}
