import Foundation
import Wire

/// Users and groups, from how people write them to how the kernel knows them.
enum Account {
    static func users(
        _ texts: [String],
        for setting: String
    ) throws(RetrievalServerError) -> Set<UInt32> {
        var ids: Set<UInt32> = []
        for text in texts {
            ids.insert(try user(text, for: setting))
        }
        return ids
    }

    static func groups(
        _ texts: [String],
        for setting: String
    ) throws(RetrievalServerError) -> Set<UInt32> {
        var ids: Set<UInt32> = []
        for text in texts {
            ids.insert(try group(text, for: setting))
        }
        return ids
    }

    /// The id of a user, by name or number.
    static func user(
        _ text: String,
        for setting: String
    ) throws(RetrievalServerError) -> UInt32 {
        let named = unsafe getpwnam(text)?.pointee.pw_uid
        return try check(UInt32(text) ?? named, text, "user", setting)
    }

    /// The id of a group, by name or number.
    static func group(
        _ text: String,
        for setting: String
    ) throws(RetrievalServerError) -> UInt32 {
        let named = unsafe getgrnam(text)?.pointee.gr_gid
        return try check(UInt32(text) ?? named, text, "group", setting)
    }

    /// A number that is no id is refused as well: that of nobody, and the one that means "none".
    private static func check(
        _ id: UInt32?,
        _ text: String,
        _ kind: String,
        _ setting: String
    ) throws(RetrievalServerError) -> UInt32 {
        guard let id, id != .max else {
            throw RetrievalServerError(
                .configuration,
                "\(setting) names \(text), but there is no such \(kind); name one by its name or "
                    + "its number"
            )
        }
        guard id != nobody else {
            throw RetrievalServerError(
                .configuration,
                "\(setting) names \(text), which stands for whoever has no id here and is always "
                    + "refused; leave it out"
            )
        }
        return id
    }
}
