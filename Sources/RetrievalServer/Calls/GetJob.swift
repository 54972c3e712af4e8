import EmbeddingStore
import Foundation
import Retrieval
import Wire

/// A request for items that has been checked.
///
/// Its work reads the store's file, so it belongs on a thread pool.
struct GetJob: Job {
    private let served: ServedGeneration
    private let request: GetRequest

    init(_ request: GetRequest, from served: ServedGeneration) throws(CallError) {
        try Limits.check(batch: request.itemIds.count, of: "items", atLeast: 0)
        self.request = request
        self.served = served
    }

    var isShort: Bool { false }

    func answer(to pending: PendingCall) throws(CallError) -> [UInt8] {
        try encoded(response(to: pending))
    }

    func response(to pending: PendingCall) throws(CallError) -> GetResponse {
        let generation = served.generation
        var response = GetResponse()
        response.generation = UInt64(clamping: generation.number)
        response.embeddingVersion = UInt64(clamping: generation.embeddingVersion)
        response.dim = UInt32(clamping: generation.dimension)
        var size = 0
        for id in request.itemIds {
            try pending.checkIsWanted()
            let item = try item(id)
            size += item.leastSize
            guard size <= Frame.maximumBodySize else { throw tooLong(response.items.count) }
            response.items.append(item)
        }
        if response.items.count == 1, !response.items[0].found {
            throw CallError(.notFound, "there is no item \(request.itemIds[0])")
        }
        return response
    }

    /// An item is found where the catalogue or the generation knows it; the one may be newer than
    /// the other.
    private func item(_ id: String) throws(CallError) -> GetResponse.Item {
        let row = served.generation.row(ofID: id)
        let described = try description(of: id)
        var item = GetResponse.Item()
        item.id = id
        item.found = row != nil || described != nil
        if let described {
            item.summary = described.summary
        }
        if let described, !request.summariesOnly {
            item.text = described.text
            item.fields = described.fields.sorted { $0.key < $1.key }.map { name, values in
                var field = GetResponse.Field()
                field.name = name
                field.values = values
                return field
            }
        }
        if let row, request.includeVectors {
            item.vectorF32Le = Data(floats: served.generation.vector(ofRow: row))
        }
        return item
    }

    /// Said before the rest is read, for all of it would take memory that nobody gets to see.
    private func tooLong(_ fitting: Int) -> CallError {
        CallError(
            .resourceExhausted,
            "\(request.itemIds.count) items do not fit into one response of "
                + "\(Frame.maximumBodySize) bytes; ask for \(fitting) at a time, or for summaries only"
        )
    }

    private func description(of id: String) throws(CallError) -> Item? {
        do {
            return try served.store.get().item(withID: id)
        } catch let error as StoreError where error.code == .missing {
            throw CallError(.failedPrecondition, error.description)
        } catch let error as StoreError where error.code == .damaged {
            throw CallError(.dataLoss, error.description)
        } catch {
            throw CallError(.internal, "\(error)")
        }
    }
}

extension GetResponse.Item {
    /// The bytes of what the item says, which take a little more in a message.
    fileprivate var leastSize: Int {
        let names = fields.reduce(0) { size, field in
            field.values.reduce(size + field.name.utf8.count) { $0 + $1.utf8.count }
        }
        return id.utf8.count + text.utf8.count + summary.utf8.count + vectorF32Le.count + names
    }
}
