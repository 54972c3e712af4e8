import Foundation

/// Settings the way ``overlay(_:file:words:)`` reads them.
///
/// ```swift
/// let written = try WrittenSettings(TrainingSettings())
/// try replaceFile(at: url, with: written.yaml)
/// ```
package struct WrittenSettings {
    private let tree: Tree

    package init(_ settings: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        tree = try JSONDecoder().decode(Tree.self, from: encoder.encode(settings))
    }

    /// A file that gives the same settings again; groups come after single settings, both by name.
    package var yaml: String {
        tree.lines.map { $0 + "\n" }.joined()
    }

    /// The value of every setting by its name, such as `walk.restart`.
    package var values: [String: String] {
        tree.values(of: [])
    }
}

/// A setting, or a group of settings by their names.
private enum Tree: Decodable {
    case setting(String)
    case group([String: Tree])

    init(from decoder: any Decoder) throws {
        if let group = try? [String: Tree](from: decoder) {
            self = .group(group)
        } else if let flag = try? Bool(from: decoder) {
            self = .setting("\(flag)")
        } else if let whole = try? Int64(from: decoder) {
            self = .setting("\(whole)")
        } else if let large = try? UInt64(from: decoder) {
            self = .setting("\(large)")
        } else if let number = try? Double(from: decoder) {
            self = .setting("\(number)")
        } else if let list = try? [String](from: decoder) {
            // A list in the form of JSON is one in YAML.
            self = .setting(String(decoding: try JSONEncoder().encode(list), as: UTF8.self))
        } else {
            // A text in the quotes of JSON is one in YAML.
            let text = try JSONEncoder().encode(String(from: decoder))
            self = .setting(String(decoding: text, as: UTF8.self))
        }
    }

    func values(of path: [String]) -> [String: String] {
        switch self {
        case .setting(let text): [path.joined(separator: "."): text]
        case .group(let parts):
            parts.reduce(into: [:]) { values, part in
                values.merge(part.value.values(of: path + [part.key])) { value, _ in value }
            }
        }
    }

    var lines: [String] {
        guard case .group(let parts) = self else { return [] }
        let parted = parts.sorted { $0.key < $1.key }
        return parted.flatMap { name, part -> [String] in
            if case .setting(let text) = part { ["\(name): \(text)"] } else { [] }
        }
            + parted.flatMap { name, part -> [String] in
                if case .group = part { ["\(name):"] + part.lines.map { "  " + $0 } } else { [] }
            }
    }
}
