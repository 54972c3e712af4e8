import Indexes

extension Tuner {
    /// Broader and broader walks, as long as they are less work than all vectors are; and then all
    /// vectors.
    func measureWalks(atLeast least: Int) throws(RetrievalError) -> [RecallMeasurement] {
        let count = searcher.vectors.count
        var all: [RecallMeasurement] = []
        for breadth in efforts(max(1, min(max(least, meter.k), count))...count) {
            guard breadth < count, cost(.breadth(breadth)) < costOfAll else { break }
            all.append(try measure(.breadth(breadth)))
            if isEnough(all[all.count - 1]) { return all }
        }
        return all + [try measure(.breadth(count))]
    }
}
