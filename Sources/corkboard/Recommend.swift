import ArgumentParser
import Commands
import Datasets
import Foundation
import RetrievalClient
import Wire

struct Recommend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the daemon for items for one user, given the items of his history.",
        discussion: "Example: corkboard recommend --item nginx=2 git -k 5"
    )

    @Option(
        name: .customLong("item"),
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The history; a weight counts more than 1, or less, and is what follows the last =.",
            valueName: "id[=weight]"
        ),
        transform: { try HistoryItem($0) }
    )
    var history: [HistoryItem]

    @Option(name: .customShort("k"), help: "How many candidates to return.")
    var k = 10

    @Flag(help: "Search for each item, and merge the lists; by default for their mean.")
    var merged = false

    @Flag(help: "Return items of the history, too.")
    var includeSeen = false

    @OptionGroup(title: "How thoroughly")
    var effort: EffortOptions

    @OptionGroup(title: "Which items")
    var filter: FilterOptions

    @OptionGroup var options: SocketOptions

    func run() async throws {
        var search = SearchOptions()
        effort.apply(to: &search)
        try filter.apply(to: &search)
        try await options.output.show(
            options.daemon.recommend(
                history: history,
                k: k,
                isMerged: merged,
                includeSeen: includeSeen,
                options: search
            )
        )
    }
}
