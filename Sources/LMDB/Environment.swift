import CLMDB
import Synchronization

/// An LMDB environment: a folder with one memory-mapped file of ordered tables.
///
/// Readers never wait and see the state of the moment they began; there is one writer at a time.
/// Every commit is synchronised with the disk before it returns. LMDB 0.9 trusts its file: what
/// must not be taken on trust needs a checksum of its own.
///
/// ```swift
/// let environment = try Environment(at: "shop", access: .readWrite)
/// let prices = try environment.table(named: "prices")
/// var transaction = try environment.write()
/// try transaction.put([9, 99], for: key, in: prices)
/// try transaction.commit()
/// ```
package final class Environment: Sendable {
    package enum Access: Sendable {
        case readOnly
        case readWrite
    }

    /// The address space that is reserved for the file's map, in bytes; it costs no memory.
    package static let defaultMapSize = 64 << 30

    package let path: String
    package let access: Access
    let file: OpenFile

    /// Opens the environment in the folder at `path`, which must exist.
    ///
    /// A file that this process has open already is shared, and keeps its first map size.
    package init(
        at path: String,
        access: Access,
        mapSize: Int = defaultMapSize
    ) throws(LMDBError) {
        file = try OpenFile.claim(path: path, access: access, mapSize: mapSize)
        self.path = path
        self.access = access
    }

    deinit {
        file.release()
    }

    /// The table of that name; where it is missing, a writer creates it.
    ///
    /// Open tables before transactions: a transaction knows only the tables that were open when it
    /// began, and to create one takes a write transaction of its own.
    ///
    /// - Throws: ``LMDBError`` with code `notFound` where a reader finds no such table.
    @available(*, noasync)
    package func table(named name: String) throws(LMDBError) -> Table {
        try file.tables.withLock { (tables) throws(LMDBError) in
            if let known = tables[name] {
                return Table(name: name, handle: known)
            }
            var handle = try openTable(name, flags: UInt32(MDB_RDONLY), tableFlags: 0)
            if handle == nil, access == .readWrite {
                handle = try openTable(name, flags: 0, tableFlags: UInt32(MDB_CREATE))
            }
            guard let handle else {
                throw LMDBError(MDB_NOTFOUND, "find the table \(name) in \(path)")
            }
            tables[name] = handle
            return Table(name: name, handle: handle)
        }
    }

    /// Opens a table in a transaction of its own; nil where there is none.
    private func openTable(
        _ name: String,
        flags: UInt32,
        tableFlags: UInt32
    ) throws(LMDBError) -> MDB_dbi? {
        let transaction = try unsafe begin(flags: flags)
        var table: MDB_dbi = 0
        let code = unsafe mdb_dbi_open(transaction, name, tableFlags, &table)
        guard code == MDB_SUCCESS else {
            unsafe mdb_txn_abort(transaction)
            if code == MDB_NOTFOUND { return nil }
            throw LMDBError(code, "open the table \(name) in \(path)")
        }
        // Committed, not aborted, even where nothing was written: an abort closes the handle.
        let committed = unsafe mdb_txn_commit(transaction)
        try LMDBError.check(committed, "open the table \(name) in \(path)")
        return table
    }

    /// Begins a transaction; `flags` is 0 or `MDB_RDONLY`.
    func begin(flags: UInt32) throws(LMDBError) -> OpaquePointer {
        var transaction: OpaquePointer?
        let code = unsafe mdb_txn_begin(file.handle, nil, flags, &transaction)
        guard code == MDB_SUCCESS, let transaction = unsafe transaction else {
            throw LMDBError(code, "begin a transaction in \(path)")
        }
        return unsafe transaction
    }
}

/// A table of an environment: keys in byte order, each with one value.
package struct Table: Sendable, Equatable {
    package let name: String
    let handle: MDB_dbi
}
