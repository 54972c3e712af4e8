import Glibc

/// Memory in pages of 2 MiB: reads at random places of it miss the processor's table of pages (TLB)
/// less often.
///
/// Source: Ying and others, KDD 2018, section 3.3, where the trainer takes them for that reason.
enum HugePages {
    private static let size = 2 << 20
    /// One file may take this part of the machine's memory.
    private static let portion = 4

    /// Room for `count` bytes, which the caller unmaps; nil where there is not enough memory, or so
    /// few bytes that usual pages are as good.
    ///
    /// A kernel that has no huge pages to give gives usual ones.
    static func map(_ count: Int) -> UnsafeMutableRawBufferPointer? {
        let page = sysconf(Int32(_SC_PAGESIZE))
        guard count >= size, count <= sysconf(Int32(_SC_PHYS_PAGES)) * page / portion else {
            return nil
        }
        let length = (count + page - 1) / page * page
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        let address = unsafe mmap(nil, length + size, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { return nil }
        // A huge page starts at a multiple of its size; what lies around goes back.
        let before = (size - Int(bitPattern: address) % size) % size
        let start = unsafe address + before
        if before > 0 {
            unsafe munmap(address, before)
        }
        unsafe munmap(start + length, size - before)
        unsafe madvise(start, length, MADV_HUGEPAGE)
        return unsafe UnsafeMutableRawBufferPointer(start: start, count: count)
    }
}
