import Foundation
import TestSupport
import Testing
import Vectors

@testable import Datasets

private func read(_ bytes: [UInt8]) throws -> NumPyArray {
    try withFile("x.npy", bytes) { try NumPyArray(contentsOf: $0) }
}

@Suite struct NumPyArrayTests {
    @Test(arguments: [
        ("<f4", [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0] as [UInt8], [1, -2.5] as [Float]),
        ("<f2", [0x00, 0x3C, 0x00, 0xC1], [1, -2.5]),
        ("<f8", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 4, 0xC0], [1, -2.5]),
        ("|u1", [3, 255], [3, 255]),
        ("<i4", [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF], [1, -2]),
        ("<i8", [1, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8), [1, -1]),
    ])
    func `each kind of value is read as NumPy wrote it`(
        element: String,
        values: [UInt8],
        expected: [Float]
    ) throws {
        let array = try read(npy(npyDictionary(element, "(2, 1)"), values))
        #expect(array.element.rawValue == element)
        #expect(array.shape == [2, 1])
        #expect(array.matrix() == Matrix(rows: 2, columns: 1, elements: expected))
        #expect(array.matrix(ofRows: 1..<2).elements == [expected[1]])
        if element.contains("f") {
            #expect(datasetError { _ = try array.integers() }?.code == .malformed)
        } else {
            #expect(try array.integers() == expected.map { Int($0) })
        }
    }

    @Test(arguments: [UInt8(1), 2, 3]) func `each version of the format is read`(
        version: UInt8
    ) throws {
        let array = try read(npy(npyDictionary("|u1", "(3,)"), [1, 2, 3], version: version))
        #expect(array.shape == [3])
        #expect(array.matrix() == Matrix(rows: 1, columns: 3, elements: [1, 2, 3]))
    }

    @Test func `entries come in any order, with or without the last comma`() throws {
        let text = "{'shape':(2,2),'descr':'|u1','fortran_order':False}"
        #expect(try read(npy(text, [1, 2, 3, 4])).shape == [2, 2])
    }

    @Test func `an array without rows is an empty matrix`() throws {
        let matrix = try read(npy(npyDictionary("<f4", "(0, 8)"), [])).matrix()
        #expect((matrix.rows, matrix.columns) == (0, 8))
    }

    @Test(arguments: [
        (npyDictionary("<f4", "(3, 1)"), "takes 12 bytes, but there are 8"),
        (npyDictionary("<f4", "(1, 1)"), "takes 4 bytes, but there are 8"),
        (npyDictionary(">f4", "(2, 1)"), "tells of values '>f4'; possible are <f2"),
        (npyDictionary("|O", "(2, 1)"), "tells of values '|O'"),
        (npyDictionary("<f4", "(2, 1, 1)"), "3 dimensions"),
        (npyDictionary("<f4", "()"), "0 dimensions"),
        (npyDictionary("<f4", "(-2, 1)"), "not made of numbers"),
        (npyDictionary("<f4", "(4611686018427387904, 4)"), "beyond all bounds"),
        (npyDictionary("<f4", "(99999999999999999999,)"), "not made of numbers"),
        (npyDictionary("<f4", "(2, 1) 'x': 1"), "lacks a comma"),
        (npyDictionary("<f4", "(2 1)"), "lacks a comma"),
        ("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1)}", "Fortran order"),
        ("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2, 1)}", "neither True nor False"),
        ("{'descr': '<f4', 'shape': (2, 1)}", "lacks an entry"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), 'x': 1}", "entry 'x'"),
        (npyDictionary("<f4", "(2, 1)") + "x", "goes on behind its end"),
        ("{'descr", "lacks a quote"),
        ("", "lacks a '{'"),
    ])
    func `a bad header says what is wrong with it`(dictionary: String, reason: String) {
        let error = datasetError { _ = try read(npy(dictionary, [UInt8](repeating: 0, count: 8))) }
        #expect(error?.code == .malformed)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "none")")
    }

    @Test func `a file that is cut anywhere is refused`() {
        let whole = npy(npyDictionary("<f4", "(2, 1)"), [0, 0, 0, 0, 0, 0, 0, 0])
        for count in 0..<whole.count {
            #expect(datasetError { _ = try read(Array(whole.prefix(count))) }?.code == .malformed)
        }
    }

    @Test func `no header makes the reader trap`() {
        let header = npy(npyDictionary("<f4", "(2, 1)"), [])
        var random = SeededGenerator(seed: 5)
        for _ in 0..<5_000 {
            var changed = header
            for _ in 0...random.index(below: 3) {
                changed[random.index(below: header.count)] = UInt8(random.index(below: 256))
            }
            let bytes = changed
            _ = try? NumPyHeader(bytes.span)
        }
    }

    @Test func `a written matrix is read back, and its values begin at a multiple of 64`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("m.npy")
            let matrix = Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, .infinity])
            try matrix.writeNumPy(to: url)
            #expect(try NumPyArray(contentsOf: url).matrix() == matrix)
            let bytes = try [UInt8](Data(contentsOf: url))
            #expect((bytes.count - 24) % 64 == 0)
            let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
            #expect(String(decoding: bytes[10..<10 + header.utf8.count], as: UTF8.self) == header)
            #expect(bytes[bytes.count - 25] == 10)
        }
    }

    @Test func `a missing file is named`() {
        let url = URL(fileURLWithPath: "/nowhere/x.npy")
        #expect(datasetError { _ = try NumPyArray(contentsOf: url) }?.code == .missing)
    }
}
