import Foundation

/// What a folder holds: every file's bytes, by its path below the folder.
///
/// Sockets, and files that hold nothing but locks, are left out.
struct Snapshot {
    let files: [String: Data]

    init(of folder: URL) throws {
        var files: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let file = folder.appendingPathComponent(path)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            guard attributes[.type] as? FileAttributeType == .typeRegular,
                !path.hasSuffix("lock.mdb"), !path.hasSuffix(".lock")
            else { continue }
            files[path] = try Data(contentsOf: file)
        }
        self.files = files
    }

    /// The files that were lost, added or changed since an earlier snapshot.
    func changes(since earlier: Snapshot) -> [String] {
        Set(files.keys).union(earlier.files.keys).filter { files[$0] != earlier.files[$0] }.sorted()
    }
}
