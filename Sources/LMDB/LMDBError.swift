import CLMDB
import Glibc

/// A call into LMDB that failed, in LMDB's own words.
///
/// ```swift
/// catch let error where error.code == .mapFull { … }
/// ```
package struct LMDBError: Error, Equatable, CustomStringConvertible {
    package let code: Code
    /// A sentence that names the environment and what was tried.
    package let description: String

    init(_ code: Int32, _ action: String) {
        self.code = Code(rawValue: code)
        let reason = unsafe mdb_strerror(code).map { unsafe String(cString: $0) } ?? "code \(code)"
        description = "cannot \(action): \(reason)\(self.code.advice)"
    }

    /// Throws where `code`, the answer of a call into LMDB, is not success.
    static func check(_ code: Int32, _ action: @autoclosure () -> String) throws(LMDBError) {
        guard code == MDB_SUCCESS else { throw LMDBError(code, action()) }
    }
}

extension LMDBError {
    /// A code of LMDB (below zero) or of the operating system (`errno`, above zero).
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// `MDB_KEYEXIST`: the key is there already, or an appended key is not the largest.
        package static let keyExists = Code(rawValue: MDB_KEYEXIST)
        /// `MDB_NOTFOUND`: no such table.
        package static let notFound = Code(rawValue: MDB_NOTFOUND)
        /// `MDB_CORRUPTED`: a page has the wrong type.
        package static let corrupted = Code(rawValue: MDB_CORRUPTED)
        /// `MDB_PANIC`: an earlier fatal error; the environment must be opened anew.
        package static let panic = Code(rawValue: MDB_PANIC)
        /// `MDB_VERSION_MISMATCH`: the file was made by another version of LMDB.
        package static let versionMismatch = Code(rawValue: MDB_VERSION_MISMATCH)
        /// `MDB_INVALID`: not a file of LMDB.
        package static let invalid = Code(rawValue: MDB_INVALID)
        /// `MDB_MAP_FULL`: the map size is used up.
        package static let mapFull = Code(rawValue: MDB_MAP_FULL)
        /// `MDB_BAD_VALSIZE`: a key that is empty or longer than 511 bytes.
        package static let badValueSize = Code(rawValue: MDB_BAD_VALSIZE)
        /// `EACCES`: a write to what was opened for reading only, or no permission for the file.
        package static let accessDenied = Code(rawValue: EACCES)
        /// `EIO`: the disk failed; nothing more may be written through this environment.
        package static let inputOutput = Code(rawValue: EIO)
        /// `ENOSPC`: the disk is full; nothing was changed.
        package static let diskFull = Code(rawValue: ENOSPC)
        /// `EFBIG`: this process may make no file so large; nothing was changed.
        package static let fileTooLarge = Code(rawValue: EFBIG)

        /// What to do next, where there is something to do.
        var advice: String {
            switch self {
            case .mapFull: "; open it with a larger map size"
            case .panic: "; stop this program, check the disk for free space, and start again"
            case .inputOutput: "; check the disk, verify the store, and start again"
            case .diskFull: "; make room there, and try again"
            case .fileTooLarge: "; allow larger files (ulimit -f), and try again"
            default: ""
            }
        }
    }
}
