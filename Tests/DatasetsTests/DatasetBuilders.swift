import Foundation
import TestSupport
import Testing

@testable import Datasets

/// A file with the given bytes, for as long as `body` runs.
func withFile<Result>(
    _ name: String,
    _ bytes: [UInt8],
    _ body: (URL) throws -> Result
) throws -> Result {
    try withTemporaryFolder { folder in
        let url = folder.appendingPathComponent(name)
        try Data(bytes).write(to: url)
        return try body(url)
    }
}

/// A file with the given text, for as long as `body` runs.
func withFile<Result>(
    _ name: String,
    _ text: String,
    _ body: (URL) throws -> Result
) throws -> Result {
    try withFile(name, [UInt8](text.utf8), body)
}

/// The DatasetError that `body` throws, where it throws one.
func datasetError(_ body: () throws -> Void) -> DatasetError? {
    do {
        try body()
        return nil
    } catch {
        return error as? DatasetError
    }
}
