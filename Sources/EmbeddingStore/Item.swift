/// One item of the catalogue: what may be recommended, and what is known about it.
package struct Item: Sendable, Equatable {
    /// The name that people and other programs know it by; unique, and 1 to 480 bytes long.
    package var id: String
    /// What it says about itself; empty where it says nothing.
    package var text: String
    /// Categories by the name of the field; a field may hold one value or a list.
    package var fields: [String: [String]]

    package init(id: String, text: String = "", fields: [String: [String]] = [:]) {
        self.id = id
        self.text = text
        self.fields = fields
    }

    /// The longest id, in bytes of UTF-8: an LMDB key has 511, and version and reserve need room.
    package static let longestID = 480

    /// The first line of the text, cut at the last end of a word within 80 characters.
    package var summary: String {
        let line = text.prefix { !$0.isNewline }
        guard line.count > Self.summaryLength else { return String(line) }
        let cut = line.prefix(Self.summaryLength)
        guard line[cut.endIndex] != " ", let space = cut.lastIndex(of: " ") else {
            return String(cut)
        }
        return String(cut[..<space])
    }

    private static let summaryLength = 80
}
