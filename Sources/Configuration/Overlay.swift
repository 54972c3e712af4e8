package import Foundation
import Yams

/// Settings put together from their defaults, a YAML file, and `key=value` words, later ones
/// winning.
///
/// Keys are those of the settings' properties in snake case; a part of a part is written with a
/// point, as in `walk.neighbours`. A key that does not exist is refused with the nearest one that
/// does, and so is a value of the wrong kind.
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
    func apply(_ changes: [String: Any], from source: String) throws {
        try merge(changes, into: &values, path: "", source: source)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            let json = try JSONSerialization.data(withJSONObject: values)
            settings = try decoder.decode(Settings.self, from: json)
        } catch {
            // JSON has one kind of number; only the decoder knows which settings are whole.
            throw ConfigurationError(
                "\(source): a value does not fit its setting; a setting that counts something "
                    + "takes a whole number"
            )
        }
    }
    if let file {
        try apply(try readYAML(at: file), from: file.path)
    }
    for word in words {
        try apply(try parse(word), from: "--set \(word)")
    }
    return settings
}

/// The mapping in a YAML file; an empty file is an empty mapping.
private func readYAML(at file: URL) throws -> [String: Any] {
    let text: String
    do {
        text = try String(contentsOf: file, encoding: .utf8)
    } catch {
        throw ConfigurationError(
            "cannot read \(file.path) (\(error.localizedDescription)); check the path of --config"
        )
    }
    let value: Any?
    do {
        value = try Yams.load(yaml: text)
    } catch {
        throw ConfigurationError("\(file.path) is not YAML: \(error)")
    }
    guard let value, !(value is NSNull) else { return [:] }
    guard let mapping = value as? [String: Any] else {
        throw ConfigurationError("\(file.path) must hold `key: value` lines")
    }
    return mapping
}

/// `a.b=c` as the mapping a: {b: c}.
private func parse(_ word: String) throws -> [String: Any] {
    guard let separator = word.firstIndex(of: "="), separator > word.startIndex else {
        throw ConfigurationError("--set \(word) must have the form key=value")
    }
    let text = String(word[word.index(after: separator)...])
    let value = (try? Yams.load(yaml: text)) ?? text
    let keys = word[..<separator].split(separator: ".", omittingEmptySubsequences: false)
    guard
        let mapping = keys.reversed().reduce(value, { [String($1): $0] }) as? [String: Any]
    else { throw ConfigurationError("--set \(word) must have the form key=value") }
    return mapping
}

/// Replaces values of `values` by those of `changes`, which may only name what is there already.
private func merge(
    _ changes: [String: Any],
    into values: inout [String: Any],
    path: String,
    source: String
) throws {
    for (key, change) in changes.sorted(by: { $0.key < $1.key }) {
        let name = path + key
        guard let old = values[key] else {
            let nearest = values.keys.min {
                (distance($0, key), $0) < (distance($1, key), $1)
            }
            throw ConfigurationError(
                "\(source): there is no setting \(name)"
                    + (nearest.map { "; did you mean \(path)\($0)?" } ?? "")
            )
        }
        if var part = old as? [String: Any] {
            guard let changes = change as? [String: Any] else {
                throw ConfigurationError(
                    "\(source): \(name) is a group of settings: \(part.keys.sorted())"
                )
            }
            try merge(changes, into: &part, path: name + ".", source: source)
            values[key] = part
        } else {
            guard let value = convert(change, like: old) else {
                throw ConfigurationError(
                    "\(source): \(name) is \(change), but must be \(kind(of: old))"
                )
            }
            values[key] = value
        }
    }
}

/// `change` where it is of the same kind as the value it replaces, or nil.
private func convert(_ change: Any, like old: Any) -> Any? {
    if old is String {
        return change as? String ?? (change is [Any] || change is [String: Any] ? nil : "\(change)")
    }
    if isBoolean(old) {
        return change as? Bool
    }
    guard !(change is Bool), !(change is String) else { return nil }
    if let number = change as? Int { return number }
    guard let number = change as? Double, number.isFinite else { return nil }
    return number
}

private func kind(of value: Any) -> String {
    value is String ? "a text" : isBoolean(value) ? "true or false" : "a finite number"
}

/// JSON numbers and booleans are both `NSNumber`; a boolean's own type tells them apart.
private func isBoolean(_ value: Any) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return unsafe String(cString: number.objCType) == "c"
}

/// The number of letters to insert, remove or replace (Levenshtein 1966).
private func distance(_ a: String, _ b: String) -> Int {
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for j in b.indices {
            let substituted = diagonal + (letter == b[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}
