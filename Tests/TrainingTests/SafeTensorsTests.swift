import Crypto
import Files
import Foundation
import TestSupport
import Testing
import Training
import Vectors

struct SafeTensorsTests {
    private var sample: SafeTensors {
        var file = SafeTensors()
        file.tensors["a"] = Matrix(rows: 2, columns: 3, elements: [1, -2, 0.5, .pi, 1e-38, 3e38])
        file.tensors["b.c"] = Matrix(rows: 1, columns: 1, elements: [7])
        file.tensors["empty"] = Matrix(rows: 0, columns: 4)
        file.metadata = ["format": "1", "é \"quoted\"": "line\nline"]
        return file
    }

    private func write(_ bytes: [UInt8], in folder: URL) throws -> URL {
        let url = folder.appendingPathComponent("file.safetensors")
        try Data(bytes).write(to: url)
        return url
    }

    /// The official layout: the header's length in eight bytes, the header, the values.
    private func file(header: String, length: UInt64? = nil, values: [Float] = []) -> [UInt8] {
        let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        let json = Array((header + padding).utf8)
        let length = length ?? UInt64(json.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + json
            + values.flatMap { value in
                (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
            }
    }

    @Test func `what was written is read`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file.safetensors")
            try sample.write(to: url)
            #expect(try SafeTensors(contentsOf: url) == sample)
            try SafeTensors().write(to: url)
            #expect(try SafeTensors(contentsOf: url) == SafeTensors())
        }
    }

    @Test func `the bytes are those of the official layout`() throws {
        try withTemporaryFolder { folder in
            var sample = SafeTensors()
            sample.tensors["w"] = Matrix(rows: 1, columns: 2, elements: [1, 2])
            sample.tensors["b"] = Matrix(rows: 1, columns: 1, elements: [-1])
            sample.metadata["k"] = "v"
            // The order of the digest: strings, then tensors, each by name.
            var hasher = SHA256()
            hasher.update(data: Data("1 k 1 v1 b 1 1 ".utf8) + Data([0, 0, 0x80, 0xBF]))
            hasher.update(data: Data("1 w 1 2 ".utf8) + Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]))
            let header =
                #"{"__metadata__":{"k":"v","sha256":"\#(hexadecimal(hasher))"},"#
                + #""b":{"data_offsets":[0,4],"dtype":"F32","shape":[1,1]},"#
                + #""w":{"data_offsets":[4,12],"dtype":"F32","shape":[1,2]}}"#
            let expected = file(header: header, values: [-1, 1, 2])
            let url = try write(expected, in: folder)
            #expect(try SafeTensors(contentsOf: url) == sample)
            try sample.write(to: url)
            #expect(try [UInt8](Data(contentsOf: url)) == expected)
        }
    }

    @Test func `tensors may lie in another order than their names`() throws {
        try withTemporaryFolder { folder in
            var sample = SafeTensors()
            sample.tensors["a"] = Matrix(rows: 1, columns: 1, elements: [1])
            sample.tensors["b"] = Matrix(rows: 1, columns: 1, elements: [2])
            var hasher = SHA256()
            hasher.update(data: Data("1 a 1 1 ".utf8) + Data([0, 0, 0x80, 0x3F]))
            hasher.update(data: Data("1 b 1 1 ".utf8) + Data([0, 0, 0, 0x40]))
            let header =
                #"{"b":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"#
                + #""a":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]},"#
                + #""__metadata__":{"sha256":"\#(hexadecimal(hasher))"}}"#
            let url = try write(file(header: header, values: [2, 1]), in: folder)
            #expect(try SafeTensors(contentsOf: url) == sample)
        }
    }

    @Test func `a flipped byte is refused, or changes nothing`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file.safetensors")
            try sample.write(to: url)
            let bytes = try [UInt8](Data(contentsOf: url))
            for place in bytes.indices {
                for mask: UInt8 in [0x01, 0x20, 0x80] {
                    var damaged = bytes
                    damaged[place] ^= mask
                    _ = try write(damaged, in: folder)
                    do {
                        // Such as the case of an escape's digits.
                        #expect(try SafeTensors(contentsOf: url) == sample, "byte \(place)")
                    } catch let error as FileError {
                        #expect(error.code == .damaged)
                    }
                }
            }
        }
    }

    @Test func `a file cut short at any length is refused`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file.safetensors")
            try sample.write(to: url)
            let bytes = try [UInt8](Data(contentsOf: url))
            for length in bytes.indices {
                _ = try write(Array(bytes[..<length]), in: folder)
                #expect(throws: FileError.self) { _ = try SafeTensors(contentsOf: url) }
            }
        }
    }

    @Test(arguments: [0, 1, 7, 9, 24, 1 << 32, 1 << 62, 1 << 63, .max - 7, .max] as [UInt64])
    func `a header of another length than its own is refused`(length: UInt64) throws {
        try withTemporaryFolder { folder in
            let url = try write(file(header: "{}      ", length: length), in: folder)
            let error = #expect(throws: FileError.self) { _ = try SafeTensors(contentsOf: url) }
            #expect(error?.code == .damaged)
        }
    }

    @Test(arguments: [
        "", "[]", "{", "null", #"{"a":1}"#, #"{"a":null}"#, #"{"a":{"dtype":"F32"}}"#, "{}",
        #"{"a":{"dtype":"F16","shape":[1,1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[]}}"#,
        #"{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[4,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[-4,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}"#,
        #"{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[2,6]}}"#,
        #"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1,1.5],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,1],"data_offsets":[0,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[9223372036854775807,3]}}"#,
        #"{"a":{"dtype":"F32","shape":[18446744073709551616,1],"data_offsets":[0,4]}}"#,
        #"{"__metadata__":{"sha256":"0"}}"#, #"{"__metadata__":{"sha256":1}}"#,
        #"{"__metadata__":{}}"#, #"{"x":{},"__metadata__":{}}"#,
    ])
    func `a header that does not fit is refused`(header: String) throws {
        try withTemporaryFolder { folder in
            let url = try write(file(header: header, values: [1]), in: folder)
            let error = #expect(throws: FileError.self) { _ = try SafeTensors(contentsOf: url) }
            #expect(error?.code == .damaged)
            #expect(error?.description.contains(url.path) == true)
        }
    }

    @Test func `strings under the name of a tensor are refused`() throws {
        try withTemporaryFolder { folder in
            let digest = hexadecimal(SHA256())
            let header = #"{"a":{"sha256":"\#(digest)"}}"#
            let url = try write(file(header: header), in: folder)
            #expect(throws: FileError.self) { _ = try SafeTensors(contentsOf: url) }
            let right = #"{"__metadata__":{"sha256":"\#(digest)"}}"#
            _ = try write(file(header: right), in: folder)
            #expect(try SafeTensors(contentsOf: url) == SafeTensors())
        }
    }

    @Test func `a file that is not there is told apart`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("nothing")
            let error = #expect(throws: FileError.self) { _ = try SafeTensors(contentsOf: url) }
            #expect(error?.code == .missing)
        }
    }
}

/// The digits of a digest, by another road than the room's own.
private func hexadecimal(_ hasher: SHA256) -> String {
    hasher.finalize().map { String(format: "%02x", $0) }.joined()
}
