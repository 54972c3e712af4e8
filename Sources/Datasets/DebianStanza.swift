/// The fields of a Debian control file that Corkboard reads, for one package.
struct DebianStanza {
    var name = ""
    var version = ""
    var section = ""
    var tags: [String] = []
    var description = ""
    /// The names in Depends, Recommends and Suggests, in `names`.
    var named: [UInt32] = []
    /// The names in Provides.
    var provided: [UInt32] = []
}

/// Reads control data: stanzas of `Name: value` lines, with an empty line between two.
///
/// A value goes on in the lines below that begin with a space. Source: deb822(5).
struct DebianStanzaReader: ~Escapable {
    private let bytes: Span<UInt8>
    private let source: String
    private var offset = 0
    private var lineNumber = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, source: String) {
        self.bytes = bytes
        self.source = source
    }

    /// The next stanza; nil behind the last one.
    ///
    /// - Throws: ``DatasetError`` where a line is no field, or a stanza has no package.
    @_lifetime(self: copy self)
    mutating func stanza(names: inout NameTable) throws(DatasetError) -> DebianStanza? {
        skipBlankLines()
        guard offset < bytes.count else { return nil }
        let start = lineNumber + 1
        var stanza = DebianStanza()
        while let line = lineRange(), !bytes.trimmed(line).isEmpty {
            let number = lineNumber + 1
            guard let colon = bytes.firstIndex(of: Byte.colon, in: line), colon > line.lowerBound,
                bytes[line.lowerBound] != Byte.space
            else {
                throw .line(number, of: source, bytes.extracting(line), "this is no field")
            }
            take(line)
            while let next = lineRange(), isContinuation(next) { take(next) }
            let value = bytes.trimmed(colon + 1..<min(offset, bytes.count))
            let name = String(decoding: bytes.extracting(line.lowerBound..<colon))
            stanza.read(name, bytes.extracting(value), names: &names)
        }
        guard !stanza.name.isEmpty else {
            throw DatasetError(
                .malformed,
                "\(source), line \(start): the stanza that begins here names no package"
            )
        }
        return stanza
    }

    @_lifetime(self: copy self)
    private mutating func skipBlankLines() {
        while let line = lineRange(), bytes.trimmed(line).isEmpty { take(line) }
    }

    /// Where the next line lies, without its end.
    private func lineRange() -> Range<Int>? {
        guard offset < bytes.count else { return nil }
        let end = bytes.firstIndex(of: Byte.newline, in: offset..<bytes.count) ?? bytes.count
        return offset..<end
    }

    @_lifetime(self: copy self)
    private mutating func take(_ line: Range<Int>) {
        offset = line.upperBound + 1
        lineNumber += 1
    }

    /// Whether a line belongs to the field above: it begins with a blank and is not empty.
    private func isContinuation(_ line: Range<Int>) -> Bool {
        guard let first = line.first.map({ bytes[$0] }) else { return false }
        return first == Byte.space || first == Byte.tab
    }
}

extension DebianStanza {
    fileprivate mutating func read(
        _ field: String,
        _ value: Span<UInt8>,
        names: inout NameTable
    ) {
        switch field {
        case "Package": name = String(decoding: value)
        case "Version": version = String(decoding: value)
        case "Section": section = String(decoding: value)
        case "Tag": tags = debtags(value)
        case "Depends", "Recommends", "Suggests":
            forEachPackage(in: value, &names) { named.append($0) }
        case "Provides": forEachPackage(in: value, &names) { provided.append($0) }
        case "Description", "Description-en": description = unfolded(value)
        default: break
        }
    }
}

/// Calls `body` with the index of each package that a list of relations names.
///
/// In `a (>= 2) | b:any, c [amd64] <!nocheck>` these are a, b and c: of two alternatives both
/// count, and what is said about a package is passed over.
private func forEachPackage(
    in relations: Span<UInt8>,
    _ names: inout NameTable,
    _ body: (UInt32) -> Void
) {
    var start = 0
    while start < relations.count {
        var end = start
        while end < relations.count, !isBetweenPackages(relations[end]) { end += 1 }
        let relation = relations.trimmed(start..<end)
        var nameEnd = relation.lowerBound
        while nameEnd < relation.upperBound, isNamePart(relations[nameEnd]) { nameEnd += 1 }
        if nameEnd > relation.lowerBound {
            let name = relations.extracting(relation.lowerBound..<nameEnd)
            names.index(of: name).map(body)
        }
        start = end + 1
    }
}

private func isBetweenPackages(_ byte: UInt8) -> Bool {
    byte == Byte.comma || byte == UInt8(ascii: "|")
}

/// Whether a byte may stand in a package's name: letters, digits, plus, minus and points.
private func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        Byte.zero...Byte.nine, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
    default: false
    }
}

/// The tags of a list such as `role::program, works-with::{image,text}`, each by itself.
private func debtags(_ value: Span<UInt8>) -> [String] {
    var tags: [String] = []
    var start = 0
    while start < value.count {
        var end = start
        var isInBraces = false
        while end < value.count, isInBraces || value[end] != Byte.comma {
            if value[end] == UInt8(ascii: "{") { isInBraces = true }
            if value[end] == UInt8(ascii: "}") { isInBraces = false }
            end += 1
        }
        let tag = String(decoding: value.extracting(value.trimmed(start..<end)))
        if let brace = tag.firstIndex(of: "{") {
            let names = tag[tag.index(after: brace)...].prefix { $0 != "}" }
            tags += names.split(separator: ",").map { tag[..<brace] + $0.filter { $0 != " " } }
        } else if !tag.isEmpty {
            tags.append(tag)
        }
        start = end + 1
    }
    return tags
}

/// The lines of a description without the space before each, and with ` .` as an empty line.
private func unfolded(_ value: Span<UInt8>) -> String {
    let lines = String(decoding: value).split(
        separator: "\n",
        omittingEmptySubsequences: false
    )
    return lines.map { line in
        let text = line.drop { $0 == " " || $0 == "\t" }
        return text == "." ? "" : text
    }.joined(separator: "\n")
}
