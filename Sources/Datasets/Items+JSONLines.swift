import EmbeddingStore
import Files
package import Foundation

extension [Item] {
    /// Reads a file with one item a line, each a JSON object.
    ///
    /// ```
    /// {"id": "pin-17", "text": "A copper pan", "colour": "red", "rooms": ["kitchen", "shop"]}
    /// ```
    /// `id` is a string or an integer, `text` a string that may be missing. Any other member is a
    /// field: a string, number or boolean, or a list of those. `null` says nothing. Blank lines are
    /// passed over.
    ///
    /// - Throws: ``DatasetError`` that names the line, or both lines where an id is there twice, or
    ///   the file where it is missing or has no item.
    package init(jsonLinesAt url: URL) throws(DatasetError) {
        let bytes = try mappedBytes(of: url)
        let text = bytes.span
        var reader = LineReader(text, skipsComments: false)
        var lines: [String: Int] = [:]
        self = []
        while let range = reader.line() {
            let line = text.extracting(range)
            do throws(JSONLine.Fault) {
                var json = JSONLine(line)
                let item = try Item(try json.members())
                if let first = lines.updateValue(reader.number, forKey: item.id) {
                    throw JSONLine.Fault(
                        reason: "the id \"\(item.id)\" was there before, in line \(first)"
                    )
                }
                append(item)
            } catch {
                throw .line(reader.number, of: url.path, line, error.reason)
            }
        }
        guard !isEmpty else {
            throw DatasetError(.empty, "\(url.path) has no item; give one a line, as JSON")
        }
    }
}

extension Item {
    fileprivate init(_ members: [String: JSONLine.Value]) throws(JSONLine.Fault) {
        var members = members
        let id: String
        switch members.removeValue(forKey: "id") {
        case .string(let text): id = text
        case .number(let text) where Int64(text) != nil: id = text
        case nil: throw JSONLine.Fault(reason: "the item has no \"id\"")
        default: throw JSONLine.Fault(reason: "the \"id\" must be a string or an integer")
        }
        guard 1...Item.longestID ~= id.utf8.count else {
            throw JSONLine.Fault(
                reason: "the \"id\" must have 1 to \(Item.longestID) bytes, not \(id.utf8.count)"
            )
        }
        self.init(id: id)
        switch members.removeValue(forKey: "text") {
        case .string(let text): self.text = text
        case nil, .null: break
        default: throw JSONLine.Fault(reason: "the \"text\" must be a string")
        }
        for (name, value) in members where value != .null {
            fields[name] = value.categories
        }
    }
}

extension JSONLine.Value {
    /// What the value says, as texts.
    fileprivate var categories: [String] {
        switch self {
        case .null: []
        case .string(let text), .number(let text): [text]
        case .boolean(let value): [value ? "true" : "false"]
        case .list(let values): values.flatMap(\.categories)
        }
    }
}
