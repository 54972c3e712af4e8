import Foundation
import Yams

/// A new value for one setting.
struct Change {
    /// The names of the groups that the setting lies in, and its own.
    var keys: [String]
    var value: Node
    /// Where it was asked for.
    var source: String

    /// Replaces the value that `keys`, the last of this change's, lead to in `values`; it must be
    /// there already.
    func replace(_ keys: ArraySlice<String>, in values: inout [String: Any]) throws {
        guard let key = keys.first else { return }
        let groups = self.keys.prefix(keys.startIndex)
        let name = (groups + [key]).joined(separator: ".")
        guard let old = values[key] else {
            func full(_ key: String) -> String { (groups + [key]).joined(separator: ".") }
            let next =
                nearestName(to: key, among: values.keys).map { "did you mean \(full($0))?" }
                ?? "there are \(values.keys.sorted().map(full).joined(separator: ", "))"
            throw refusal("there is no setting \(name); \(next)")
        }
        let rest = keys.dropFirst()
        if var part = old as? [String: Any] {
            guard !rest.isEmpty || value.mapping != nil else {
                throw refusal("\(name) is a group of settings: \(part.keys.sorted())")
            }
            try replace(rest, in: &part)
            values[key] = part
        } else {
            guard rest.isEmpty, let new = convert(value, like: old) else {
                let text = rest.isEmpty ? value.text : "a group"
                throw refusal("\(name) is \(text), but must be \(kind(of: old))")
            }
            values[key] = new
        }
    }

    /// The error for a value that is of the right kind, but not one that the setting can take.
    var misfit: ConfigurationError {
        let isFraction = value.float.map { $0 != $0.rounded() } ?? false
        return refusal(
            "\(keys.joined(separator: ".")) is \(value.text), "
                + (isFraction ? "but must be a whole number" : "which is out of range")
        )
    }

    private func refusal(_ text: String) -> ConfigurationError {
        ConfigurationError("\(source): \(text)")
    }
}

extension Node {
    /// What stands there, for messages.
    fileprivate var text: String {
        switch self {
        case .scalar(let scalar): scalar.string.isEmpty ? "empty" : scalar.string
        case .mapping: "a group"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// The members of a list of texts, as they are written; nil where it is something else.
    fileprivate var texts: [String]? {
        guard let sequence else { return nil }
        let texts = sequence.compactMap(\.scalar?.string)
        return texts.count == sequence.count ? texts : nil
    }
}

extension Node.Scalar {
    /// Whether this is YAML's way to say nothing.
    var isNull: Bool {
        style == .plain && ["", "~", "null", "Null", "NULL"].contains(string)
    }
}

/// The value of `node` where it is of the same kind as the one it replaces, or nil.
///
/// A text is taken as it is written, so that 1.10 and 2001-01-01 keep their letters.
private func convert(_ node: Node, like old: Any) -> Any? {
    if old is [Any] { return node.texts }
    guard let scalar = node.scalar else { return nil }
    if old is String { return scalar.string }
    guard [.any, .plain].contains(scalar.style) else { return nil }
    if isBoolean(old) { return node.bool }
    guard old is NSNumber else { return nil }
    if let whole = node.int { return whole }
    if let large = UInt64(scalar.string) { return large }
    // JSON has no infinity.
    return node.float.flatMap { $0.isFinite ? $0 : nil }
}

private func kind(of value: Any) -> String {
    switch value {
    case is String: "a text"
    case is [Any]: "a list such as [a, b]"
    default: isBoolean(value) ? "true or false" : "a number"
    }
}

/// JSON numbers and booleans are both `NSNumber`; a boolean's own type tells them apart.
private func isBoolean(_ value: Any) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return unsafe String(cString: number.objCType) == "c"
}
