import Indexes
import Testing

struct RowSetTests {
    @Test(arguments: [0, 1, 63, 64, 65, 200])
    func `a set holds what was put in, in ascending order`(capacity: Int) {
        var set = RowSet(capacity: capacity)
        let rows = stride(from: 0, to: capacity, by: 7).map(\.self)
        for row in rows.reversed() + rows {
            set.insert(row)
        }
        var found: [Int] = []
        set.forEach { found.append($0) }
        #expect(found == rows)
        #expect(set.count == rows.count)
        #expect((-1...capacity).allSatisfy { set.contains($0) == rows.contains($0) })
    }

    @Test(arguments: [0, 1, 63, 64, 65, 200])
    func `what is denied is taken off what is allowed`(capacity: Int) {
        var denied = RowSet(capacity: capacity)
        for row in stride(from: 0, to: capacity, by: 3) {
            denied.insert(row)
        }
        let filter = RowFilter(allowed: nil, denied: denied, excluding: 1)
        let expected = (0..<capacity).filter { $0 % 3 != 0 && $0 != 1 }
        #expect((0..<capacity).filter { filter.allows($0) } == expected)
        #expect(filter.count(of: capacity) == expected.count)
        #expect(RowSet(allOf: capacity).count == capacity)
    }

    @Test
    func `without conditions every row may be returned but one's own`() {
        let filter = RowFilter(excluding: 3)
        #expect(filter.allowsAll)
        #expect(filter.count(of: 10) == 9)
        #expect(RowFilter(excluding: 10).count(of: 10) == 10)
        #expect((0..<10).filter { !filter.allows($0) } == [3])
    }
}
