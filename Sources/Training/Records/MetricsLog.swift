import Files
import Foundation

/// The metrics of a run: a file of JSON objects, one a line, each with its `kind` and the members
/// of ``TrainingStatus``.
///
/// A line of kind `step` comes every so many steps and with every checkpoint; one of kind `epoch`
/// comes at the end of each, and tells the validation and the best epoch so far.
struct MetricsLog {
    enum Kind: String, Codable {
        case step
        case epoch
    }

    struct Line: Codable, Equatable {
        var kind: Kind
        var status: TrainingStatus

        private enum CodingKeys: CodingKey {
            case kind
        }

        init(_ kind: Kind, _ status: TrainingStatus) {
            self.kind = kind
            self.status = kind == .epoch ? status : status.withoutValidation
        }

        init(from decoder: any Decoder) throws {
            kind = try decoder.container(keyedBy: CodingKeys.self).decode(Kind.self, forKey: .kind)
            status = try TrainingStatus(from: decoder)
        }

        func encode(to encoder: any Encoder) throws {
            try status.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(kind, forKey: .kind)
        }
    }

    private let file: LogFile

    /// Goes on with the log at `url` after `step` steps; 0 begins a new one.
    ///
    /// Lines of later steps are forgotten: the checkpoint that the run goes on from knows nothing
    /// of them.
    init(at url: URL, after step: Int) throws {
        file = try LogFile(at: url, keeping: Self.lines(at: url, to: step).byteCount)
    }

    /// The seconds that the run in the log at `url` had taken by `step`; 0 where there is no log.
    ///
    /// Time is kept here because a checkpoint of the same run has the same bytes every time.
    static func seconds(at url: URL, to step: Int) throws -> Double {
        try lines(at: url, to: step).lines.last?.status.seconds ?? 0
    }

    func append(_ line: Line) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try file.append(encoder.encode(line) + Data("\n".utf8))
    }

    /// The lines of the first `step` steps, up to one that cannot be read, and their length.
    private static func lines(
        at url: URL,
        to step: Int
    ) throws -> (lines: [Line], byteCount: Int) {
        guard FileManager.default.fileExists(atPath: url.path) else { return ([], 0) }
        let data = try Data(contentsOf: url)
        let lineEnd = UInt8(ascii: "\n")
        var (lines, start) = ([Line](), data.startIndex)
        while let end = data[start...].firstIndex(of: lineEnd),
            let line = try? JSONDecoder().decode(Line.self, from: data[start..<end]),
            line.status.step <= step
        {
            lines.append(line)
            start = data.index(after: end)
        }
        return (lines, start)
    }
}
