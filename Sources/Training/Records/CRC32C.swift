/// The cyclic redundancy check CRC-32C of `bytes`, one table look-up a byte.
///
/// Source: G. Castagnoli and others, IEEE Transactions on Communications 41(6), 1993, as RFC 3720
/// (appendix B.4) takes it.
func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { remainder, byte in
        let place = Int(UInt8(truncatingIfNeeded: remainder) ^ byte)
        return crcTable[place] ^ remainder >> 8
    }
}

/// The remainder of each byte; bits are reflected, so the polynomial 0x1EDC6F41 is turned round.
private let crcTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in
        remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1
    }
}
