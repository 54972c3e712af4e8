import Files
import LMDB

extension EmbeddingStore {
    /// Reads every record and checks every checksum.
    ///
    /// Answers how many records there are, and the names of those that are damaged or missing;
    /// tells `progress` after every some thousand records how many have been read, of how many.
    /// LMDB trusts its file, so a damaged page can end the process: run this in a process of its
    /// own where that matters.
    ///
    /// - Throws: ``LMDBError`` where the file itself cannot be read.
    package func verify(
        progress: (_ read: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> (records: Int, damaged: [String]) {
        let transaction = try environment.read()
        var total = 0
        for table in tables.all {
            total += try transaction.count(of: table)
        }
        var records = 0
        var damaged: [String] = []
        for table in tables.all {
            var cursor = try transaction.cursor(in: table)
            while try cursor.advance() {
                if Record.open(cursor.value, key: cursor.key) == nil {
                    damaged.append(tables.name(ofRecord: cursor.key, in: table))
                }
                records += 1
                if records.isMultiple(of: 4096) {
                    progress(records, total)
                }
            }
        }
        progress(records, total)
        return (records, try damaged + missing(transaction))
    }

    /// What the sums do not account for: each record may be sound, and others not there.
    private func missing(_ transaction: borrowing ReadTransaction) throws -> [String] {
        var missing: [String] = []
        if let record = try? catalogueRecord(transaction) {
            for (table, count) in [
                (tables.items, record.items), (tables.itemIndex, record.items),
                (tables.contexts, record.contexts), (tables.contextIndex, record.contexts),
            ] where try transaction.count(of: table) != Int(count) {
                missing.append("the table \(table.name), which should have \(count) records")
            }
        }
        for version in (try? versions(transaction)) ?? [] {
            var count = 0
            let start = key(UInt32(clamping: version.number))
            var cursor = try transaction.cursor(in: tables.embeddings, from: start)
            while try cursor.advance(), version.includes(cursor.key) {
                count += 1
            }
            if count != version.count {
                missing.append(
                    "embedding version \(version.number), which has \(count) of "
                        + "\(version.count) items"
                )
            }
        }
        return missing
    }
}
