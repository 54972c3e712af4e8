import Foundation
import Testing

/// The golden connections, each with whole lines and byte by byte.
struct GoldenConnectionTests {
    @Test(arguments: GoldenFile.all(in: "Connections"), [Int.max, 1])
    func `a connection goes as it was written down`(file: GoldenFile, bytesAtOnce: Int) {
        var connection = GoldenConnection()
        var seen = 0
        for line in file.lines {
            if line.hasPrefix(">") || line.hasPrefix("=") {
                let unexpected = connection.log[seen...]
                #expect(unexpected.isEmpty, "before \(line): \(unexpected)")
                seen = connection.log.count
                let isTaken = connection.take(line, bytesAtOnce: bytesAtOnce)
                #expect(isTaken, "no sense in \(line)")
            } else if seen < connection.log.count {
                #expect(matches(connection.log[seen], line), "\(connection.log[seen])\n\(line)")
                seen += 1
            } else {
                Issue.record("nothing was done where there should be \(line)")
            }
        }
        #expect(connection.log[seen...].isEmpty, "at the end")
    }

    /// Whether what was done is what the file says; a dot is any digit, a star at the end any
    /// number of them.
    private func matches(_ line: String, _ expected: String) -> Bool {
        guard expected.hasPrefix("<") else { return line == expected }
        let digits = Array(line.utf8.filter { $0 != UInt8(ascii: " ") })
        var pattern = Array(expected.utf8.filter { $0 != UInt8(ascii: " ") })
        let isOpen = pattern.last == UInt8(ascii: "*")
        if isOpen { pattern.removeLast() }
        guard isOpen ? digits.count >= pattern.count : digits.count == pattern.count else {
            return false
        }
        return zip(digits, pattern).allSatisfy { $0 == $1 || $1 == UInt8(ascii: ".") }
    }

    @Test func `every rule of the wire has its connections`() {
        let names = GoldenFile.all(in: "Connections").map(\.name)
        #expect(names.count >= 80)
        for rule in ["d1", "d2", "d4", "d6", "d9", "d10"] {
            #expect(names.contains { $0.hasPrefix("\(rule)-") }, "\(rule)")
        }
        for rule in ["D5: ", "D8: "] {
            let comments = GoldenFile.all(in: "Connections").map(\.comment)
            #expect(comments.contains { $0.hasPrefix(rule) }, "\(rule)")
        }
    }
}
