import Files
package import Foundation
import Yams

/// Settings put together from their defaults, a YAML file, and `key=value` words, later ones
/// winning.
///
/// Keys are those of the settings' properties in snake case; a part of a part is written with a
/// point, as in `walk.neighbours`. A key that does not exist is refused with the nearest one that
/// does, and so is a value of the wrong kind.
/// A list is one of texts, and replaces the whole list.
///
/// ```swift
/// let settings = try overlay(TrainingSettings(), file: url, words: ["epochs=3"])
/// ```
package func overlay<Settings: Codable>(
    _ defaults: Settings,
    file: URL? = nil,
    words: [String] = []
) throws -> Settings {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let tree = try JSONSerialization.jsonObject(with: encoder.encode(defaults))
    guard var values = tree as? [String: Any] else {
        preconditionFailure("settings are a structure with named properties")
    }
    var settings = defaults
    let changes = try file.map { try readYAML(at: $0) } ?? []
    for change in try changes + words.map({ try parse($0) }) {
        try change.replace(change.keys[...], in: &values)
        // After each change, so that the one which does not fit its type is known.
        guard let changed: Settings = try? decode(values) else { throw change.misfit }
        settings = changed
    }
    return settings
}

private func decode<Settings: Decodable>(_ values: [String: Any]) throws -> Settings {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Settings.self, from: JSONSerialization.data(withJSONObject: values))
}

/// The changes that a YAML file asks for; an empty file asks for none.
private func readYAML(at file: URL) throws -> [Change] {
    let data: Data
    do {
        data = try Data(contentsOf: file)
    } catch {
        throw ConfigurationError(
            "cannot read \(file.path): \(error.reason); check the path of --config"
        )
    }
    guard let text = String(validating: data, as: UTF8.self) else {
        throw ConfigurationError("\(file.path) is not YAML: it is no text in UTF-8")
    }
    let node: Node?
    do {
        // Not Yams.load, which traps on keys that are no scalars.
        node = try Yams.compose(yaml: text)
    } catch {
        let reason = (error as? YamlError)?.reason ?? "\(error)"
        throw ConfigurationError("\(file.path) is not YAML: \(reason)")
    }
    guard let node, node.scalar?.isNull != true else { return [] }
    guard node.mapping != nil else {
        throw ConfigurationError("\(file.path) must hold `key: value` lines")
    }
    return try changes(node, keys: [], source: file.path)
}

/// The changes below `keys`: one for each scalar, list or empty mapping.
private func changes(_ node: Node, keys: [String], source: String) throws -> [Change] {
    guard let mapping = node.mapping, !mapping.isEmpty else {
        return keys.isEmpty ? [] : [Change(keys: keys, value: node, source: source)]
    }
    return try mapping.flatMap { key, value in
        guard let key = key.scalar?.string else {
            throw ConfigurationError("\(source) must hold `key: value` lines")
        }
        return try changes(value, keys: keys + [key], source: source)
    }
}

/// The change that `a.b=c` asks for.
private func parse(_ word: String) throws -> Change {
    guard let separator = word.firstIndex(of: "="), separator > word.startIndex else {
        throw ConfigurationError("--set \(word) must have the form key=value")
    }
    let keys = word[..<separator].split(separator: ".", omittingEmptySubsequences: false)
    return Change(
        keys: keys.map { String($0) },
        value: Node(String(word[word.index(after: separator)...])),
        source: "--set \(word)"
    )
}
