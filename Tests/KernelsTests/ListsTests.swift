import Kernels
import Testing
import Vectors

/// Blocks of random codes, and what their layout says of them, read without a kernel.
private struct RandomBlocks {
    let groups: Int
    let count: Int
    var bytes: [UInt8]
    private var generator: SeededGenerator

    init(groups: Int, count: Int, seed: UInt64) {
        (self.groups, self.count) = (groups, count)
        generator = SeededGenerator(seed: seed)
        bytes = []
        for _ in 0..<count {
            for _ in 0..<16 {
                let isEmpty = generator.index(below: 5) == 0
                let offset = isEmpty ? Float.infinity : 100 * generator.normal()
                bytes += (0..<4).map {
                    UInt8(truncatingIfNeeded: offset.bitPattern >> UInt32(8 * $0))
                }
            }
            for _ in 0..<groups * 64 {
                bytes.append(UInt8(generator.index(below: 256)))
            }
        }
    }

    mutating func randomBytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(generator.index(below: 256)) }
    }

    func offset(_ position: Int) -> Float {
        let start = position / 16 * (1 + groups) * 64 + position % 16 * 4
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        return Float(bitPattern: bits)
    }

    func sum(_ position: Int, tables: [UInt8]) -> Int {
        let codes = position / 16 * (1 + groups) * 64 + 64
        return (0..<8 * groups).reduce(0) { sum, part in
            let byte = codes + part / 8 * 64 + part % 4 * 16 + position % 16
            let row = part % 8 < 4 ? bytes[byte] & 15 : bytes[byte] >> 4
            return sum + Int(tables[part * 16 + Int(row)])
        }
    }

    func sum(_ position: Int, query: [Int8]) -> Int {
        let codes = position / 16 * (1 + groups) * 64 + 64
        return query.indices.reduce(0) { sum, place in
            let byte = codes + place / 4 * 64 + position % 16 * 4 + place % 4
            return sum + Int(query[place]) * Int(bytes[byte])
        }
    }
}

struct ListsTests {
    private static let levels = KernelSet.Level.allCases.compactMap { KernelSet($0) }
    private static let scale = ScanScale(base: 3, step: 0.25)

    /// Expects the positions whose plain scores lie above `threshold`, and those scores.
    private func expect(
        _ shortlist: Shortlist,
        _ blocks: RandomBlocks,
        above threshold: Float,
        sum: (Int) -> Int
    ) {
        let plain = (0..<blocks.count * 16).map { position in
            Self.scale.base + Self.scale.step * Float(sum(position)) - blocks.offset(position)
        }
        let border = plain.map { abs($0 - threshold) }.min() ?? 1
        #expect(border > 0.001, "a score at the threshold proves nothing")
        let expected = plain.indices.filter { plain[$0] > threshold }
        #expect((0..<shortlist.count).map { shortlist[$0].position } == expected)
        for place in 0..<shortlist.count {
            let score = plain[shortlist[place].position]
            #expect(abs(shortlist[place].score - score) <= 1e-6 * max(1, abs(score)))
        }
    }

    @Test(arguments: [1, 2, 7, 16, 31, 33, 80], [0, 1, 2, 5])
    func `codes are scanned as their layout says, at each level`(groups: Int, count: Int) {
        var blocks = RandomBlocks(groups: groups, count: count, seed: 1)
        let tables = blocks.randomBytes(groups * 128)
        for kernels in Self.levels {
            var shortlist = Shortlist()
            shortlist.begin(wanted: 1_000, slack: 0)
            kernels.scan(
                CodeBlocks(0..<count, of: blocks.bytes.span, groups: groups, next: 0),
                tables: tables.span,
                scale: Self.scale,
                into: &shortlist
            )
            expect(shortlist, blocks, above: -.greatestFiniteMagnitude) {
                blocks.sum($0, tables: tables)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 8, 33], [0, 1, 2, 5])
    func `codes of bytes are scanned as their layout says, at each level`(
        groups: Int,
        count: Int
    ) {
        var blocks = RandomBlocks(groups: groups, count: count, seed: 2)
        var query = blocks.randomBytes(groups * 4).map { Int8(bitPattern: $0) }
        query[0] = -128
        for kernels in Self.levels {
            var shortlist = Shortlist()
            shortlist.begin(wanted: 1_000, slack: 0)
            kernels.scan(
                CodeBlocks(0..<count, of: blocks.bytes.span, groups: groups, next: 0),
                bytes: query.span,
                scale: Self.scale,
                into: &shortlist
            )
            expect(shortlist, blocks, above: -.greatestFiniteMagnitude) {
                blocks.sum($0, query: query)
            }
        }
    }

    @Test
    func `sums of extreme bytes are exact`() {
        let groups = 40
        var blocks = RandomBlocks(groups: groups, count: 1, seed: 3)
        for byte in 64..<blocks.bytes.count {
            blocks.bytes[byte] = 255
        }
        let tables = [UInt8](repeating: 255, count: groups * 128)
        for query in [Int8.min, Int8.max] {
            let queries = [Int8](repeating: query, count: groups * 4)
            for kernels in Self.levels {
                var (codes, bytes) = (Shortlist(), Shortlist())
                codes.begin(wanted: 16, slack: 0)
                bytes.begin(wanted: 16, slack: 0)
                let all = CodeBlocks(0..<1, of: blocks.bytes.span, groups: groups, next: 0)
                kernels.scan(all, tables: tables.span, scale: Self.scale, into: &codes)
                kernels.scan(all, bytes: queries.span, scale: Self.scale, into: &bytes)
                expect(codes, blocks, above: -.greatestFiniteMagnitude) {
                    blocks.sum($0, tables: tables)
                }
                expect(bytes, blocks, above: -.greatestFiniteMagnitude) {
                    blocks.sum($0, query: queries)
                }
            }
        }
    }

    @Test
    func `a later run of blocks is found at its positions, above the threshold alone`() {
        var blocks = RandomBlocks(groups: 3, count: 6, seed: 4)
        let tables = blocks.randomBytes(3 * 128)
        for kernels in Self.levels {
            var shortlist = Shortlist()
            shortlist.begin(wanted: 8, slack: 0)
            for range in [0..<2, 2..<3, 3..<6] {
                kernels.scan(
                    CodeBlocks(range, of: blocks.bytes.span, groups: 3, next: 5),
                    tables: tables.span,
                    scale: Self.scale,
                    into: &shortlist
                )
                shortlist.trim(by: kernels)
            }
            shortlist.sort()
            let scores = (0..<96).map { position in
                Self.scale.base + Self.scale.step * Float(blocks.sum(position, tables: tables))
                    - blocks.offset(position)
            }
            let best = scores.indices.sorted { scores[$0] > scores[$1] }.prefix(8)
            #expect((0..<shortlist.count).map { shortlist[$0].position } == Array(best))
        }
    }

    @Test(arguments: [1, 2, 3, 4])
    func `tables hold the products of a query with codebooks, in steps`(width: Int) {
        var generator = SeededGenerator(seed: 5)
        let parts = 16
        let query = (0..<parts * width).map { _ in generator.normal() }
        let codebooks = (0..<parts * width * 16).map { _ in generator.normal() }
        for kernels in Self.levels {
            var tables = [UInt8](repeating: 0, count: parts * 16)
            var span = tables.mutableSpan
            let scale = kernels.makeTables(
                query.span,
                codebooks: codebooks.span,
                width: width,
                into: &span
            )
            var least: Float = 0
            for part in 0..<parts {
                let products = (0..<16).map { row in
                    (0..<width).reduce(Float(0)) { sum, place in
                        sum + query[part * width + place]
                            * codebooks[(part * width + place) * 16 + row]
                    }
                }
                let lowest = products.min() ?? 0
                least += lowest
                for row in 0..<16 {
                    let told = Float(tables[part * 16 + row]) * scale.step
                    #expect(abs(products[row] - lowest - told) <= 0.51 * scale.step)
                }
            }
            #expect(abs(scale.base - least) < 1e-4)
        }
    }

    @Test
    func `a query of zeros has tables of zeros`() {
        let codebooks = (0..<8 * 2 * 16).map(Float.init)
        for kernels in Self.levels {
            var tables = [UInt8](repeating: 9, count: 8 * 16)
            var span = tables.mutableSpan
            let zeros = [Float](repeating: 0, count: 16)
            let scale = kernels.makeTables(
                zeros.span,
                codebooks: codebooks.span,
                width: 2,
                into: &span
            )
            #expect(scale.base == 0 && scale.step == 0)
            #expect(tables.allSatisfy { $0 == 0 })
        }
    }

    @Test(arguments: [1, 2, 4])
    func `a code names the nearest rows of the codebooks`(width: Int) {
        var generator = SeededGenerator(seed: 6)
        let parts = 9
        let vector = (0..<parts * width).map { _ in generator.normal() }
        let codebooks = (0..<parts * width * 16).map { _ in generator.normal() }
        let nearest = (0..<parts).map { part in
            (0..<16).map { row in
                (0..<width).reduce(Float(0)) { sum, place in
                    let column = part * width + place
                    let difference = vector[column] - codebooks[column * 16 + row]
                    return sum + difference * difference
                }
            }
        }.map { distances in distances.firstIndex(of: distances.min() ?? 0) ?? 0 }
        for kernels in Self.levels {
            var code = [UInt8](repeating: 99, count: parts)
            var span = code.mutableSpan
            kernels.encode(vector.span, codebooks: codebooks.span, width: width, into: &span)
            #expect(code.map(Int.init) == nearest)
        }
    }
}
