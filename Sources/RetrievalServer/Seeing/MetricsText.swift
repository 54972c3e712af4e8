/// Metrics as Prometheus reads them: its text format, version 0.0.4.
///
/// ```swift
/// text.add("corkboard_connections", .gauge, "Connections that are open.", 12)
/// ```
struct MetricsText: Sendable {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// One number, and what tells it from others of its name.
    struct Sample: Sendable {
        var suffix = ""
        var labels: [(name: String, value: String)] = []
        var value: Double
    }

    private(set) var text = ""

    /// Adds a metric without labels.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [Sample(value: value)])
    }

    /// Adds all samples of a metric; nothing where there are none.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help.escaped(quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { #"\#($0.name)="\#($0.value.escaped(quotes: true))""# }
            let braces = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            text += "\(name)\(sample.suffix)\(braces) \(sample.value.metric)\n"
        }
    }
}

extension String {
    fileprivate func escaped(quotes: Bool) -> String {
        var text = ""
        for letter in unicodeScalars {
            switch letter {
            case "\\": text += #"\\"#
            case "\n": text += #"\n"#
            case "\"" where quotes: text += #"\""#
            default: text.unicodeScalars.append(letter)
            }
        }
        return text
    }
}

extension Double {
    /// As Go's ParseFloat reads it, whole numbers without a point.
    fileprivate var metric: String {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Inf" : "+Inf" }
        return Int(exactly: self).map(String.init) ?? description
    }
}
