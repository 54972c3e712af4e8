import Glibc

extension Environment {
    /// With less room than this a disk counts as full.
    ///
    /// What is left of a disk that takes no more is never quite nothing: file systems keep some.
    private static let leastRoom = 16 << 20

    /// What a change failed of that LMDB says failed by `code`.
    ///
    /// Where the system takes but a part of what is to be written, LMDB 0.9 says `EIO`, whatever the
    /// reason ("short write, filesystem full?" asks its source). The reason is looked for here.
    func reason(of code: Int32) -> Int32 {
        guard code == EIO else { return code }
        if let room, room < Self.leastRoom { return ENOSPC }
        if let fileSize, fileSize >= largestFile { return EFBIG }
        return EIO
    }

    /// How many bytes may still be written to the disk.
    private var room: Int? {
        var disk = statvfs()
        guard unsafe statvfs(path, &disk) == 0 else { return nil }
        let (bytes, isMore) = Int(clamping: disk.f_bavail)
            .multipliedReportingOverflow(by: Int(clamping: disk.f_frsize))
        return isMore ? .max : bytes
    }

    private var fileSize: UInt? {
        var status = stat()
        // Not open(), as in OpenFile.
        guard unsafe stat(path + "/data.mdb", &status) == 0 else { return nil }
        return UInt(clamping: status.st_size)
    }

    /// How large this process may make a file.
    private var largestFile: UInt {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else {
            return .max
        }
        return limit.rlim_cur
    }
}
