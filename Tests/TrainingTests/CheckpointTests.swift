import Files
import Foundation
import Graph
import PinSage
import TestSupport
import Testing
import Training
import Vectors

struct CheckpointTests {
    /// A checkpoint of a run that has taken a few steps.
    private func checkpoint(_ communities: Communities) throws -> Checkpoint {
        var run = try communities.run()
        for _ in 0..<3 {
            _ = try run.advance()
        }
        return run.checkpoint
    }

    /// Writes a checkpoint, lets `change` have its tensors and strings, and seals it again.
    private func refusal(
        _ change: (inout SafeTensors) throws -> Void
    ) throws -> String? {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            try checkpoint(try Communities(in: folder)).write(to: url)
            var file = try SafeTensors(contentsOf: url)
            try change(&file)
            try file.write(to: url)
            let error = #expect(throws: TrainingError.self) { _ = try Checkpoint(contentsOf: url) }
            #expect(error?.description.contains(url.path) == true)
            return error?.description
        }
    }

    @Test func `a checkpoint that is read embeds like the one that was written`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            let written = try checkpoint(communities)
            let url = folder.appendingPathComponent("model.safetensors")
            try written.write(to: url)
            let read = try Checkpoint(contentsOf: url)
            #expect(read.settings == written.settings)
            #expect(read.hasher == written.hasher)
            #expect(read.itemIDs == written.itemIDs)
            #expect(read.graph == communities.graph.checksum)
            #expect(read.status == written.status)
            #expect(read.status.step == 3 && read.status.seconds == 0)
            #expect(read.optimiser == written.optimiser)
            let embeddings = try [written, read].map { checkpoint in
                try checkpoint.embed(communities.catalogue.reader, scratch: folder, threads: 1)
                    .matrix
            }
            #expect(embeddings[0] == embeddings[1])
        }
    }

    @Test func `items find their identity by name, and new ones do without`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var ids = Communities.ids
            ids.swapAt(0, 5)
            ids[7] = "new"
            let inputs = ItemInputs(
                ids: ids,
                contents: Communities.contents,
                graph: communities.graph,
                hasher: communities.hasher,
                identities: Communities.ids,
                dense: nil
            )
            #expect(inputs.identities[0] == 5 && inputs.identities[5] == 0)
            #expect(inputs.identities[6] == 6 && inputs.identities[7] == nil)
            #expect(inputs.logDegrees[24] == 0)
            #expect(abs(inputs.logDegrees[1] - Float(log(1 + degree(communities, of: 1)))) < 1e-6)
        }
    }

    private func degree(_ communities: Communities, of item: UInt32) -> Double {
        Double(communities.graph.edges.count { $0.item == item })
    }

    @Test func `without a checkpoint one is told to train`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("nothing")
            let error = #expect(throws: TrainingError.self) { _ = try Checkpoint(contentsOf: url) }
            #expect(error?.description.hasSuffix("run corkboard train first") == true)
        }
    }

    @Test func `a damaged byte anywhere is refused`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            try checkpoint(try Communities(in: folder)).write(to: url)
            let bytes = try [UInt8](Data(contentsOf: url))
            for place in stride(from: 0, to: bytes.count, by: bytes.count / 40) {
                var damaged = bytes
                damaged[place] ^= 0x10
                try Data(damaged).write(to: url)
                let error = #expect(throws: FileError.self) {
                    _ = try Checkpoint(contentsOf: url)
                }
                #expect(error?.code == .damaged)
            }
        }
    }

    @Test func `another format is named`() throws {
        let text = try refusal { $0.metadata["format"] = "1" }
        #expect(text?.hasSuffix("has format 1, this program reads 2; train again") == true)
        let none = try refusal { $0.metadata["format"] = nil }
        #expect(none?.contains("has format none") == true)
    }

    @Test func `settings that cannot be read, or are out of range, are refused`() throws {
        for name in ["settings", "item_ids", "status"] {
            for text in [nil, "", "{", "{}", "null", "3"] as [String?] {
                let refused = try refusal { $0.metadata[name] = text }
                #expect(refused?.contains("has \(name) that cannot be read") == true)
            }
        }
        let refused = try refusal { file in
            let settings = try #require(file.metadata["settings"])
            file.metadata["settings"] = settings.replacingOccurrences(
                of: "\"layers\":2",
                with: "\"layers\":0"
            )
        }
        #expect(refused?.contains("model.layers is 0, but must be from 1 to 8") == true)
    }

    @Test func `a tensor that is missing or of another shape is named`() throws {
        let missing = try refusal { $0.tensors["head.bias"] = nil }
        #expect(missing?.contains("there is no tensor head.bias of 1 x 10") == true)
        let narrow = try refusal { $0.tensors["input.degree"] = Matrix(rows: 1, columns: 3) }
        #expect(narrow?.contains("there is no tensor input.degree of 1 x 10") == true)
        let fewer = try refusal { $0.metadata["item_ids"] = "[\"a\"]" }
        #expect(fewer?.contains("there is no tensor input.identity of 1 x 10") == true)
    }

    @Test func `a moment of the optimiser that is missing or of another shape is named`() throws {
        let name = "optimiser.head.bias.mean"
        for matrix in [nil, Matrix(rows: 2, columns: 10)] {
            let text = try refusal { $0.tensors[name] = matrix }
            #expect(text?.contains("there is no tensor head.bias.mean of 1 x 10") == true)
        }
    }

    @Test func `a graph or a step that cannot be is refused`() throws {
        for text in [nil, "", "xyz", "-1", "1ffffffffffffffff"] as [String?] {
            let refused = try refusal { $0.metadata["graph"] = text }
            #expect(refused?.contains("does not name its graph") == true)
        }
        let refused = try refusal { file in
            let status = try #require(file.metadata["status"])
            file.metadata["status"] = status.replacingOccurrences(
                of: "\"step\":3",
                with: "\"step\":-3"
            )
        }
        #expect(refused?.contains("has taken -3 steps") == true)
    }

    @Test func `a model that is kept to be used has no optimiser in its file`() throws {
        try withTemporaryFolder { folder in
            let written = try checkpoint(try Communities(in: folder))
            let url = folder.appendingPathComponent("best.safetensors")
            try written.withoutOptimiser.write(to: url)
            #expect(try Checkpoint(contentsOf: url).optimiser == nil)
            let names = try SafeTensors(contentsOf: url).tensors.keys
            #expect(Set(names) == Set(written.model.parameters.map(\.name) + ["features.rarity"]))
        }
    }

    @Test func `a weight that is not a number is named, and the file before it stays`() throws {
        try withTemporaryFolder { folder in
            var checkpoint = try checkpoint(try Communities(in: folder))
            let url = folder.appendingPathComponent("model.safetensors")
            try checkpoint.write(to: url)
            let before = try Data(contentsOf: url)
            checkpoint.model.updateParameters { parameter in
                if parameter.name == "head.bias" {
                    parameter.value.elements[3] = .nan
                }
            }
            let error = #expect(throws: TrainingError.self) { try checkpoint.write(to: url) }
            #expect(error?.description.contains("head.bias holds a value that is not") == true)
            #expect(try Data(contentsOf: url) == before)
        }
    }

    @Test func `a disk that fills leaves the file before it as it was`() throws {
        try withTemporaryFolder { folder in
            let checkpoint = try checkpoint(try Communities(in: folder))
            let url = folder.appendingPathComponent("model.safetensors")
            try checkpoint.write(to: url)
            let before = try Data(contentsOf: url)
            // Whatever is written beside it next ends on a device where every write fails with
            // ENOSPC; the number in a name counts the files that this process has replaced.
            for turn in 1...5000 {
                let name = ".model.safetensors.\(getpid()).\(turn).tmp"
                try FileManager.default.createSymbolicLink(
                    at: folder.appendingPathComponent(name),
                    withDestinationURL: URL(fileURLWithPath: "/dev/full")
                )
            }
            let error = #expect(throws: FileError.self) { try checkpoint.write(to: url) }
            #expect(error?.description.contains("No space left") == true)
            #expect(try Data(contentsOf: url) == before)
        }
    }

    @Test func `feature weights of another shape are refused`() throws {
        for matrix in [nil, Matrix(rows: 1, columns: 3), Matrix(rows: 2, columns: 64)] {
            let text = try refusal { $0.tensors["features.rarity"] = matrix }
            #expect(text?.contains("has no feature weights") == true)
        }
    }
}
