import Foundation
import TestSupport
import Testing
import Vectors

@testable import Datasets

private func vectors(_ dictionary: String, _ values: [UInt8]) throws -> NumPyVectors {
    try withFile("v.npy", npy(dictionary, values)) { try NumPyVectors(contentsOf: $0) }
}

@Suite struct NumPyVectorsTests {
    @Test(arguments: [
        ("<f2", [0x00, 0x3C, 0x00, 0xC1, 0, 0] as [UInt8], [1, -2.5, 0] as [Float]),
        ("<f4", [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 0, 0, 0, 0], [1, -2.5, 0]),
        ("|u1", [3, 255, 0], [3, 255, 0]),
    ])
    func `rows of each type come back in the order asked for`(
        element: String,
        values: [UInt8],
        expected: [Float]
    ) throws {
        let vectors = try vectors(npyDictionary(element, "(3, 1)"), values)
        #expect((vectors.rows, vectors.columns) == (3, 1))
        #expect(vectors.gather([2, 0]).elements == [expected[2], expected[0]])
        #expect(vectors.gather(0..<3).elements == expected)
        #expect(vectors.firstRow(beyond: .greatestFiniteMagnitude) == nil)
    }

    @Test func `a value that is not a number is found in whichever block it lies`() throws {
        var values = [UInt8](repeating: 0, count: 2 * 10_000)
        values.replaceSubrange(2 * 9_001..<2 * 9_002, with: [0x00, 0x7E])
        let vectors = try vectors(npyDictionary("<f2", "(5000, 2)"), values)
        #expect(vectors.firstRow(beyond: .greatestFiniteMagnitude) == 4_500)
    }

    @Test(arguments: [
        ("<f8", "(1, 1)", "astype('float32')"),
        ("<i4", "(2, 1)", "astype('float32')"),
        ("<f4", "(2,)", "one dimension"),
        ("<f4", "(0, 8)", "0 rows of 8 values"),
        ("<f4", "(8, 0)", "8 rows of 0 values"),
    ])
    func `what holds no vectors is refused with the next step`(
        element: String,
        shape: String,
        reason: String
    ) {
        let bytes = [UInt8](repeating: 0, count: shape.contains("0") ? 0 : 8)
        let error = datasetError { _ = try vectors(npyDictionary(element, shape), bytes) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "none")")
    }

    @Test func `names of rows ascend as the rows do`() {
        #expect(RowNames(count: 13)[12] == "0000012")
        #expect(RowNames(count: 10_000_001)[12] == "00000012")
        let names = RowNames(count: 1_200).all
        #expect(names == names.sorted())
    }

    @Test func `ids are lines, whatever their ends`() throws {
        let ids = try withFile("ids.txt", Array("a\r\nb c\n\n d".utf8)) {
            try itemIDs(inLinesOf: $0)
        }
        #expect(ids == ["a", "b c", " d"])
    }

    @Test func `an id that is no text is refused with its line`() {
        let error = datasetError {
            _ = try withFile("ids.txt", [0x61, 0x0A, 0xFF, 0x0A]) { try itemIDs(inLinesOf: $0) }
        }
        #expect(error?.description.contains("line 2") == true)
        let empty = datasetError {
            _ = try withFile("ids.txt", [0x0A]) { try itemIDs(inLinesOf: $0) }
        }
        #expect(empty?.code == .empty)
    }
}
