import Testing
import Vectors

@testable import Sampling

struct SelectionTests {
    @Test(arguments: [0, 1, 2, 3, 17, 200], [0, 1, 2, 16, 17, 18, 199, 200, 300])
    func `the largest numbers come to the front`(count: Int, limit: Int) {
        var generator = SeededGenerator(seed: UInt64(count * 1000 + limit))
        for _ in 0..<20 {
            let numbers = Array(Set((0..<count).map { _ in generator.next() >> 40 }))
            let shuffled = numbers.shuffled(using: &generator)
            for order in [shuffled, numbers.sorted(), numbers.sorted(by: >)] {
                var moved = order
                moved.moveLargest(limit)
                let largest = numbers.sorted(by: >).prefix(limit)
                #expect(moved.prefix(limit).sorted(by: >) == Array(largest))
                #expect(moved.sorted() == numbers.sorted())
            }
        }
    }
}
