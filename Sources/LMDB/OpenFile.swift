import CLMDB
import Glibc
import Synchronization

/// The one handle of this process on an LMDB file, shared by all its environments.
///
/// LMDB forbids to open a file twice in one process: the first `close` would drop the locks of
/// both. So handles are kept by the file's device and inode, and closed by their last user.
@safe
final class OpenFile: Sendable {
    // "The library is fully thread-aware and supports concurrent read/write access from multiple
    // processes and threads" (lmdb.h): safe to share. Closed once, by release().
    nonisolated(unsafe) let handle: OpaquePointer
    let access: Environment.Access
    /// Set once a commit met an I/O error.
    ///
    /// LMDB itself would go on after a failed `fdatasync`, and claim as durable what the disk may
    /// have lost.
    let hasLostWrites = Atomic(false)
    /// The tables opened so far, whose handles last as long as the environment.
    ///
    /// The lock is held while one is opened: `mdb_dbi_open` must not run in two transactions at
    /// once.
    let tables = Mutex<[String: MDB_dbi]>([:])
    private let identity: Identity

    private init(handle: OpaquePointer, access: Environment.Access, identity: Identity) {
        unsafe self.handle = handle
        self.access = access
        self.identity = identity
    }

    /// Lets go of a claim; the last one closes the file.
    func release() {
        Self.all.withLock { all in
            all[identity]?.uses -= 1
            if all[identity]?.uses == 0 {
                all[identity] = nil
                unsafe mdb_env_close(handle)
            }
        }
    }
}

extension OpenFile {
    /// A file, whatever the path that led to it.
    private struct Identity: Hashable {
        let device: dev_t
        let inode: ino_t

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
        }
    }

    private static let all = Mutex<[Identity: (file: OpenFile, uses: Int)]>([:])

    /// The open file of the environment in the folder at `path`, opened where it is not.
    ///
    /// Each successful claim must be followed by one ``release()``.
    static func claim(
        path: String,
        access: Environment.Access,
        mapSize: Int
    ) throws(LMDBError) -> OpenFile {
        try all.withLock { (all) throws(LMDBError) in
            var status = stat()
            // Not open() to find the inode: closing that descriptor would drop LMDB's locks.
            if unsafe stat(path + "/data.mdb", &status) == 0, let found = all[Identity(status)] {
                guard access == .readOnly || found.file.access == .readWrite else {
                    throw LMDBError(
                        EACCES,
                        "write to \(path), which this process already has open for reading"
                    )
                }
                all[Identity(status)]?.uses += 1
                return found.file
            }
            let handle = try unsafe open(path: path, access: access, mapSize: mapSize)
            var descriptor: Int32 = -1
            var code = unsafe mdb_env_get_fd(handle, &descriptor)
            if code == MDB_SUCCESS, unsafe fstat(descriptor, &status) != 0 {
                code = errno
            }
            guard code == MDB_SUCCESS else {
                unsafe mdb_env_close(handle)
                throw LMDBError(code, "identify the file of \(path)")
            }
            let identity = Identity(status)
            let file = unsafe OpenFile(handle: handle, access: access, identity: identity)
            all[identity] = (file, 1)
            return file
        }
    }

    private static func open(
        path: String,
        access: Environment.Access,
        mapSize: Int
    ) throws(LMDBError) -> OpaquePointer {
        var created: OpaquePointer?
        try LMDBError.check(unsafe mdb_env_create(&created), "create an environment")
        guard let handle = unsafe created else { throw LMDBError(ENOMEM, "create an environment") }
        // MDB_NOTLS: a read transaction belongs to its object, not to the thread that began it.
        // Never MDB_WRITEMAP (a full disk would be a SIGBUS) nor MDB_NOSYNC.
        let flags = UInt32(MDB_NOTLS) | (access == .readOnly ? UInt32(MDB_RDONLY) : 0)
        var deadReaders: Int32 = 0
        let steps: [() -> Int32] = [
            { unsafe mdb_env_set_mapsize(handle, mapSize) },
            { unsafe mdb_env_set_maxreaders(handle, 1024) },
            { unsafe mdb_env_set_maxdbs(handle, 32) },
            { unsafe mdb_env_open(handle, path, flags, 0o644) },
            { unsafe mdb_reader_check(handle, &deadReaders) },
        ]
        for step in steps {
            let code = step()
            guard code == MDB_SUCCESS else {
                unsafe mdb_env_close(handle)
                throw LMDBError(code, "open the LMDB environment \(path)")
            }
        }
        return unsafe handle
    }
}
