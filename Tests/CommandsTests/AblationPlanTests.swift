import PinSage
import Sampling
import Testing
import Training

@testable import Commands

struct AblationPlanTests {
    /// Settings that differ from the paper's in every way that they can.
    private var base: TrainingSettings {
        var settings = TrainingSettings()
        settings.model.residual = true
        settings.model.spectral = true
        settings.model.normalise = false
        settings.model.pooling = .max
        settings.loss.kind = .softmax
        settings.loss.temperature = 1
        settings.hardNegatives = .always
        settings.negativePopularity = 0.5
        settings.pairs = .walks
        settings.pairDamping = 0.5
        settings.contextShare = 0.5
        settings.coldShare = 0.2
        settings.wordDropout = 0.3
        settings.leakGuard = 0.2
        settings.walk.damping = 0.5
        settings.walk.mostWalks = 1000
        settings.walk.neighbours = 7
        settings.epochs = 3
        settings.seed = 9
        return settings
    }

    /// The same with the paper's form, as its sections 3.1 to 3.3 have it.
    private var paper: TrainingSettings {
        var settings = TrainingSettings()
        settings.model.residual = false
        settings.model.spectral = false
        settings.model.normalise = true
        settings.model.pooling = .importance
        settings.loss.kind = .maxMargin
        settings.loss.temperature = LossSettings().temperature
        settings.hardNegatives = .never
        settings.negativePopularity = 0
        settings.pairs = .coMembership
        settings.pairDamping = 0
        settings.contextShare = 0
        settings.coldShare = 0
        settings.wordDropout = 0
        settings.leakGuard = 0
        settings.walk.damping = 0
        settings.walk.mostWalks = 0
        settings.walk.neighbours = 7
        settings.epochs = 3
        settings.seed = 9
        return settings
    }

    private func changed(_ change: (inout TrainingSettings) -> Void) -> TrainingSettings {
        var settings = paper
        change(&settings)
        return settings
    }

    private func row(_ name: String, of sweep: Sweep) throws -> TrainingSettings {
        let plan = AblationPlan(sweep, around: base, hasContent: true)
        return try #require(plan.rows.first { $0.name == name }).settings
    }

    @Test func `the first table has the paper's rows in its order, and ours`() {
        let plan = AblationPlan(.table1, around: base, hasContent: true)
        #expect(
            plan.rows.map(\.name) == [
                "content alone", "Pixie", "max-pooling", "mean-pooling", "mean-pooling-xent",
                "mean-pooling-hard", "PinSage", "ours",
            ]
        )
    }

    @Test func `a catalogue without content has no row of content alone`() {
        let with = AblationPlan(.table1, around: base, hasContent: true)
        let without = AblationPlan(.table1, around: base, hasContent: false)
        #expect(without.rows == Array(with.rows.dropFirst()))
    }

    @Test func `ours is the base as it is`() throws {
        #expect(try row("ours", of: .table1) == base)
    }

    @Test func `content alone sees neither neighbours nor identities`() throws {
        let content = changed {
            $0.walk.neighbours = 0
            $0.coldShare = 1
            $0.model.identity = false
        }
        #expect(try row("content alone", of: .table1) == content)
    }

    @Test func `Pixie walks much, as the paper does, and is the only row that is not trained`()
        throws
    {
        let plan = AblationPlan(.table1, around: base, hasContent: true)
        #expect(plan.rows.filter { !$0.isTrained }.map(\.name) == ["Pixie"])
        let pixie = try row("Pixie", of: .table1)
        #expect(pixie.walk.walks >= 100 * paper.walk.walks && pixie.walk.damping == 0)
    }

    @Test func `the rows of the paper differ by what their names say`() throws {
        #expect(
            try row("max-pooling", of: .table1) == changed { $0.model.pooling = .max }
        )
        #expect(
            try row("mean-pooling", of: .table1) == changed { $0.model.pooling = .mean }
        )
        let crossEntropy = changed {
            $0.model.pooling = .mean
            $0.loss.kind = .crossEntropy
        }
        #expect(try row("mean-pooling-xent", of: .table1) == crossEntropy)
        let hard = changed {
            $0.model.pooling = .mean
            $0.hardNegatives = .curriculum
        }
        #expect(try row("mean-pooling-hard", of: .table1) == hard)
        #expect(try row("PinSage", of: .table1) == changed { $0.hardNegatives = .curriculum })
    }

    @Test(arguments: [10, 20, 50])
    func `the sweep of neighbourhoods is PinSage with T neighbours`(count: Int) throws {
        let settings = changed {
            $0.hardNegatives = .curriculum
            $0.walk.neighbours = count
        }
        #expect(try row("T \(count)", of: .neighbours) == settings)
    }

    @Test(arguments: [512, 1024, 2048, 4096])
    func `the sweep of batches is mean-pooling-hard`(count: Int) throws {
        let settings = changed {
            $0.model.pooling = .mean
            $0.hardNegatives = .curriculum
            $0.batch = count
        }
        #expect(try row("batch \(count)", of: .batch) == settings)
    }

    @Test(arguments: Sweep.allCases)
    func `every row around the defaults can be trained`(sweep: Sweep) {
        let plan = AblationPlan(sweep, around: TrainingSettings(), hasContent: true)
        #expect(plan.rows.map(\.settings.complaint) == plan.rows.map { _ in nil })
        #expect(Set(plan.rows.map(\.name)).count == plan.rows.count)
    }
}
