import PinSage
import Sampling
import TestSupport
import Testing
import Training
import Vectors

struct TrainerResumeTests {
    /// What a run carries from epoch to epoch, and what a batch draws besides pairs.
    private static let variants: [@Sendable (inout TrainingSettings) -> Void] = [
        { _ in },
        { ($0.leakGuard, $0.coldShare, $0.wordDropout) = (0.3, 0.2, 0.3) },
        { ($0.hardNegatives, $0.contextShare) = (.curriculum, 0.5) },
        { ($0.neighbourhoods, $0.model.spectral, $0.prefetch) = (.batch, true, 0) },
    ]

    // From the end of the first epoch: within it, at its end, and within the second.
    @Test(arguments: [-4, 0, 3], variants.indices)
    func `steps before and after a stop are the steps of a run without one`(
        offset: Int,
        variant: Int
    ) throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            func trainer() throws -> Trainer {
                try #require(try communities.trainer(Self.variants[variant]))
            }
            var whole = try trainer()
            var first = try trainer()
            let stop = whole.totalSteps / whole.settings.epochs + offset
            let losses = try (0..<23).map { _ in try whole.takeStep(threads: 1) }
            var found = try (0..<stop).map { _ in try first.takeStep(threads: 1) }

            var second = try trainer()
            second.resume(
                from: first.model,
                try Optimiser(
                    OptimiserSettings(),
                    step: stop,
                    of: first.model,
                    tensors: first.optimiser.tensors
                )
            )
            #expect(second.step == stop && second.rate == first.rate)
            found += try (stop..<23).map { _ in try second.takeStep(threads: 1) }
            #expect(found == losses)
            #expect(second.model == whole.model)
            #expect(second.optimiser == whole.optimiser)
        }
    }

    @Test func `a moment that is missing is named`() throws {
        try withTemporaryFolder { folder in
            var trainer = try #require(try Communities(in: folder).trainer())
            _ = try trainer.takeStep(threads: 1)
            var tensors = trainer.optimiser.tensors
            tensors["head.bias.square"] = nil
            let error = #expect(throws: MissingParameter.self) {
                _ = try Optimiser(OptimiserSettings(), step: 1, of: trainer.model, tensors: tensors)
            }
            #expect(error?.name == "head.bias.square")
        }
    }

    @Test func `before the first step there is nothing to take up`() throws {
        try withTemporaryFolder { folder in
            let trainer = try #require(try Communities(in: folder).trainer())
            #expect(trainer.optimiser.tensors.isEmpty)
            #expect(
                try Optimiser(OptimiserSettings(), step: 0, of: trainer.model, tensors: [:])
                    == trainer.optimiser
            )
        }
    }
}
