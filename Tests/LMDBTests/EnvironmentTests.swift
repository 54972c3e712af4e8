import Foundation
import TestSupport
import Testing

@testable import LMDB

/// The environment in a new temporary folder, for as long as `body` runs.
func withEnvironment(
    mapSize: Int = Environment.defaultMapSize,
    _ body: (Environment) throws -> Void
) throws {
    try withTemporaryFolder { folder in
        try body(Environment(at: folder.path, access: .readWrite, mapSize: mapSize))
    }
}

extension Environment {
    /// Writes entries in a transaction of their own.
    func put(_ entries: [(key: String, value: String)], in table: Table) throws {
        var transaction = try write()
        for entry in entries {
            let value = Array(entry.value.utf8)
            try transaction.put(value, for: Array(entry.key.utf8), in: table)
        }
        try transaction.commit()
    }

    /// All keys and values of a table, from `key` on.
    func entries(of table: Table, from key: String = "") throws -> [String] {
        let transaction = try read()
        var cursor = try transaction.cursor(in: table, from: Array(key.utf8))
        var entries: [String] = []
        while try cursor.advance() {
            entries.append("\(text(cursor.key))=\(text(cursor.value))")
        }
        return entries
    }
}

/// The bytes as text.
func text(_ bytes: RawSpan) -> String {
    unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
}

@Suite struct EnvironmentTests {
    @Test func `entries come back in key order`() throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "prices")
            try environment.put([("pear", "3"), ("apple", "1"), ("plum", "2")], in: table)
            #expect(try environment.entries(of: table) == ["apple=1", "pear=3", "plum=2"])
        }
    }

    @Test func `a walk starts at the first key that is not less`() throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "prices")
            try environment.put([("a", "1"), ("c", "2"), ("e", "3")], in: table)
            #expect(try environment.entries(of: table, from: "b") == ["c=2", "e=3"])
            #expect(try environment.entries(of: table, from: "f") == [])
        }
    }

    @Test func `a cursor can be sent back and forth`() throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "prices")
            try environment.put([("a", "1"), ("c", "2"), ("e", "3")], in: table)
            let transaction = try environment.read()
            var cursor = try transaction.cursor(in: table, from: Array("e".utf8))
            var keys: [String] = []
            #expect(try cursor.advance())
            keys.append(text(cursor.key))
            cursor.seek(Array("a".utf8))
            #expect(try cursor.advance())
            keys.append(text(cursor.key))
            #expect(try cursor.advance())
            keys.append(text(cursor.key))
            #expect(keys == ["e", "a", "c"])
        }
    }

    @Test func `what is not committed never happened`() throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "prices")
            do {
                var transaction = try environment.write()
                try transaction.put([1], for: [1], in: table)
                #expect(try transaction.count(of: table) == 1)
            }
            #expect(try environment.entries(of: table) == [])
        }
    }

    @Test func `a reader sees the moment it began`() throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "prices")
            let before = try environment.read()
            try environment.put([("a", "1")], in: table)
            let after = try environment.read()
            let counts = try [before.count(of: table), after.count(of: table)]
            #expect(counts == [0, 1])
        }
    }

    @Test func `a committed entry survives the end of the environment`() throws {
        try withTemporaryFolder { folder in
            try writeAndClose(folder)
            let reader = try Environment(at: folder.path, access: .readOnly)
            #expect(try reader.entries(of: reader.table(named: "prices")) == ["a=1"])
        }
    }

    private func writeAndClose(_ folder: URL) throws {
        let environment = try Environment(at: folder.path, access: .readWrite)
        try environment.put([("a", "1")], in: environment.table(named: "prices"))
    }

    @Test func `one process holds one handle on a file, whatever the path`() throws {
        try withTemporaryFolder { folder in
            let first = try Environment(at: folder.path, access: .readWrite)
            let link = folder.path + "/link"
            try FileManager.default.createSymbolicLink(
                atPath: link,
                withDestinationPath: folder.path
            )
            let second = try Environment(at: link, access: .readOnly)
            #expect(first.file === second.file)
            let table = try first.table(named: "prices")
            try first.put([("a", "1")], in: table)
            #expect(try second.entries(of: second.table(named: "prices")) == ["a=1"])
        }
    }

    @Test func `the handle outlives all but its last environment`() throws {
        try withTemporaryFolder { folder in
            var first: Environment? = try Environment(at: folder.path, access: .readWrite)
            let second = try Environment(at: folder.path, access: .readWrite)
            #expect(first?.file === second.file)
            first = nil
            try second.put([("a", "1")], in: second.table(named: "prices"))
        }
    }

    @Test func `the last value put for a key is the one that stays`() throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "prices")
            try environment.put([("a", "1"), ("a", "2")], in: table)
            #expect(try environment.entries(of: table) == ["a=2"])
        }
    }

    @Test func `a removed key is gone, and is removed once`() throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "prices")
            try environment.put([("a", "1"), ("b", "2")], in: table)
            var transaction = try environment.write()
            let first = try transaction.remove(Array("a".utf8), from: table)
            let second = try transaction.remove(Array("a".utf8), from: table)
            try transaction.commit()
            #expect((first, second) == (true, false))
            #expect(try environment.entries(of: table) == ["b=2"])
        }
    }

    @Test func `an emptied table takes appended keys again`() throws {
        try withEnvironment { environment in
            let table = try environment.table(named: "prices")
            try environment.put([("z", "1")], in: table)
            var transaction = try environment.write()
            try transaction.removeAll(from: table)
            try transaction.put(Array("2".utf8), for: Array("a".utf8), in: table, .appending)
            try transaction.commit()
            #expect(try environment.entries(of: table) == ["a=2"])
        }
    }
}
