import Files
import Foundation
import TestSupport
import Testing

struct FolderLockTests {
    @Test func `a folder is claimed once, and again when the claim is given up`() throws {
        try withTemporaryFolder { folder in
            do {
                let claim = try FolderLock(folder)
                withExtendedLifetime(claim) {
                    let error = #expect(throws: FileError.self) { _ = try FolderLock(folder) }
                    #expect(error?.code == .locked)
                    #expect(error?.description.contains(folder.path) == true)
                }
            }
            _ = try FolderLock(folder)
        }
    }

    @Test func `claims of two names do not meet`() throws {
        try withTemporaryFolder { folder in
            let (first, second) = (try FolderLock(folder), try FolderLock(folder, name: ".other"))
            withExtendedLifetime((first, second)) {}
        }
    }

    @Test func `a folder that is not there cannot be claimed`() throws {
        try withTemporaryFolder { folder in
            let missing = folder.appendingPathComponent("missing")
            let error = #expect(throws: FileError.self) { _ = try FolderLock(missing) }
            #expect(error?.code == .missing)
        }
    }
}
