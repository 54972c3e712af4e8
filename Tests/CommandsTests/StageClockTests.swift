import Testing

@testable import Commands
@testable import Training

struct StageClockTests {
    @Test func `each stage tells its share, and from its second news the time left`() {
        var clock = StageClock()
        let start = ContinuousClock.now
        func line(_ stage: EmbeddingProgress.Stage, _ done: Int, after seconds: Int) -> String {
            clock.line(
                EmbeddingProgress(stage: stage, done: done, count: 80),
                at: start + .seconds(seconds)
            )
        }
        #expect(line(.walks, 20, after: 9) == "walks, 25 %")
        #expect(line(.walks, 40, after: 19) == "walks, 50 %, 20 s left")
        #expect(line(.input, 40, after: 20) == "input, 50 %")
        #expect(line(.layer(1, of: 2), 20, after: 30) == "layer 1 of 2, 25 %")
        #expect(line(.layer(1, of: 2), 80, after: 36) == "layer 1 of 2, 100 %, 0 s left")
    }
}
