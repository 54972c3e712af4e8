/// Reads one JSON object whose members are scalars or lists of scalars.
///
/// Strict as RFC 8259 is. Objects and lists inside lists are faults of their own, so that nothing
/// here calls itself and no depth of nesting does harm.
struct JSONLine: ~Escapable {
    /// Why a line is no such object.
    struct Fault: Error {
        let reason: String
    }

    /// What a member may hold; a number keeps its spelling.
    enum Value: Equatable {
        case null
        case string(String)
        case number(String)
        case boolean(Bool)
        case list([Value])
    }

    private let bytes: Span<UInt8>
    private var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// The members of the one object that the line holds.
    @_lifetime(self: copy self)
    mutating func members() throws(Fault) -> [String: Value] {
        var members: [String: Value] = [:]
        try expect("{", "a line must be one JSON object")
        if try !accept("}") {
            repeat {
                guard peek() == Byte.quote else {
                    throw Fault(reason: "a member's name must be a string")
                }
                let name = try string()
                try expect(":", "a colon must follow the name \"\(name)\"")
                guard members.updateValue(try value(), forKey: name) == nil else {
                    throw Fault(reason: "the member \"\(name)\" is there twice")
                }
            } while try accept(",")
            try expect("}", "members must be separated by commas")
        }
        guard peek() == nil else { throw Fault(reason: "something follows the object") }
        return members
    }

    @_lifetime(self: copy self)
    private mutating func value() throws(Fault) -> Value {
        guard try accept("[") else { return try scalar() }
        var list: [Value] = []
        if try accept("]") { return .list(list) }
        repeat {
            list.append(try scalar())
        } while try accept(",")
        try expect("]", "the values of a list must be separated by commas")
        return .list(list)
    }

    @_lifetime(self: copy self)
    private mutating func scalar() throws(Fault) -> Value {
        switch peek() {
        case Byte.quote: return .string(try string())
        case UInt8(ascii: "{"): throw Fault(reason: "an object inside the object is not possible")
        case UInt8(ascii: "["): throw Fault(reason: "a list inside a list is not possible")
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    @_lifetime(self: copy self)
    private mutating func word(_ word: StaticString, _ value: Value) throws(Fault) -> Value {
        for byte in word.description.utf8 {
            guard offset < bytes.count, bytes[offset] == byte else {
                throw Fault(reason: "a value is missing or misspelled")
            }
            offset += 1
        }
        return value
    }
}

// MARK: - Tokens

extension JSONLine {
    /// The next byte that is not blank; nil at the end.
    @_lifetime(self: copy self)
    private mutating func peek() -> UInt8? {
        while offset < bytes.count, isBlank(bytes[offset]) { offset += 1 }
        return offset < bytes.count ? bytes[offset] : nil
    }

    @_lifetime(self: copy self)
    private mutating func accept(_ mark: Unicode.Scalar) throws(Fault) -> Bool {
        guard peek() == UInt8(ascii: mark) else { return false }
        offset += 1
        return true
    }

    @_lifetime(self: copy self)
    private mutating func expect(_ mark: Unicode.Scalar, _ reason: String) throws(Fault) {
        guard try accept(mark) else { throw Fault(reason: reason) }
    }

    /// A number, as it is spelled: -? digits (. digits)? (e [+-]? digits)?
    @_lifetime(self: copy self)
    private mutating func number() throws(Fault) -> String {
        let start = offset
        skip("-")
        let hasLeadingZero = offset < bytes.count && bytes[offset] == Byte.zero
        let wholeDigits = digits()
        guard wholeDigits > 0, wholeDigits == 1 || !hasLeadingZero else {
            throw Fault(reason: "a value is missing or misspelled")
        }
        if skip("."), digits() == 0 {
            throw Fault(reason: "a number must have a digit behind its point")
        }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            guard digits() > 0 else { throw Fault(reason: "a number must have its exponent") }
        }
        return String(decoding: bytes.extracting(start..<offset))
    }

    @_lifetime(self: copy self)
    @discardableResult
    private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: mark) else { return false }
        offset += 1
        return true
    }

    @_lifetime(self: copy self)
    private mutating func digits() -> Int {
        let start = offset
        while offset < bytes.count, Byte.zero...Byte.nine ~= bytes[offset] { offset += 1 }
        return offset - start
    }
}

// MARK: - Strings

extension JSONLine {
    /// The string whose opening quote is next.
    @_lifetime(self: copy self)
    private mutating func string() throws(Fault) -> String {
        offset += 1
        var text = ""
        var start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte >= Byte.space else {
                throw Fault(reason: "a string must not hold a control character")
            }
            guard byte == Byte.quote || byte == UInt8(ascii: "\\") else {
                offset += 1
                continue
            }
            guard let part = String(bytes.extracting(start..<offset)) else {
                throw Fault(reason: "a string is not valid UTF-8")
            }
            offset += 1
            if byte == Byte.quote { return text.isEmpty ? part : text + part }
            text += part
            text.unicodeScalars.append(try escaped())
            start = offset
        }
        throw Fault(reason: "a string has no end")
    }

    /// The character that an escape stands for, behind its backslash.
    @_lifetime(self: copy self)
    private mutating func escaped() throws(Fault) -> Unicode.Scalar {
        let escapes: [(mark: Unicode.Scalar, meaning: Unicode.Scalar)] = [
            ("\"", "\""), ("\\", "\\"), ("/", "/"), ("b", "\u{8}"), ("f", "\u{C}"),
            ("n", "\n"), ("r", "\r"), ("t", "\t"),
        ]
        for escape in escapes where skip(escape.mark) {
            return escape.meaning
        }
        guard skip("u") else { throw Fault(reason: "an escape in a string is not known") }
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), skip("\\"), skip("u") else {
            throw Fault(reason: "half of a surrogate pair is missing")
        }
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else {
            throw Fault(reason: "half of a surrogate pair is missing")
        }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    /// Four hexadecimal digits.
    @_lifetime(self: copy self)
    private mutating func codeUnit() throws(Fault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard offset < bytes.count, let digit = Character(.init(bytes[offset])).hexDigitValue
            else { throw Fault(reason: "an escape \\u must have four hexadecimal digits") }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }
}
