import Files
import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing
import Vectors

struct GenerationFolderTests {
    /// Flips one bit of a file of generation `number`.
    private func damage(_ name: String, of number: Int, in folder: GenerationFolder) throws {
        let file = folder.folder(of: number).appendingPathComponent(name)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 4
        try bytes.write(to: file)
    }

    @Test
    func `a workspace without generations lists none and serves none`() async throws {
        try await withGenerations(0) { folder in
            #expect(try folder.list().manifests == [])
            #expect(try folder.current() == nil)
            #expect(try folder.nextNumber() == 1)
            #expect(try folder.published() == [])
            let opening = try #require(throws: RetrievalError.self) {
                try folder.open(1, checking: true)
            }
            #expect(opening.code == .missing)
            let rollback = try #require(throws: RetrievalError.self) { try folder.rollback() }
            #expect(rollback.code == .missing)
        }
    }

    @Test
    func `publishing replaces what is current, and rollback goes back by one`() async throws {
        try await withGenerations(3) { folder in
            #expect(try folder.list().manifests.map(\.generation) == [1, 2, 3])
            #expect(try folder.current() == nil)
            for number in 1...3 {
                try folder.publish(number)
            }
            #expect(try String(contentsOf: folder.currentFile, encoding: .utf8) == "gen-000003\n")
            #expect(try folder.rollback() == 2)
            #expect(try folder.rollback() == 1)
            #expect(throws: RetrievalError.self) { try folder.rollback() }
            #expect(try folder.current() == 1)
        }
    }

    @Test(arguments: ["lists", "vectors.f16", "ids", "manifest.json"])
    func `a damaged generation is never published, and rollback passes it over`(
        name: String
    ) async throws {
        try await withGenerations(3) { folder in
            for number in 1...3 {
                try folder.publish(number)
            }
            try damage(name, of: 2, in: folder)
            let error = try #require(throws: RetrievalError.self) { try folder.publish(2) }
            #expect(error.code == .damaged)
            #expect(try folder.current() == 3)
            #expect(try folder.rollback() == 1)
        }
    }

    @Test(arguments: ["lists", "vectors.f16", "ids"])
    func `a file that is cut or missing is seen without digests`(name: String) async throws {
        try await withGenerations(2) { folder in
            let file = folder.folder(of: 1).appendingPathComponent(name)
            try Data(try Data(contentsOf: file).dropLast()).write(to: file)
            let listing = try folder.list()
            #expect(listing.manifests.map(\.generation) == [2])
            #expect(listing.damaged.map(\.number) == [1])
            #expect(listing.damaged.first?.error.code == .damaged)
            try FileManager.default.removeItem(at: file)
            let error = try #require(throws: RetrievalError.self) {
                try folder.open(1, checking: false)
            }
            #expect(error.code == .missing)
        }
    }

    @Test
    func `a manifest of another format is refused as such`() async throws {
        try await withGenerations(1) { folder in
            let file = folder.folder(of: 1).appendingPathComponent("manifest.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try text.replacingOccurrences(of: "\"format\" : 3", with: "\"format\" : 4")
                .write(to: file, atomically: true, encoding: .utf8)
            let error = try #require(throws: RetrievalError.self) {
                try folder.open(1, checking: true)
            }
            #expect(error.code == .mismatched)
            #expect(error.description.contains("format 4"))
            #expect(error.description.contains("build the index again"))
        }
    }

    @Test
    func `every change of a value in a manifest is found`() async throws {
        try await withGenerations(1) { folder in
            let good = try folder.open(1, checking: true).manifest
            let changes: [(inout GenerationManifest) -> Void] = [
                { $0.count += 1 }, { $0.dimension = -1 }, { $0.dimension = .max },
                { $0.metric = .l2 }, { $0.embeddingVersion += 1 }, { $0.storeIdentity = "other" },
                { $0.setting = .probes(999, rerank: 10) }, { $0.measured.recall = 0.123 },
                { $0.build.seed += 1 }, { $0.files = [:] }, { $0.seal = "" },
                { $0.kind = .flat }, { $0.measured.curve = [] }, { $0.deeper = [] },
            ]
            let file = folder.folder(of: 1).appendingPathComponent("manifest.json")
            for change in changes {
                var manifest = good
                change(&manifest)
                try JSONEncoder().encode(manifest).write(to: file)
                let error = try #require(throws: RetrievalError.self) {
                    try folder.open(1, checking: true)
                }
                #expect(error.code == .damaged)
            }
            try JSONEncoder().encode(good).write(to: file)
            #expect(try folder.open(1, checking: true).manifest == good)
        }
    }

    @Test
    func `sealed manifests whose files do not fit are refused`() async throws {
        try await withGenerations(1) { folder in
            let good = try folder.open(1, checking: true).manifest
            let changes: [(inout GenerationManifest) -> Void] = [
                { $0.metric = .l2 },
                { ($0.count, $0.dimension) = ($0.dimension, $0.count) },
                { ($0.kind, $0.setting) = (.flat, .exhaustive) },
                { $0.setting = .probes(0, rerank: 9) },
                { $0.precision = .fp32 },
                { $0.deeper[0].setting = .rerank(9) },
                { $0.deeper[0].measured.k = $0.measured.k },
                { $0.files["../outside"] = $0.files["ids"] },
                { $0.generation = 2 },
            ]
            for change in changes {
                var manifest = good
                change(&manifest)
                let file = folder.folder(of: 1).appendingPathComponent("manifest.json")
                try JSONEncoder().encode(manifest.sealed()).write(to: file)
                #expect(throws: RetrievalError.self) { try folder.open(1, checking: true) }
            }
        }
    }

    @Test(arguments: [
        "", "gen-000001", "gen-1\n", "gen-000000\n", "gen-00000x\n", "../x\n",
        "gen-9223372036854775807\n",
    ])
    func `a damaged CURRENT is an error, and publishing mends it`(text: String) async throws {
        try await withGenerations(1) { folder in
            try text.write(to: folder.currentFile, atomically: true, encoding: .utf8)
            let error = try #require(throws: RetrievalError.self) { try folder.current() }
            #expect(error.code == .damaged)
            #expect(try folder.nextNumber() == 2)
            try folder.publish(1)
            #expect(try folder.current() == 1)
        }
    }

    @Test
    func `what dead builders left is removed by the next build`() async throws {
        try await withGenerations(1) { folder in
            let left = folder.url.appendingPathComponent("tmp-000002")
            try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
            try Data("half".utf8).write(to: left.appendingPathComponent("lists"))
            #expect(try folder.list().manifests.count == 1)
            try TestCatalogue(count: 9, dimension: 2).build(.flat, into: folder)
            #expect(!FileManager.default.fileExists(atPath: left.path))
            #expect(try folder.list().manifests.map(\.generation) == [1, 2])
        }
    }

    @Test
    func `a second builder is told that one is at work`() async throws {
        try await withGenerations(1) { folder in
            let lock = try FolderLock(folder.url)
            let error = try #require(throws: RetrievalError.self) {
                try TestCatalogue(count: 9, dimension: 2).build(.flat, into: folder)
            }
            #expect(error.code == .locked)
            withExtendedLifetime(lock) {}
        }
    }

    private func prune(_ folder: GenerationFolder, keeping count: Int) throws -> [Int] {
        let old = try folder.old(keeping: count)
        try folder.remove(old)
        return old
    }

    @Test
    func `pruning keeps the newest, the current one, and what is open`() async throws {
        try await withGenerations(4) { folder in
            #expect(try prune(folder, keeping: 1) == [])  // nothing is published yet
            try folder.publish(3)
            let open = try folder.open(1, checking: true)
            #expect(try prune(folder, keeping: 1) == [1, 2])
            #expect(try folder.list().manifests.map(\.generation) == [3, 4])
            #expect(try folder.current() == 3)
            #expect(try open.search(open.vector(ofRow: 5).span, k: 1).first?.row == 5)
            #expect(try prune(folder, keeping: 0) == [])
            #expect(try folder.nextNumber() == 5)
        }
    }

    @Test(arguments: ["vectors.f16", "manifest.json"])
    func `pruning keeps what a rollback leads to`(name: String) async throws {
        try await withGenerations(4) { folder in
            for number in [1, 2, 4] {
                try folder.publish(number)
            }
            try damage(name, of: 2, in: folder)
            #expect(try prune(folder, keeping: 1) == [2, 3])
            #expect(try folder.rollback() == 1)
            try Data().write(to: folder.currentFile)
            #expect(throws: RetrievalError.self) { try folder.old(keeping: 1) }
        }
    }
}
