import Testing
import Vectors

struct RandomShareTests {
    @Test(arguments: [0.02, 0.5, 0.9] as [Float])
    func `about the share is picked, by each key another one`(share: Float) {
        let count = 20_000
        let picked = [1, 2].map { key in
            Set((0..<count).filter(RandomShare(share, key: key).contains))
        }
        // Six standard deviations; both together are picked as often as by chance.
        let deviation = (share * (1 - share) * Float(count)).squareRoot()
        for picked in picked {
            #expect(abs(Float(picked.count) - share * Float(count)) < 6 * deviation)
        }
        let both = Float(picked[0].intersection(picked[1]).count)
        let chance = share * share
        let bound = 6 * (chance * (1 - chance) * Float(count)).squareRoot()
        #expect(abs(both - chance * Float(count)) < bound)
    }

    @Test func `none picks nothing, and all picks everything`() {
        #expect(RandomShare.none.isEmpty && !(0..<1000).contains(where: RandomShare.none.contains))
        #expect((0..<1000).allSatisfy(RandomShare(1, key: 77).contains))
    }
}
