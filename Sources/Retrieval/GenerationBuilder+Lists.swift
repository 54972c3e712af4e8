import Faiss
import Files
import Foundation
import Indexes
import Vectors

/// Inverted lists that were written.
struct WrittenLists {
    var seal: GenerationManifest.Seal
    var count: Int
    var dimensionBits: Int
}

extension GenerationBuilder {
    /// The bits of a code for each dimension where there is nothing to choose.
    private static let dimensionBits = 2
    /// Those that a large catalogue chooses among.
    private static let choices = [2, 1]

    /// Writes the lists, with the codes by which a search for the first depth reads least.
    ///
    /// Shorter codes are scanned sooner, but more of them have to be reranked for the same recall;
    /// what weighs more depends on the vectors and on the target.
    func writeLists(
        _ catalogue: Catalogue,
        _ form: GenerationForm,
        into folder: URL,
        progress: (String) -> Void
    ) throws(RetrievalError) -> WrittenLists {
        let vectors = catalogue.vectors
        let trial = vectors.rows < Self.leastToChoose ? nil : ListsTrial(self, catalogue, form)
        let count = try chooseListCount(catalogue, trial, progress: progress)
        let builder = InvertedListsBuilder(listCount: count, seed: seed, threads: threads)
        let clusters = try reportingFaiss { () throws(FaissError) in
            try builder.cluster(vectors, progress: progress)
        }
        func lists(_ bits: Int) throws(RetrievalError) -> InvertedListsFile {
            try reportingFaiss { () throws(FaissError) in
                try builder.encode(
                    vectors,
                    clusters,
                    as: CodeForm(dimensionBits: bits),
                    metric: catalogue.metric,
                    progress: progress
                )
            }
        }
        guard let trial, dimensionBits == nil else {
            let bits = dimensionBits ?? Self.dimensionBits
            let seal = try write(lists(bits), into: folder)
            return WrittenLists(seal: seal, count: count, dimensionBits: bits)
        }
        var least = Double.infinity
        var best: (lists: InvertedListsFile, bits: Int)?
        for bits in Self.choices {
            let lists = try lists(bits)
            _ = try write(lists, into: folder)
            let (cost, line) = try trial.run(in: folder)
            progress("\(bits) bits for each dimension: \(line)")
            // Where no codes reach the target, the longer ones come nearer.
            if best == nil || cost < least {
                (least, best) = (cost, (lists, bits))
            }
        }
        guard let best else { preconditionFailure("there is more than one choice") }
        let seal = try write(best.lists, into: folder)
        return WrittenLists(seal: seal, count: count, dimensionBits: best.bits)
    }

    private func write(
        _ lists: InvertedListsFile,
        into folder: URL
    ) throws(RetrievalError) -> GenerationManifest.Seal {
        try reportingFiles { () throws(FileError) in
            try writeFile("lists", in: folder) { (writer) throws(FileError) in
                try lists.write(to: &writer)
            }
        }
    }
}
