import CLMDB
import Glibc

/// A walk over the entries of a table in key order.
///
/// ```swift
/// var cursor = try transaction.cursor(in: prices, from: firstKey)
/// while try cursor.advance() {
///     print(cursor.key.byteCount, cursor.value.byteCount)
/// }
/// ```
@safe
package struct Cursor: ~Copyable, ~Escapable {
    private let handle: OpaquePointer
    private let table: Table
    /// Where the next step goes; nil once under way.
    private var target: [UInt8]?
    private var currentKey = unsafe MDB_val()
    private var currentValue = unsafe MDB_val()

    @_lifetime(borrow owner)
    init<Owner: ~Copyable>(
        in table: Table,
        from key: [UInt8],
        of transaction: OpaquePointer,
        borrowing owner: borrowing Owner
    ) throws(LMDBError) {
        var opened: OpaquePointer?
        let code = unsafe mdb_cursor_open(transaction, table.handle, &opened)
        guard code == MDB_SUCCESS, let opened = unsafe opened else {
            throw LMDBError(code, "walk over the table \(table.name)")
        }
        unsafe handle = opened
        self.table = table
        target = key
    }

    deinit {
        unsafe mdb_cursor_close(handle)
    }

    /// Makes the next step lead to the first key that is not less than `key`, back or forth.
    @_lifetime(self: copy self)
    package mutating func seek(_ key: [UInt8]) {
        target = key
    }

    /// Takes a step; false behind the last entry.
    @available(*, noasync)
    @_lifetime(self: copy self)
    package mutating func advance() throws(LMDBError) -> Bool {
        let found = try unsafe step(handle, to: target)
        target = nil
        if unsafe found.code == MDB_NOTFOUND { return false }
        try unsafe LMDBError.check(found.code, "walk over the table \(table.name)")
        unsafe (currentKey, currentValue) = unsafe (found.key, found.value)
        return true
    }

    /// The key of the last step that was true, borrowed until the next one.
    package var key: RawSpan {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(RawSpan(currentKey), borrowing: self) }
    }

    /// The value of the last step that was true, borrowed until the next one.
    package var value: RawSpan {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(RawSpan(currentValue), borrowing: self) }
    }
}

/// Moves a cursor to the first key that is not less than `target`, or to the next one.
private func step(
    _ cursor: OpaquePointer,
    to target: [UInt8]?
) throws(LMDBError) -> (code: Int32, key: MDB_val, value: MDB_val) {
    var value = unsafe MDB_val()
    guard let target, !target.isEmpty else {
        var key = unsafe MDB_val()
        let direction = target == nil ? MDB_NEXT : MDB_FIRST
        let code = unsafe mdb_cursor_get(cursor, &key, &value, direction)
        return unsafe (code, key, value)
    }
    return try unsafe withValue(of: target.span.bytes) { key in
        // LMDB replaces the key by its own copy where it finds one.
        let code = unsafe mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
        return unsafe (code, key, value)
    }
}
