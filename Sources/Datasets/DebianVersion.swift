/// A version of a Debian package, ordered as dpkg orders it.
///
/// `epoch:upstream-revision`. Parts are compared by turns: what is no digit by letters before
/// other marks, where `~` comes before everything, even the end; then digits by their number.
/// Source: deb-version(7), and `verrevcmp` in dpkg's lib/dpkg/version.c.
struct DebianVersion: Comparable {
    private let epoch: [UInt8]
    private let upstream: [UInt8]
    private let revision: [UInt8]

    init(_ text: String) {
        var rest = [UInt8](text.utf8)[...]
        if let colon = rest.firstIndex(of: Byte.colon) {
            epoch = Array(rest[..<colon])
            rest = rest[(colon + 1)...]
        } else {
            epoch = []
        }
        if let dash = rest.lastIndex(of: UInt8(ascii: "-")) {
            revision = Array(rest[(dash + 1)...])
            rest = rest[..<dash]
        } else {
            revision = []
        }
        upstream = Array(rest)
    }

    static func < (a: DebianVersion, b: DebianVersion) -> Bool {
        a.order(b) < 0
    }

    static func == (a: DebianVersion, b: DebianVersion) -> Bool {
        a.order(b) == 0
    }

    /// Below, at or above zero as this version is older than, as old as or newer than `other`.
    private func order(_ other: DebianVersion) -> Int {
        for (a, b) in [
            (epoch, other.epoch), (upstream, other.upstream), (revision, other.revision),
        ] {
            let order = Self.order(a[...], b[...])
            if order != 0 { return order }
        }
        return 0
    }

    private static func order(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
        var (a, b) = (a, b)
        while !a.isEmpty || !b.isEmpty {
            while isMark(a.first) || isMark(b.first) {
                let order = rank(a.first) - rank(b.first)
                if order != 0 { return order }
                a = a.dropFirst()
                b = b.dropFirst()
            }
            let (aDigits, bDigits) = (number(&a), number(&b))
            if aDigits.count != bDigits.count { return aDigits.count - bDigits.count }
            for (aDigit, bDigit) in zip(aDigits, bDigits) where aDigit != bDigit {
                return Int(aDigit) - Int(bDigit)
            }
        }
        return 0
    }

    /// Takes the digits in front, and returns them without leading zeros.
    private static func number(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = text.prefix { isDigit($0) }
        text = text[digits.endIndex...]
        return digits.drop { $0 == Byte.zero }
    }

    private static func rank(_ byte: UInt8?) -> Int {
        switch byte {
        case UInt8(ascii: "~"): -1
        case nil: 0
        case let byte? where isDigit(byte): 0
        case let byte? where isLetter(byte): Int(byte)
        case let byte?: Int(byte) + 256
        }
    }

    private static func isMark(_ byte: UInt8?) -> Bool {
        byte.map { !isDigit($0) } ?? false
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        Byte.zero...Byte.nine ~= byte
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
}
