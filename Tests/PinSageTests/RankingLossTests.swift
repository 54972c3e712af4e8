import Testing
import Vectors

@testable import PinSage

/// The losses against central differences, and against their definitions.
struct RankingLossTests {
    static let losses: [LossSettings] = LossSettings.Kind.allCases.flatMap { kind in
        [true, false].map { correction in
            var settings = LossSettings()
            settings.kind = kind
            settings.margin = 0.3
            settings.temperature = 0.5
            settings.correction = correction
            return settings
        }
    }

    /// Seven embeddings of four values, about as long as embeddings are.
    private static let embeddings: Matrix = {
        var generator = SeededGenerator(seed: 1)
        return Matrix(rows: 7, columns: 4, elements: (0..<28).map { _ in generator.normal() * 0.5 })
    }()

    /// Three pairs; the second query is the mean of two items; one negative is excluded.
    private static let batch = RankingLoss.Batch(
        queries: SparseRows(
            offsets: [0, 1, 3, 4],
            columns: [0, 1, 2, 0],
            values: [1, 0.5, 0.5, 1]
        ),
        items: [3, 0, 4],
        negatives: [5, 6, 1, 5],
        hardNegatives: [6, 2, 4, 3, 1, 2],
        corrections: [0.2, -0.5, 0.1, 0.2, 0, 0],
        excluded: [(1, 2)]
    )

    @Test(arguments: losses, [true, false])
    func `the gradient agrees with finite differences`(
        settings: LossSettings,
        isNormalised: Bool
    ) {
        let loss = RankingLoss(settings, isNormalised: isNormalised)
        var embeddings = Self.embeddings
        let gradient = loss(embeddings, Self.batch, threads: 2).gradient
        for index in embeddings.elements.indices {
            let value = embeddings.elements[index]
            let step: Float = 1e-3
            embeddings.elements[index] = value + step
            let above = loss(embeddings, Self.batch, threads: 1).loss
            embeddings.elements[index] = value - step
            let below = loss(embeddings, Self.batch, threads: 1).loss
            embeddings.elements[index] = value
            #expect(abs((above - below) / (2 * step) - gradient.elements[index]) < 3e-3)
        }
    }

    /// One pair of score 0.5, and two negatives of scores 0.8 and 0.4.
    private func simpleLoss(
        _ kind: LossSettings.Kind,
        corrections: [Float] = [0, 0],
        excluded: [(pair: Int, negative: Int)] = []
    ) -> Float {
        var settings = LossSettings()
        settings.kind = kind
        settings.margin = 0.2
        settings.temperature = 0.5
        return RankingLoss(settings, isNormalised: false)(
            Matrix(rows: 4, columns: 1, elements: [1, 0.5, 0.8, 0.4]),
            RankingLoss.Batch(
                queries: SparseRows(offsets: [0, 1], columns: [0], values: [1]),
                items: [1],
                negatives: [2, 3],
                corrections: corrections,
                excluded: excluded
            ),
            threads: 1
        ).loss
    }

    @Test func `max-margin is the mean of what negatives lack to the margin`() {
        // (0.8 - 0.5 + 0.2 + 0.4 - 0.5 + 0.2) / 2
        #expect(abs(simpleLoss(.maxMargin) - 0.3) < 1e-6)
    }

    @Test func `softmax is the logarithm of the item's share`() {
        // -log(e^1 / (e^1 + e^1.6 + e^0.8)), computed apart.
        #expect(abs(simpleLoss(.softmax) - 1.292_217) < 1e-5)
    }

    @Test func `a negative drawn as often as half a time counts twice in softmax`() {
        // -log(e^1 / (e^1 + 2 e^1.6 + 2 e^0.8))
        let rare: Float = -0.693_147_2
        #expect(abs(simpleLoss(.softmax, corrections: [rare, rare]) - 1.837_641) < 1e-5)
    }

    @Test func `cross-entropy takes the pair and each negative by itself`() {
        // log(1 + e^-1) + (log(1 + e^1.6) + log(1 + e^0.8)) / 2
        #expect(abs(simpleLoss(.crossEntropy) - 1.790_762) < 1e-5)
    }

    @Test(arguments: LossSettings.Kind.allCases)
    func `scores of any size have a finite loss and gradient`(kind: LossSettings.Kind) {
        var settings = LossSettings()
        settings.kind = kind
        for scores: [Float] in [[1, -200, 300, 9], [1, 300, -200, -9], [1, 0, 0, 0]] {
            let judged = RankingLoss(settings, isNormalised: false)(
                Matrix(rows: 4, columns: 1, elements: scores),
                RankingLoss.Batch(
                    queries: SparseRows(offsets: [0, 1], columns: [0], values: [1]),
                    items: [1],
                    negatives: [2, 3],
                    corrections: [0, 0],
                    excluded: []
                ),
                threads: 1
            )
            #expect(judged.loss.isFinite && judged.gradient.firstRowNotFinite == nil)
        }
    }

    @Test(arguments: LossSettings.Kind.allCases)
    func `a negative that is excluded adds nothing to the loss`(kind: LossSettings.Kind) {
        let without = simpleLoss(kind, excluded: [(0, 0), (0, 1)])
        let alone: Float =
            switch kind {
            case .maxMargin, .softmax: 0
            case .crossEntropy: 0.313_262  // log(1 + e^-1)
            }
        #expect(abs(without - alone) < 1e-5)
    }
}
