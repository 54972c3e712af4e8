package import Foundation
import Files
import LMDB

/// The system of record: the catalogue, and the embeddings by version, in one LMDB environment.
///
/// ```
/// table         key                        record
/// meta          "format"                   4 bytes: the number of this format, 1
///               "identity"                 a text: a UUID made with the store
///               "catalogue"                4 bytes: items; 4 bytes: contexts;
///                                          8 bytes: the checksum of the graph over them
///               "last-version"             4 bytes: the last embedding version's number
/// items         index (4)                  an item
/// item-index    id                         4 bytes: the item's index
/// contexts      index (4)                  a text: the context's name
/// context-index name                       4 bytes: the context's index
/// versions      number (4)                 an embedding version
/// embeddings    version (4), the item's id 4 bytes for each value, a 32-bit float;
///                                          or 2 bytes, a 16-bit one, where the version says so
/// ```
/// How a record is sealed, and how integers and texts are written, says ``Record``. Embeddings are
/// kept by the item's id, not its index: a later import numbers items anew and breaks none.
///
/// Every function reads or writes in transactions of its own; all may be called from any thread.
package final class EmbeddingStore: Sendable {
    package enum Access: Sendable {
        case readOnly
        /// Makes the folder and the store, where they are missing.
        case readWrite
    }

    package let folder: URL
    /// A UUID made when the store was, by which an index knows where its vectors came from.
    package let identity: String
    let environment: Environment
    let tables: Tables

    private static let format: UInt32 = 1

    /// Opens the store in `folder`.
    ///
    /// - Throws: ``StoreError`` with code `missing`, `unsupported` or `damaged`, or the error of
    ///   the file below.
    package init(at folder: URL, access: Access) throws {
        if access == .readWrite {
            try makeFolder(at: folder)
        } else if !FileManager.default.fileExists(atPath: folder.path + "/data.mdb") {
            throw Self.missing(folder)
        }
        environment = try Environment(
            at: folder.path,
            access: access == .readWrite ? .readWrite : .readOnly
        )
        do {
            tables = try Tables(in: environment)
        } catch  where error.code == .notFound {
            throw Self.missing(folder)
        }
        self.folder = folder
        if access == .readWrite {
            try Self.layFoundation(in: environment, meta: tables.meta)
        }
        identity = try Self.readFoundation(in: environment, meta: tables.meta, folder: folder)
    }

    private static func missing(_ folder: URL) -> StoreError {
        StoreError(.missing, "there is no store in \(folder.path); run `corkboard import` first")
    }

    /// Writes format and identity into a store that has none.
    private static func layFoundation(in environment: Environment, meta: Table) throws {
        var transaction = try environment.write()
        guard try transaction.count(of: meta) == 0 else { return }
        var format: [UInt8] = []
        format.append(littleEndian: Self.format)
        var identity: [UInt8] = []
        identity.append(text: UUID().uuidString.lowercased())
        try transaction.put(sealed: format, for: MetaKey.format, in: meta)
        try transaction.put(sealed: identity, for: MetaKey.identity, in: meta)
        try transaction.commit()
    }

    /// Checks the format, and returns the identity.
    private static func readFoundation(
        in environment: Environment,
        meta: Table,
        folder: URL
    ) throws -> String {
        let transaction = try environment.read()
        guard let record = try transaction.value(for: MetaKey.format, in: meta) else {
            throw missing(folder)
        }
        guard let payload = unsafe Record.open(record, key: MetaKey.format.span.bytes) else {
            throw StoreError.damaged("the record of the format", in: folder)
        }
        var reader = RecordReader(payload)
        guard let format = reader.integer(UInt32.self), format == Self.format else {
            throw StoreError(
                .unsupported,
                "\(folder.path) has another format than this program's, which is "
                    + "\(Self.format); use the program that wrote it, or import anew"
            )
        }
        guard let record = try transaction.value(for: MetaKey.identity, in: meta),
            let payload = unsafe Record.open(record, key: MetaKey.identity.span.bytes)
        else { throw StoreError.damaged("the record of the identity", in: folder) }
        var identityReader = RecordReader(payload)
        guard let identity = identityReader.text() else {
            throw StoreError.damaged("the record of the identity", in: folder)
        }
        return identity
    }
}

/// The keys of the table `meta`.
enum MetaKey {
    static let format = [UInt8]("format".utf8)
    static let identity = [UInt8]("identity".utf8)
    static let catalogue = [UInt8]("catalogue".utf8)
    static let lastVersion = [UInt8]("last-version".utf8)
}
