import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import LMDB

/// The code of the LMDBError that `body` throws.
private func code(of body: () throws -> Void) -> LMDBError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? LMDBError)?.code
    }
}

@Suite struct LMDBErrorTests {
    @Test func `a folder that is missing is named`() {
        let error = #expect(throws: LMDBError.self) {
            try Environment(at: "/nowhere/at/all", access: .readWrite)
        }
        #expect(error?.code.rawValue == ENOENT)
        #expect(error?.description.contains("/nowhere/at/all") == true)
    }

    @Test func `a file that LMDB did not write is refused`() throws {
        try withTemporaryFolder { folder in
            let noise = Data(repeating: 7, count: 20_000)
            try noise.write(to: folder.appendingPathComponent("data.mdb"))
            #expect(code { _ = try Environment(at: folder.path, access: .readOnly) } == .invalid)
        }
    }

    @Test func `a full map is an error, and a later small write succeeds`() throws {
        try withEnvironment(mapSize: 1 << 16) { environment in
            let table = try environment.table(named: "blobs")
            let blob = [UInt8](repeating: 1, count: 1 << 17)
            #expect(code { try put(blob, in: table, of: environment) } == .mapFull)
            try put([1], in: table, of: environment)
        }
    }

    private func put(_ value: [UInt8], in table: Table, of environment: Environment) throws {
        var transaction = try environment.write()
        try transaction.put(value, for: [1], in: table)
        try transaction.commit()
    }

    @Test(arguments: [0, 512]) func `a key must have 1 to 511 bytes`(size: Int) throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "blobs")
            let key = [UInt8](repeating: 1, count: size)
            #expect(
                code {
                    var transaction = try environment.write()
                    try transaction.put([1], for: key, in: table)
                } == .badValueSize
            )
        }
    }

    @Test func `a key that is there is not added again`() throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "blobs")
            try put([1], in: table, of: environment)
            for placement in [WriteTransaction.Placement.adding, .appending] {
                #expect(
                    code {
                        var transaction = try environment.write()
                        try transaction.put([1], for: [1], in: table, placement)
                    } == .keyExists
                )
            }
        }
    }

    @Test func `a reader neither writes nor creates tables`() throws {
        try withEnvironment { environment in
            let reader = try Environment(at: environment.path, access: .readOnly)
            #expect(code { _ = try reader.write() } == .accessDenied)
            #expect(code { _ = try reader.table(named: "new") } == .notFound)
        }
    }

    @Test func `a file open for reading is not opened for writing beside it`() throws {
        try withTemporaryFolder { folder in
            try { _ = try Environment(at: folder.path, access: .readWrite) }()
            let reader = try Environment(at: folder.path, access: .readOnly)
            #expect(
                code { _ = try Environment(at: folder.path, access: .readWrite) } == .accessDenied
            )
            #expect(reader.access == .readOnly)
        }
    }

    @Test func `no write follows a commit that met an input or output error`() throws {
        try withEnvironment { environment in
            environment.file.hasLostWrites.store(true, ordering: .releasing)
            #expect(code { _ = try environment.write() } == .inputOutput)
        }
    }

    @Test func `a file that may grow no more is told, though LMDB calls it a failed disk`() async {
        await #expect(processExitsWith: .success) {
            try withEnvironment { environment in
                let table = try environment.table(named: "blobs")
                signal(SIGXFSZ, SIG_IGN)
                var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
                _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                var transaction = try environment.write()
                try transaction.put([UInt8](repeating: 1, count: 1 << 20), for: [1], in: table)
                do {
                    try transaction.commit()
                    exit(1)
                } catch let error as LMDBError {
                    let isTold = error.description.contains("File too large; allow larger files")
                    exit(error.code == .fileTooLarge && isTold ? 0 : 2)
                }
            }
        }
    }
}
