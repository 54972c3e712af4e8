import Evaluation
import Foundation
import FoundationXML
import Testing

@testable import Commands

struct AblationReportTests {
    /// How the chart ends the lines of its whiskers, and no others.
    private let whisker = "stroke=\"#222\"/>"

    private func run(seed: UInt64, hitRate: Double) -> AblationRun {
        AblationRun(
            seed: seed,
            pairs: PairReport(
                pairs: 8,
                hitRate: [10: hitRate / 2, 50: hitRate, 500: 1],
                mrr100: 0.5,
                mrr: 0.25
            ),
            kurtosis: 0.43,
            seconds: 12,
            steps: 30,
            stepMilliseconds: 400
        )
    }

    private func report(_ hitRates: [Double], name: String = "PinSage") -> AblationReport {
        var report = AblationReport(pairs: 8, sweeps: [.table1, .batch], notes: ["A note."])
        for (turn, hitRate) in hitRates.enumerated() {
            report.note(run(seed: UInt64(turn), hitRate: hitRate), of: name, in: .table1)
        }
        return report
    }

    @Test(arguments: [
        ([2.0, 4, 6], 4.0, 2.0),
        ([1.0, 1], 1.0, 0.0),
        ([3.0], 3.0, nil),
    ])
    func `a sample's spread is its standard deviation`(
        sample: [Double],
        mean: Double,
        deviation: Double?
    ) throws {
        let value = try #require(MeanAndDeviation(of: sample))
        #expect(value.mean == mean && value.deviation == deviation)
    }

    @Test func `runs of one name share a row, with their mean and spread`() throws {
        let report = report([0.25, 0.5, 0.75])
        let row = try #require(report.tables[0].rows.first)
        #expect(report.tables[0].rows.count == 1 && row.runs.map(\.seed) == [0, 1, 2])
        #expect(row[.hit50] == MeanAndDeviation(of: [0.25, 0.5, 0.75]))
        #expect(row[.hit10]?.mean == 0.25 && row[.steps]?.mean == 30)
    }

    @Test func `the text has a line for each row, and only tables that have one`() {
        let lines = report([0.25, 0.75]).description.split(separator: "\n").map(String.init)
        #expect(lines[0] == "8 pairs; seeds for each row: 2, mean and standard deviation")
        #expect(lines[1] == Sweep.table1.title)
        #expect(lines[2].contains("hit@50") && lines[2].contains("kurtosis"))
        #expect(lines[3].hasPrefix("PinSage  0.2500 ± 0.1768  0.5000 ± 0.3536"))
        #expect(lines[2].count == lines[3].count)
        #expect(lines.dropFirst(4) == ["A note."])
    }

    @Test func `a single seed has no spread to tell`() {
        let text = report([0.25]).description
        #expect(text.contains("0.2500") && !text.contains("±"))
    }

    @Test func `the JSON has every run and every measure`() throws {
        let data = Data(try report([0.25, 0.75]).json().utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let tables = try #require(object["tables"] as? [[String: Any]])
        #expect(tables[0]["sweep"] as? String == "table1")
        let row = try #require((tables[0]["rows"] as? [[String: Any]])?.first)
        #expect((row["runs"] as? [[String: Any]])?.map { $0["seconds"] as? Int } == [12, 12])
        let measures = try #require(row["measures"] as? [String: [String: Double]])
        #expect(Set(measures.keys) == Set(AblationMeasure.allCases.map(\.rawValue)))
        #expect(measures["hit_rate_50"]?["mean"] == 0.5)
    }

    @Test func `the chart draws rows and whiskers, and is well-formed whatever names hold`() throws
    {
        let svg = AblationChart(of: report([0.25, 0.75], name: "T < 10 & \"x\"")).svg
        let parser = XMLParser(data: Data(svg.utf8))
        #expect(parser.parse())
        #expect(svg.contains("T &lt; 10 &amp; \"x\""))
        #expect(svg.contains("0.5000 ± 0.3536"))
        // A line from end to end, and one across each end.
        #expect(svg.components(separatedBy: whisker).count - 1 == 3)
        let alone = AblationChart(of: report([0.5])).svg
        #expect(!alone.contains(whisker))
    }

    @Test func `a chart of nothing is a drawing too`() {
        let svg = AblationChart(of: AblationReport(pairs: 8, sweeps: [.table1])).svg
        #expect(XMLParser(data: Data(svg.utf8)).parse())
    }
}
