import Files
package import Foundation

/// The ids in a text file, one a line; blank lines are none.
///
/// - Throws: ``DatasetError`` where the file cannot be read, or names no item.
package func itemIDs(inLinesOf url: URL) throws(DatasetError) -> [String] {
    let file = try mappedBytes(of: url)
    let bytes = file.span
    var lines = LineReader(bytes, skipsComments: false)
    var ids: [String] = []
    while let range = lines.line() {
        let line = bytes.extracting(range)
        guard let id = String(line) else {
            throw .line(lines.number, of: url.path, line, "an id must be UTF-8")
        }
        ids.append(id)
    }
    guard !ids.isEmpty else {
        throw DatasetError(.empty, "\(url.path) names no item; give it one id a line")
    }
    return ids
}
