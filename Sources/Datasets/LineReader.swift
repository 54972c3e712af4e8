/// The lines of a text that say something: not blank, and no comments where there may be some.
///
/// Lines end with LF or CRLF; a byte order mark at the start is passed over.
struct LineReader: ~Escapable {
    private let bytes: Span<UInt8>
    private let skipsComments: Bool
    private var next = 0
    /// The number of the last line read, from 1.
    private(set) var number = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, skipsComments: Bool) {
        self.bytes = bytes
        self.skipsComments = skipsComments
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if bytes.count >= 3, (0..<3).allSatisfy({ bytes[$0] == mark[$0] }) {
            next = 3
        }
    }

    /// Where the next line lies, without its end; nil behind the last one.
    @_lifetime(self: copy self)
    mutating func line() -> Range<Int>? {
        while next < bytes.count {
            let start = next
            var end = bytes.firstIndex(of: Byte.newline, in: start..<bytes.count) ?? bytes.count
            next = end + 1
            number += 1
            if end > start, bytes[end - 1] == Byte.carriageReturn { end -= 1 }
            let content = bytes.trimmed(start..<end)
            if content.isEmpty || (skipsComments && bytes[start] == Byte.hash) { continue }
            return start..<end
        }
        return nil
    }
}
