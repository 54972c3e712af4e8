package import Foundation
import Logging
import Yams

extension DaemonConfiguration {
    /// The names that a configuration file may hold.
    private enum Key: String, CaseIterable {
        case workspace
        case socket
        case logLevel = "log_level"
        case threads
    }

    /// Reads a configuration in YAML; what it does not name keeps its default.
    ///
    /// - Throws: ``RetrievalServerError`` of code `configuration`, with the file, the key, and what
    ///   may stand there.
    package init(contentsOf url: URL) throws(RetrievalServerError) {
        let text: String
        do {
            text = try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw RetrievalServerError(
                .configuration,
                "cannot read the configuration \(url.path): \(error.localizedDescription)"
            )
        }
        try self.init(yaml: text, name: url.path)
    }

    /// Reads a configuration from text; `name` is what errors call it.
    init(yaml: String, name: String) throws(RetrievalServerError) {
        self.init()
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw RetrievalServerError(.configuration, "\(name) is not YAML: \(error)")
        }
        guard let root, root.null == nil else { return }
        guard let mapping = root.mapping else {
            throw RetrievalServerError(.configuration, "\(name) does not hold `key: value` lines")
        }
        for (key, value) in mapping {
            let text = key.string ?? ""
            guard let known = Key(rawValue: text) else {
                throw Self.unknown(text, in: name)
            }
            try set(known, to: value, in: name)
        }
    }

    private mutating func set(
        _ key: Key,
        to value: Node,
        in name: String
    ) throws(RetrievalServerError) {
        func refused(_ wanted: String) -> RetrievalServerError {
            let found = value.string ?? "a list or a mapping"
            return RetrievalServerError(
                .configuration,
                "\(name): \(key.rawValue) is \(found), but must be \(wanted)"
            )
        }
        switch key {
        case .workspace:
            guard let path = value.string, !path.isEmpty else { throw refused("a folder") }
            workspace = URL(fileURLWithPath: path, isDirectory: true)
        case .socket:
            guard let path = value.string, !path.isEmpty else { throw refused("a path") }
            socket = path
        case .logLevel:
            guard let level = value.string.flatMap(Logger.Level.init(rawValue:)) else {
                let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw refused("one of \(levels)")
            }
            logLevel = level
        case .threads:
            guard let count = value.int, (1...1024).contains(count) else {
                throw refused("a number in 1...1024")
            }
            threads = count
        }
    }

    private static func unknown(_ key: String, in name: String) -> RetrievalServerError {
        let known = Key.allCases.map(\.rawValue)
        let nearest = known.min { $0.editDistance(to: key) < $1.editDistance(to: key) } ?? ""
        return RetrievalServerError(
            .configuration,
            "\(name): there is no key \(key); did you mean \(nearest)? "
                + "(there are \(known.joined(separator: ", ")))"
        )
    }
}

extension String {
    /// How many letters must be put in, taken out or changed to make `other` of this (Levenshtein).
    ///
    /// - Complexity: O(n m).
    fileprivate func editDistance(to other: String) -> Int {
        let letters = Array(other)
        var row = Array(0...letters.count)
        for (index, letter) in enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in letters.indices {
                let change = diagonal + (letter == letters[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(change, row[column] + 1, diagonal + 1)
            }
        }
        return row[letters.count]
    }
}
