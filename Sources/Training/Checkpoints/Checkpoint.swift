package import Files
package import Foundation
package import PinSage
import Vectors

/// A training run at rest: the model with all that embedding needs besides the graph, and what the
/// run needs to go on.
///
/// It says nothing of time, machine or place: the same seed and threads give the same bytes.
package struct Checkpoint: Sendable {
    package var model: Model
    package var settings: TrainingSettings
    package var hasher: FeatureHasher
    /// The item of each identity row, in row order.
    package var itemIDs: [String]
    /// The checksum of the graph that it was trained on.
    package var graph: Checksum
    /// How far the run was; its seconds are 0.
    package var status: TrainingStatus
    /// Nil where the model is kept to be used, not to be trained on.
    package var optimiser: Optimiser?

    package init(
        model: Model,
        settings: TrainingSettings,
        hasher: FeatureHasher,
        itemIDs: [String],
        graph: Checksum,
        status: TrainingStatus,
        optimiser: Optimiser?
    ) {
        self.model = model
        self.settings = settings
        self.hasher = hasher
        self.itemIDs = itemIDs
        self.graph = graph
        self.status = status.withoutTime
        self.optimiser = optimiser
    }

    private static let formatVersion = "2"
    private static let rarityName = "features.rarity"
    private static let optimiserPrefix = "optimiser."

    /// Writes a `.safetensors` file, atomically.
    ///
    /// - Throws: ``TrainingError`` where a weight is not a number any more, `FileError` where the
    ///   disk refuses; the file that was there before is intact then.
    package func write(to url: URL) throws {
        var file = SafeTensors()
        for parameter in model.parameters {
            guard parameter.value.elements.allSatisfy({ $0.isFinite }) else {
                throw TrainingError(
                    "\(parameter.name) holds a value that is not a number after step "
                        + "\(status.step), so \(url.path) is left as it was; train again with a "
                        + "smaller rate (it is \(settings.rate))"
                )
            }
            file.tensors[parameter.name] = parameter.value
        }
        for (name, moment) in optimiser?.tensors ?? [:] {
            file.tensors[Self.optimiserPrefix + name] = moment
        }
        file.tensors[Self.rarityName] = Matrix(
            rows: 1,
            columns: hasher.rarity.count,
            elements: hasher.rarity
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        file.metadata = [
            "format": Self.formatVersion,
            "settings": String(decoding: try encoder.encode(settings), as: UTF8.self),
            "item_ids": String(decoding: try encoder.encode(itemIDs), as: UTF8.self),
            "graph": graph.hexadecimal,
            "status": String(decoding: try encoder.encode(status), as: UTF8.self),
        ]
        try file.write(to: url)
    }

    package init(contentsOf url: URL) throws {
        let file: SafeTensors
        do {
            file = try SafeTensors(contentsOf: url)
        } catch let error as FileError where error.code == .missing {
            throw TrainingError("there is no model at \(url.path); run corkboard train first")
        }
        func refuse(_ reason: String) -> TrainingError {
            TrainingError("the checkpoint \(url.path) \(reason); train again")
        }
        func decode<Value: Decodable>(_ name: String, as _: Value.Type) throws -> Value {
            do {
                let text = file.metadata[name] ?? ""
                return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
            } catch {
                throw refuse("has \(name) that cannot be read (\(error))")
            }
        }
        guard file.metadata["format"] == Self.formatVersion else {
            throw refuse(
                "has format \(file.metadata["format"] ?? "none"), this program reads "
                    + Self.formatVersion
            )
        }
        settings = try decode("settings", as: TrainingSettings.self)
        itemIDs = try decode("item_ids", as: [String].self)
        status = try decode("status", as: TrainingStatus.self)
        guard status.step >= 0 else { throw refuse("has taken \(status.step) steps") }
        guard let checksum = UInt64(file.metadata["graph"] ?? "", radix: 16) else {
            throw refuse("does not name its graph")
        }
        graph = Checksum(value: checksum)
        if let complaint = settings.complaint {
            throw refuse("has settings out of range: \(complaint)")
        }
        guard let rarity = file.tensors[Self.rarityName],
            rarity.rows == 1, rarity.columns == settings.model.buckets
        else { throw refuse("has no feature weights") }
        hasher = FeatureHasher(settings: settings.features, rarity: rarity.elements)
        do {
            model = try Model(settings.model, itemCount: itemIDs.count, tensors: file.tensors)
            let moments = file.tensors.filter { $0.key.hasPrefix(Self.optimiserPrefix) }
            optimiser =
                moments.isEmpty
                ? nil
                : try Optimiser(
                    settings.optimiser,
                    step: status.step,
                    of: model,
                    tensors: Dictionary(
                        uniqueKeysWithValues: moments.map { name, moment in
                            (String(name.dropFirst(Self.optimiserPrefix.count)), moment)
                        }
                    )
                )
        } catch {
            throw refuse("is incomplete: \(error)")
        }
    }

    /// The same without what only training needs.
    package var withoutOptimiser: Checkpoint {
        var checkpoint = self
        checkpoint.optimiser = nil
        return checkpoint
    }
}

extension Checksum {
    /// The number in sixteen lower-case hexadecimal digits.
    var hexadecimal: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
