// Inverted lists: codes that a query is compared with, sixteen at a time.
//
// A *code* has parts of 4 bits, each the number of a row in a codebook of its part; or it has bytes.
// Sixteen codes lie together, a *block*, made of groups of 64 bytes:
//   - of 4-bit codes a group holds eight parts: byte l * 16 + c has part l of code c in its low
//     bits and part 4 + l in its high bits, l being 0 to 3;
//   - of codes of bytes it holds four bytes of each: byte c * 4 + p is byte p of code c.
// Before its groups a block has the offsets of its codes, sixteen floats. What is left of a last
// block, or of a last group, is filled up: codes by an infinite offset, parts and bytes by zeros in
// the query.
//
// score of a code = base + step * sum - offset of the code, a larger one being nearer. The sum is
// taken of the query's tables, for each part the row that the code names, or of the products of the
// query's bytes with those of the code.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// A list of codes, or a part of one.
typedef struct CKernelsList {
    /// Blocks, one after the other; 64 * (1 + groups) bytes each, at a multiple of 4.
    const uint8_t *_Nonnull blocks;
    size_t count, groups;
    /// The position of the first code.
    uint32_t first;
    /// What will be scanned next: it is asked for while the end of this list is scanned. Need not
    /// be readable.
    const uint8_t *_Nullable next;
} CKernelsList;

/// How a sum becomes a score.
typedef struct CKernelsScale {
    float base, step;
} CKernelsScale;

/// What was found: scores above the threshold, and the positions of their codes.
///
/// A scan appends to it, up to 16 codes for each block, and may write up to 16 more places.
typedef struct CKernelsFound {
    float *_Nonnull scores;
    uint32_t *_Nonnull positions;
    size_t count;
    float threshold;
} CKernelsFound;

/// The kernels of lists of one level.
typedef struct CKernelsLists {
    /// Scans 4-bit codes by the tables (8 * groups, 16) of a query.
    void (*_Nonnull scan_codes)(
        const CKernelsList *_Nonnull list, const uint8_t *_Nonnull tables, CKernelsScale scale,
        CKernelsFound *_Nonnull found);
    /// Scans codes of bytes by the bytes (4 * groups) of a query.
    void (*_Nonnull scan_bytes)(
        const CKernelsList *_Nonnull list, const int8_t *_Nonnull query, CKernelsScale scale,
        CKernelsFound *_Nonnull found);
    /// Writes for each part the row of its codebook nearest to a vector (parts * width). Codebooks:
    /// (parts, width, 16).
    void (*_Nonnull encode)(
        const float *_Nonnull vector, const float *_Nonnull codebooks, size_t parts, size_t width,
        uint8_t *_Nonnull codes);
    /// Writes the inner products of a query (parts * width) with all rows of the codebooks as
    /// tables (parts, 16) of bytes, and says what they are: base is the sum of the least product of
    /// each part, step that of one byte.
    CKernelsScale (*_Nonnull make_tables)(
        const float *_Nonnull query, const float *_Nonnull codebooks, size_t parts, size_t width,
        uint8_t *_Nonnull tables);
    /// Keeps the best of `count` scores, in the order they are in: at least `wanted` and at most
    /// `most`. Says how many, and sets the threshold that they reach. Does nothing where there are
    /// `most` or fewer.
    size_t (*_Nonnull keep_best)(
        float *_Nonnull scores, uint32_t *_Nonnull positions, size_t count, size_t wanted,
        size_t most, float *_Nonnull threshold);
} CKernelsLists;
