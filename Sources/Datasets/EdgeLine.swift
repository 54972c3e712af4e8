import EmbeddingStore

/// The fields of one line of an edge file.
struct EdgeLine: ~Escapable {
    /// Why a line is no edge.
    struct Fault: Error {
        let reason: String
    }

    private struct Field {
        /// Where it lies in the line, without the quotes around it.
        var range = 0..<0
        var isQuoted = false
    }

    private let line: Span<UInt8>
    private var fields: [4 of Field] = .init(repeating: Field())
    private(set) var count = 0

    /// Cuts a line into 2 to 4 fields.
    @_lifetime(copy line)
    init(_ line: Span<UInt8>, separator: UInt8) throws(Fault) {
        self.line = line
        var start = 0
        while start <= line.count {
            guard count < fields.count else { throw Self.wrongCount("more") }
            let isQuoted =
                separator == Byte.comma && start < line.count && line[start] == Byte.quote
            if isQuoted {
                let end = try Self.closingQuote(in: line, after: start)
                guard end + 1 == line.count || line[end + 1] == separator else {
                    throw Fault(reason: "a quoted field must end before a comma")
                }
                fields[count] = Field(range: start + 1..<end, isQuoted: true)
                start = end + 2
            } else {
                let end = line.firstIndex(of: separator, in: start..<line.count) ?? line.count
                fields[count] = Field(range: start..<end)
                start = end + 1
            }
            count += 1
        }
        guard count >= 2 else { throw Self.wrongCount("1") }
    }

    /// The index of the name in a field.
    func name(
        _ field: Int,
        _ kind: String,
        in table: inout NameTable
    ) throws(Fault) -> UInt32 {
        let range = fields[field].range
        guard !range.isEmpty else { throw Fault(reason: "the \(kind) is empty") }
        guard range.count <= Item.longestID else {
            throw Fault(
                reason: "the \(kind) has \(range.count) bytes; "
                    + "at most \(Item.longestID) are possible"
            )
        }
        let index =
            if fields[field].isQuoted {
                table.index(of: unquoted(range).span)
            } else {
                table.index(of: line.extracting(range))
            }
        guard let index else { throw Fault(reason: "the \(kind) is not valid UTF-8") }
        return index
    }

    func weight(_ field: Int) throws(Fault) -> Float {
        let text = text(field)
        guard let weight = Float(text), weight.isFinite, weight > 0 else {
            throw Fault(reason: "the weight \"\(text)\" is not a number above zero")
        }
        return weight
    }

    func time(_ field: Int) throws(Fault) -> Int64 {
        let text = text(field)
        guard let time = Int64(text) else {
            throw Fault(reason: "the time \"\(text)\" is not an integer")
        }
        return time
    }

    private func text(_ field: Int) -> String {
        String(decoding: line.extracting(fields[field].range))
    }
}

// MARK: - Quotes

extension EdgeLine {
    /// Where the field that a quote at `start` opened is closed; two quotes in it stand for one.
    private static func closingQuote(
        in line: Span<UInt8>,
        after start: Int
    ) throws(Fault) -> Int {
        var from = start + 1
        while let quote = line.firstIndex(of: Byte.quote, in: from..<line.count) {
            let isDoubled = quote + 1 < line.count && line[quote + 1] == Byte.quote
            guard isDoubled else { return quote }
            from = quote + 2
        }
        throw Fault(reason: "a quoted field must end on its line")
    }

    private func unquoted(_ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            bytes.append(line[index])
            index += line[index] == Byte.quote ? 2 : 1
        }
        return bytes
    }

    private static func wrongCount(_ found: String) -> Fault {
        Fault(
            reason: "there must be 2 to 4 fields (context, item, weight, time), "
                + "separated by tabs or by commas, not \(found)"
        )
    }
}
