/// Metrics read back from Prometheus's text format, strictly: what it says that a text should be
/// is asked for here.
struct ParsedMetrics {
    struct Fault: Error {
        let line: String
        let reason: String
    }

    struct Sample: Equatable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Metric {
        let help: String
        let kind: String
        var samples: [Sample] = []
    }

    private(set) var metrics: [String: Metric] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else {
            throw Fault(line: "", reason: "the last line has no end")
        }
        var current: (name: String, help: String)?
        var name: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            func check(_ condition: Bool, _ reason: String) throws {
                guard condition else { throw Fault(line: String(line), reason: reason) }
            }
            if line.hasPrefix("# ") {
                let parts = line.split(
                    separator: " ",
                    maxSplits: 3,
                    omittingEmptySubsequences: false
                )
                try check(parts.count == 4, "a comment of four parts")
                let metric = String(parts[2])
                try check((try? #/[a-zA-Z_:][a-zA-Z0-9_:]*/#.wholeMatch(in: metric)) != nil, "name")
                if parts[1] == "HELP" {
                    try check(metrics[metric] == nil, "a metric comes once")
                    current = (metric, String(parts[3]))
                    name = nil
                } else {
                    try check(parts[1] == "TYPE" && current?.name == metric, "TYPE follows HELP")
                    let kinds = ["counter", "gauge", "histogram"]
                    try check(kinds.contains(String(parts[3])), "a known type")
                    let isTotal = metric.hasSuffix("_total")
                    try check((parts[3] == "counter") == isTotal, "counters are totals")
                    metrics[metric] = Metric(help: current?.help ?? "", kind: String(parts[3]))
                    name = metric
                }
            } else {
                let sample = try Self.sample(line)
                guard let name, var metric = metrics[name] else {
                    throw Fault(line: String(line), reason: "a sample follows its TYPE")
                }
                let suffixes = metric.kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                try check(suffixes.contains { name + $0 == sample.name }, "of its metric")
                let isNew = metric.samples.allSatisfy {
                    $0.name != sample.name || $0.labels != sample.labels
                }
                try check(isNew, "a sample comes once")
                metric.samples.append(sample)
                metrics[name] = metric
            }
        }
        for (name, metric) in metrics where metric.kind == "histogram" {
            try Self.check(metric, name)
        }
    }

    private static func sample(_ line: Substring) throws -> Sample {
        let form = #/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)/#
        guard let match = try form.wholeMatch(in: line), let value = number(match.3) else {
            throw Fault(line: String(line), reason: "NAME{LABELS} VALUE")
        }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            let label = #/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,(?=.)|$)/#
            guard let match = try label.prefixMatch(in: rest), labels[String(match.1)] == nil else {
                throw Fault(line: String(line), reason: "labels")
            }
            labels[String(match.1)] = unescaped(match.2)
            rest = rest[match.range.upperBound...]
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    private static func number(_ text: Substring) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.first?.isLetter == false ? Double(text) : nil
        }
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for letter in text {
            if isEscaped {
                result.append(letter == "n" ? "\n" : letter)
                isEscaped = false
            } else if letter == "\\" {
                isEscaped = true
            } else {
                result.append(letter)
            }
        }
        return result
    }

    /// Buckets ascend, never fall, and end with all.
    private static func check(_ metric: Metric, _ name: String) throws {
        func rest(_ sample: Sample) -> [String: String] { sample.labels.filter { $0.key != "le" } }
        for group in Dictionary(grouping: metric.samples, by: rest).values {
            let buckets = group.filter { $0.name == name + "_bucket" }
            let bounds = buckets.map { number(Substring($0.labels["le"] ?? "")) ?? .nan }
            let counts = buckets.map(\.value)
            let count = group.first { $0.name == name + "_count" }?.value
            let isSound =
                bounds == bounds.sorted() && Set(bounds).count == bounds.count
                && bounds.last == .infinity && counts == counts.sorted() && counts.last == count
                && group.contains { $0.name == name + "_sum" }
            guard isSound else { throw Fault(line: name, reason: "buckets of a histogram") }
        }
    }
}
