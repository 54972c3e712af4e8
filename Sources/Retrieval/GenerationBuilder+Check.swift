import Indexes
import Vectors

extension GenerationBuilder {
    /// Checks what cannot be right, whatever the catalogue.
    func checkParameters() throws(RetrievalError) {
        guard !depths.isEmpty else {
            throw RetrievalError(.invalid, "a generation is tuned for at least one k; name 10")
        }
        for k in depths where !(1...Searcher.maximumK).contains(k) {
            throw RetrievalError(.invalid, "k must be 1 to \(Searcher.maximumK), not \(k)")
        }
        guard targetRecall > 0, targetRecall <= 1 else {
            throw RetrievalError(
                .invalid,
                "the target recall must lie above 0 and not above 1, not at \(targetRecall)"
            )
        }
        guard queries >= 1, givenQueries?.rows != 0 else {
            throw RetrievalError(.invalid, "recall is measured on 1 query or more, not on none")
        }
        if let tables, !TokenTables.tableRange.contains(tables) {
            throw RetrievalError(.invalid, "there are 1 to 255 tables of tokens, not \(tables)")
        }
        if let tokenBits, !TokenTables.bitRange.contains(tokenBits) {
            throw RetrievalError(.invalid, "a token has 1 to 24 bits, not \(tokenBits)")
        }
        if let degree, !(2...256).contains(degree) {
            throw RetrievalError(.invalid, "a row has 2 to 256 links, not \(degree)")
        }
        if let dimensionBits, ![1, 2, 4, 8].contains(dimensionBits) {
            throw RetrievalError(
                .invalid,
                "a code has 1, 2, 4 or 8 bits for each dimension, not \(dimensionBits)"
            )
        }
    }

    /// Checks what cannot be right for this catalogue.
    func check(_ catalogue: Catalogue) throws(RetrievalError) {
        let largest = (precision ?? .fp32).largest
        if let row = catalogue.vectors.firstRow(beyond: largest) {
            throw RetrievalError(
                .invalid,
                "the vector of \(catalogue.ids[row]) has a value beyond \(largest), the largest that "
                    + "\(precision?.rawValue ?? "") keeps; take --precision fp32"
            )
        }
        if let lists, !(1...catalogue.ids.count).contains(lists) {
            throw RetrievalError(
                .invalid,
                "\(catalogue.ids.count) vectors make 1 to \(catalogue.ids.count) lists, not \(lists)"
            )
        }
        if let givenQueries, givenQueries.columns != catalogue.vectors.columns {
            throw RetrievalError(
                .invalid,
                "the queries have \(givenQueries.columns) dimensions, the vectors "
                    + "\(catalogue.vectors.columns)"
            )
        }
    }
}
