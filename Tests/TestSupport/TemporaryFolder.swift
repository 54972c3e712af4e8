package import Foundation

/// Runs `body` with a new, empty folder, which is removed afterwards.
package func withTemporaryFolder<Result>(
    _ body: (URL) async throws -> Result
) async throws -> Result {
    // Short, because a socket path below it must fit in 107 bytes.
    let name = "cork-" + UUID().uuidString.prefix(8)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(String(name))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
