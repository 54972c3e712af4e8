import Foundation

/// A store that is not there or not sound, or input that it refuses.
///
/// Where the file below fails, the functions of the store throw LMDB's or the file's own error.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable {
        /// There is no store, or it was never finished.
        case missing
        /// The store was written by a newer or older Corkboard.
        case unsupported
        /// A record is not what was written.
        case damaged
        /// There is no such embedding version, or no such index.
        case unknown
        /// The items or vectors offered break a rule.
        case refused
    }

    package let code: Code
    /// A sentence that names the record or value, and what to do next.
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// A record that fails its checksum or contradicts itself.
    static func damaged(_ record: String, in folder: URL) -> StoreError {
        StoreError(
            .damaged,
            "\(record) in \(folder.path) is damaged; run `corkboard verify` to list all damage, "
                + "and import or embed anew"
        )
    }

    static func unknownVersion(_ number: Int, in folder: URL) -> StoreError {
        StoreError(
            .unknown,
            "\(folder.path) has no embedding version \(number); run `corkboard embed` to make one"
        )
    }
}

extension StoreError: LocalizedError {
    package var errorDescription: String? { description }
}
