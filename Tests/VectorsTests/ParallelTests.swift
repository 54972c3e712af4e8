import Testing
import Vectors

struct ParallelTests {
    @Test(arguments: [0, 1, 2, 5, 63, 64, 65, 1000], [1, 3, 64])
    func `every index is covered once, in order, whatever the threads`(count: Int, parts: Int) {
        let ranges = [0, 1, 2, 7].map { threads in
            mapInParallel(over: count, parts: parts, threads: threads) { $0 }
        }
        for found in ranges {
            #expect(found == ranges[0])
            #expect(found.count == min(count, parts))
            #expect(found.allSatisfy { !$0.isEmpty })
            #expect(Array(found.joined()) == Array(0..<count))
        }
    }

    @Test func `results keep the order of their ranges, even where the first is the slowest`() {
        let sums = mapInParallel(over: 200, parts: 20, threads: 4) { range in
            let rounds = range.lowerBound == 0 ? 200_000 : 1
            var generator = SeededGenerator(seed: 1)
            for _ in 0..<rounds {
                _ = generator.next()
            }
            return range.reduce(0, +)
        }
        #expect(sums == (0..<20).map { part in (part * 10..<part * 10 + 10).reduce(0, +) })
    }

    @Test(arguments: [1, 2, 5])
    func `each row is changed once, or only those that are named`(threads: Int) {
        let matrix = randomMatrix(rows: 100, columns: 3, seed: 1)
        var (all, some) = (matrix, matrix)
        all.forEachRow(threads: threads) { place, row in row[1] += Float(place) }
        let rows = [0, 3, 70, 99]
        some.forEachRow(rows, threads: threads) { place, row in row[2] = Float(place) }
        for row in 0..<100 {
            #expect(all[row, 0] == matrix[row, 0])
            #expect(all[row, 1] == matrix[row, 1] + Float(row))
            let place = rows.firstIndex(of: row).map { Float($0) }
            #expect(some[row, 2] == place ?? matrix[row, 2])
        }
    }

    @Test func `a matrix without rows or columns has nothing to change`() {
        for (rows, columns) in [(0, 3), (3, 0), (0, 0)] {
            var matrix = Matrix(rows: rows, columns: columns)
            matrix.forEachRow(threads: 2) { _, row in
                for index in row.indices { row[index] = 1 }
            }
            #expect(matrix.elements.isEmpty)
        }
    }
}
