import Foundation
import PinSage
import Sampling
import TestSupport
import Testing
import Vectors

@testable import Training

struct ContentAloneTests {
    /// The embeddings of two items of equal content, one of each community.
    private func twins(_ change: (inout TrainingSettings) -> Void) throws -> [[Float]] {
        try withTemporaryFolder { folder in
            var settings = TrainingSettings.small
            settings.model.identity = false
            settings.validation = 0
            settings.epochs = 2
            change(&settings)
            let communities = try Communities(in: folder)
            var catalogue = communities.catalogue
            catalogue.contents[Communities.size] = catalogue.contents[0]
            var run = try TrainingRun(
                settings,
                on: catalogue,
                graphFile: folder.appendingPathComponent("training.csr"),
                threads: 1
            )
            while try run.advance() != nil {}
            let vectors = try run.checkpoint.embed(
                catalogue.reader,
                scratch: folder,
                threads: 1
            ).matrix
            return [vectors.row(0), vectors.row(Communities.size)]
        }
    }

    @Test func `items of equal content are alike where nothing else is learnt`() throws {
        let twins = try twins {
            $0.walk.neighbours = 0
            $0.coldShare = 1
        }
        #expect(twins[0] == twins[1])
        #expect(twins[0].contains { $0 != 0 })
    }

    @Test func `items of equal content differ by their neighbourhoods`() throws {
        let twins = try twins { _ in }
        #expect(twins[0] != twins[1])
    }
}
