/// The tables of an ablation, as far as its runs were done.
package struct AblationReport: Report {
    /// The rows of one sweep that have a run.
    package struct Table: Encodable, Sendable {
        package let sweep: Sweep
        package fileprivate(set) var rows: [Row]
    }

    /// A row, and its runs, one for each seed; all rows of a report share their seeds.
    package struct Row: Encodable, Sendable {
        package let name: String
        package fileprivate(set) var runs: [AblationRun]

        package init(name: String, runs: [AblationRun]) {
            self.name = name
            self.runs = runs
        }

        private enum CodingKeys: String, CodingKey {
            case name, runs, measures
        }

        package func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(name, forKey: .name)
            try values.encode(runs, forKey: .runs)
            let measures = AblationMeasure.allCases.compactMap { measure in
                self[measure].map { (measure.rawValue, $0) }
            }
            try values.encode(
                Dictionary(uniqueKeysWithValues: measures),
                forKey: .measures
            )
        }

        /// Nil where its runs have no such number.
        package subscript(_ measure: AblationMeasure) -> MeanAndDeviation? {
            MeanAndDeviation(of: runs.compactMap(measure.value))
        }
    }

    /// How many pairs every run was measured on.
    package let pairs: Int
    package private(set) var tables: [Table]
    /// What a reader of the rows must know, in sentences.
    package private(set) var notes: [String] = []
    /// Whether it was stopped from outside, before its last run.
    package internal(set) var interrupted = false

    package init(pairs: Int, sweeps: [Sweep], notes: [String] = []) {
        self.pairs = pairs
        self.notes = notes
        tables = sweeps.map { Table(sweep: $0, rows: []) }
    }

    /// Adds a run of the row `name` of `sweep`.
    package mutating func note(_ run: AblationRun, of name: String, in sweep: Sweep) {
        guard let table = tables.firstIndex(where: { $0.sweep == sweep }) else { return }
        if let row = tables[table].rows.firstIndex(where: { $0.name == name }) {
            tables[table].rows[row].runs.append(run)
        } else {
            tables[table].rows.append(Row(name: name, runs: [run]))
        }
    }

    package var description: String {
        let seeds = tables.flatMap(\.rows).map(\.runs.count).max() ?? 0
        let head =
            "\(pairs) pairs; seeds for each row: \(seeds)"
            + (seeds > 1 ? ", mean and standard deviation" : "")
        return ([head] + tables.filter { !$0.rows.isEmpty }.map(text) + notes)
            .joined(separator: "\n\n")
            + (interrupted ? "\n\nstopped before the last run" : "")
    }

    private func text(_ table: Table) -> String {
        let measures = table.sweep.measures
        let names = table.rows.map(\.name)
        let nameWidth = names.map(\.count).max() ?? 0
        let columns = measures.map { measure in
            [measure.title] + table.rows.map { $0[measure]?.text(digits: measure.digits) ?? "-" }
        }
        let widths = columns.map { 2 + ($0.map(\.count).max() ?? 0) }
        let lines = ([""] + names).enumerated().map { place, name in
            name + String(repeating: " ", count: nameWidth - name.count)
                + zip(columns, widths).map { column($0[place], $1) }.joined()
        }
        return ([table.sweep.title] + lines).joined(separator: "\n")
    }
}

extension MeanAndDeviation {
    /// Such as `0.1720 ± 0.0031`.
    func text(digits: Int) -> String {
        decimal(mean, digits) + (deviation.map { " ± \(decimal($0, digits))" } ?? "")
    }
}
