package import Foundation
import Files
package import PinSage
import Vectors

/// A trained model with all that embedding needs besides the graph: its settings, how rare each
/// word is, and which item each identity row belongs to.
package struct Checkpoint: Sendable {
    package var model: Model
    package var settings: TrainingSettings
    package var hasher: FeatureHasher
    /// The item of each identity row, in row order.
    package var itemIDs: [String]
    /// The strength of the ``ContextMap`` by which contexts asked best in the validation.
    package var contextStrength: Float

    package init(
        model: Model,
        settings: TrainingSettings,
        hasher: FeatureHasher,
        itemIDs: [String],
        contextStrength: Float = 0
    ) {
        self.model = model
        self.settings = settings
        self.hasher = hasher
        self.itemIDs = itemIDs
        self.contextStrength = contextStrength
    }

    private static let formatVersion = "1"
    private static let rarityName = "features.rarity"

    /// Writes a `.safetensors` file, atomically.
    package func write(to url: URL) throws {
        var file = SafeTensors()
        for parameter in model.parameters {
            file.tensors[parameter.name] = parameter.value
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
            "context_strength": "\(contextStrength)",
            "item_ids": String(decoding: try encoder.encode(itemIDs), as: UTF8.self),
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
        guard file.metadata["format"] == Self.formatVersion else {
            throw refuse(
                "has format \(file.metadata["format"] ?? "none"), this program reads "
                    + Self.formatVersion
            )
        }
        let decoder = JSONDecoder()
        do {
            settings = try decoder.decode(
                TrainingSettings.self,
                from: Data((file.metadata["settings"] ?? "").utf8)
            )
            itemIDs = try decoder.decode(
                [String].self,
                from: Data((file.metadata["item_ids"] ?? "").utf8)
            )
        } catch {
            throw refuse("has settings that cannot be read (\(error))")
        }
        if let complaint = settings.complaint {
            throw refuse("has settings out of range: \(complaint)")
        }
        guard let strength = file.metadata["context_strength"].flatMap(Float.init),
            (0...1).contains(strength)
        else { throw refuse("does not say how contexts ask") }
        contextStrength = strength
        guard let rarity = file.tensors[Self.rarityName],
            rarity.rows == 1, rarity.columns == settings.model.buckets
        else { throw refuse("has no feature weights") }
        hasher = FeatureHasher(settings: settings.features, rarity: rarity.elements)
        do {
            model = try Model(settings.model, itemCount: itemIDs.count, tensors: file.tensors)
        } catch {
            throw refuse("is incomplete: \(error)")
        }
    }
}
