import Foundation
import TestSupport
import Testing

/// A slice of real pins and boards, where the data set lies beside the checkout.
///
/// Whole data sets are measured in release builds (docs/results/); this proves that the road from
/// edges to a report is open, and that what is learned is better than chance.
struct PinterestTests {
    /// Where the data is, if it is there: its first 200 boards make a catalogue of some thousand.
    static let data = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("shared/data/pinterest")
    static let isThere = FileManager.default.fileExists(atPath: data.path)
    private static let boards = 200

    private let corkboard = Program.corkboard

    @Test(
        .enabled(
            if: isThere,
            "the Pinterest data set is not there: put it in ../shared/data/pinterest"
        )
    )
    func `a slice of Pinterest is learned better than by chance`() async throws {
        try await withTemporaryFolder { folder in
            let workspace = folder.appendingPathComponent("w").path
            let training = try rows(of: "edges.train.tsv") { $0[0] < Self.boards }
            let items = Set(training.map { $0[1] })
            let heldOut = try rows(of: "edges.test.tsv") { $0[0] < Self.boards }
            let pairs = try rows(of: "pairs.test.tsv") { $0.allSatisfy(items.contains) }
            let edgesFile = try write(training, to: folder.appendingPathComponent("edges.tsv"))
            let heldOutFile = try write(heldOut, to: folder.appendingPathComponent("test.tsv"))
            let pairsFile = try write(
                pairs.prefix(1_000),
                to: folder.appendingPathComponent("pairs.tsv")
            )

            try await corkboard.succeed(["import", "--edges", edgesFile, "-w", workspace])
            try await corkboard.succeed(
                ["train", "-w", workspace, "--set", "epochs=3"],
                timeout: .seconds(300)
            )
            try await corkboard.succeed(["embed", "-w", workspace])

            let pairReport = try await corkboard.json(
                PairReport.self,
                ["evaluate", "-w", workspace, "--pairs", pairsFile]
            )
            #expect(pairReport.pairs == min(1_000, pairs.count))
            let chance = 50 / Double(items.count)
            #expect(pairReport.hitRate["50", default: 0] > 2 * chance)

            let contextReport = try await corkboard.json(
                ContextReport.self,
                ["evaluate", "-w", workspace, "--edges", heldOutFile]
            )
            #expect(contextReport.contexts == Set(heldOut.map { $0[0] }).count)
            #expect(contextReport.recall["20", default: 0] > 2 * 20 / Double(items.count))
        }
    }

    /// The rows of a file of the data set that `isWanted`, as numbers.
    private func rows(of name: String, where isWanted: ([Int]) -> Bool) throws -> [[Int]] {
        let text = try String(
            contentsOf: Self.data.appendingPathComponent(name),
            encoding: .utf8
        )
        return text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let row = line.split(separator: UInt8(ascii: "\t"))
                .compactMap { Int(String(decoding: $0, as: UTF8.self)) }
            return row.count == 2 && isWanted(row) ? row : nil
        }
    }

    private func write(_ rows: some Sequence<[Int]>, to file: URL) throws -> String {
        try rows.map { "\($0[0])\t\($0[1])\n" }.joined()
            .write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }
}
