import CLMDB
import Glibc
import Synchronization

/// The one writer of an environment; another one waits, in this process or elsewhere.
///
/// It belongs to the thread that began it. What is not committed never happened.
@safe
package struct WriteTransaction: ~Copyable {
    private let environment: Environment
    /// Nil once committed.
    private var handle: OpaquePointer?

    @available(*, noasync)
    init(in environment: Environment) throws(LMDBError) {
        guard environment.access == .readWrite else {
            throw LMDBError(EACCES, "write to \(environment.path), which was opened for reading")
        }
        guard !environment.file.hasLostWrites.load(ordering: .acquiring) else {
            throw LMDBError(EIO, "write to \(environment.path) after a commit that failed")
        }
        unsafe handle = try environment.begin(flags: 0)
        self.environment = environment
    }

    deinit {
        if let handle = unsafe handle {
            unsafe mdb_txn_abort(handle)
        }
    }

    /// Makes the changes durable and visible, all of them or, where it throws, none.
    ///
    /// - Throws: ``LMDBError``. After code `inputOutput` the environment takes no more writes in
    ///   this process, because what is on the disk is in doubt.
    @available(*, noasync)
    package consuming func commit() throws(LMDBError) {
        let code = unsafe mdb_txn_commit(handle)  // frees the handle even where it fails
        unsafe handle = nil
        if code == EIO {
            environment.file.hasLostWrites.store(true, ordering: .releasing)
        }
        try LMDBError.check(environment.reason(of: code), "commit to \(environment.path)")
    }

    /// The bytes stored for `key`, borrowed until the next change.
    @available(*, noasync)
    @_lifetime(borrow self)
    package func value(for key: [UInt8], in table: Table) throws(LMDBError) -> RawSpan? {
        guard let found = try unsafe lookUp(key, in: table, transaction: open) else { return nil }
        return unsafe _overrideLifetime(RawSpan(found), borrowing: self)
    }

    /// How many keys the table has.
    @available(*, noasync)
    package func count(of table: Table) throws(LMDBError) -> Int {
        try unsafe entryCount(of: table, transaction: open)
    }

    /// The entries of the table in key order, from the first key that is not less than `key`.
    @available(*, noasync)
    @_lifetime(borrow self)
    package func cursor(in table: Table, from key: [UInt8] = []) throws(LMDBError) -> Cursor {
        try unsafe Cursor(in: table, from: key, of: open, borrowing: self)
    }

    /// The handle of the running transaction.
    private var open: OpaquePointer {
        guard let handle = unsafe handle else {
            preconditionFailure("a committed transaction is gone and cannot be used")
        }
        return unsafe handle
    }
}

// MARK: - Changes

extension WriteTransaction {
    /// How `put` treats the keys that are there.
    package enum Placement: Sendable {
        /// Replaces the value of a key that is there.
        case replacing
        /// Refuses a key that is there, with code `keyExists`.
        case adding
        /// Puts the key behind all others, which is the quick way to fill a table in key order;
        /// refuses one that is not the largest, with code `keyExists`.
        case appending
    }

    /// Stores `value` for `key`, a key of 1 to 511 bytes.
    @available(*, noasync)
    package mutating func put(
        _ value: [UInt8],
        for key: [UInt8],
        in table: Table,
        _ placement: Placement = .replacing
    ) throws(LMDBError) {
        let flags: Int32 =
            switch placement {
            case .replacing: 0
            case .adding: MDB_NOOVERWRITE
            case .appending: MDB_APPEND
            }
        let (transaction, environment) = unsafe (open, environment)
        try unsafe withValue(of: key.span.bytes) { (key) throws(LMDBError) in
            try unsafe withValue(of: value.span.bytes) { (value) throws(LMDBError) in
                let code = unsafe mdb_put(
                    transaction,
                    table.handle,
                    &key,
                    &value,
                    UInt32(flags)
                )
                try LMDBError.check(
                    environment.reason(of: code),
                    "write to the table \(table.name) in \(environment.path)"
                )
            }
        }
    }

    /// Removes `key` and its value, and tells whether they were there.
    @available(*, noasync)
    @discardableResult
    package mutating func remove(_ key: [UInt8], from table: Table) throws(LMDBError) -> Bool {
        let transaction = unsafe open
        return try unsafe withValue(of: key.span.bytes) { (key) throws(LMDBError) in
            let code = unsafe mdb_del(transaction, table.handle, &key, nil)
            if code == MDB_NOTFOUND { return false }
            try LMDBError.check(code, "remove from the table \(table.name)")
            return true
        }
    }

    /// Removes every key of the table.
    @available(*, noasync)
    package mutating func removeAll(from table: Table) throws(LMDBError) {
        let code = unsafe mdb_drop(open, table.handle, 0)
        try LMDBError.check(code, "empty the table \(table.name)")
    }
}

extension Environment {
    /// Begins to write, after the writer before has ended.
    @available(*, noasync)
    package func write() throws(LMDBError) -> WriteTransaction {
        try WriteTransaction(in: self)
    }
}
