package import Foundation

/// Runs `body` with a new, empty folder, which is removed afterwards; for tests that stay on
/// their thread, as those of LMDB must.
package func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let name = "cork-" + UUID().uuidString.prefix(8)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(String(name))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
