// Scans of inverted lists, and what they need around them; see CKernelsLists.h. Plain loops, which
// the compiler makes as wide as the level allows. A part of every level.
#pragma once
#include "Level.h"

enum { block = 16, offsets_size = 64, group_size = 64 };

INLINE const uint8_t *block_of(const CKernelsList *list, size_t number) {
    return list->blocks + number * (offsets_size + list->groups * group_size);
}

INLINE uint32_t first_of(const CKernelsList *list, size_t number) {
    return list->first + (uint32_t)(number * block);
}

/// Asks for the memory of a block that the scan will come to in about 2 KiB, in this list or the
/// next: what the processor's own look-ahead, which ends with a page and with a list, would miss.
INLINE void fetch_ahead(const CKernelsList *list, const uint8_t *start) {
    const size_t size = offsets_size + list->groups * group_size;
    const size_t distance = (2048 + size - 1) / size * size;
    const uint8_t *end = list->blocks + list->count * size;
    const size_t left = (size_t)(end - start);
    const uint8_t *target = start + distance;
    if (distance >= left) {
        if (!list->next) return;
        target = list->next + (distance - left);
    }
    for (size_t place = 0; place < size; place += 64)
        __builtin_prefetch(target + place);
}

static uint64_t sum_words(const uint64_t *words, size_t count) {
    uint64_t sum = 0;
    for (size_t word = 0; word < count; ++word) sum += words[word];
    return sum;
}

// MARK: - Codes

/// The distances of a part of a vector (width) from the sixteen rows of a codebook.
INLINE void part_distances(
    const float *part, size_t part_width, const float *codebook, float *distances) {
    for (size_t row = 0; row < block; ++row) distances[row] = 0;
    for (size_t place = 0; place < part_width; ++place)
        for (size_t row = 0; row < block; ++row) {
            const float difference = part[place] - codebook[place * block + row];
            distances[row] += difference * difference;
        }
}

static void encode(
    const float *vector, const float *codebooks, size_t parts, size_t part_width,
    uint8_t *codes) {
    for (size_t part = 0; part < parts; ++part) {
        float distances[block];
        part_distances(
            vector + part * part_width, part_width, codebooks + part * part_width * block,
            distances);
        uint8_t best = 0;
        for (uint8_t row = 1; row < block; ++row)
            if (distances[row] < distances[best]) best = row;
        codes[part] = best;
    }
}

INLINE void part_products(
    const float *part, size_t part_width, const float *codebook, float *products) {
    for (size_t row = 0; row < block; ++row) products[row] = 0;
    for (size_t place = 0; place < part_width; ++place)
        for (size_t row = 0; row < block; ++row)
            products[row] += part[place] * codebook[place * block + row];
}

static CKernelsScale make_tables(
    const float *query, const float *codebooks, size_t parts, size_t part_width,
    uint8_t *tables) {
    float widest = 0;
    CKernelsScale scale = {0, 0};
    for (size_t part = 0; part < parts; ++part) {
        float products[block];
        part_products(
            query + part * part_width, part_width, codebooks + part * part_width * block,
            products);
        float least = products[0], most = products[0];
        for (size_t row = 1; row < block; ++row) {
            least = products[row] < least ? products[row] : least;
            most = products[row] > most ? products[row] : most;
        }
        scale.base += least;
        widest = most - least > widest ? most - least : widest;
    }
    // A table that says nothing, or so little that a step is no float, is one of zeros.
    const bool says_something = widest > 0x1p-100f && widest < 0x1p120f;
    const float steps = says_something ? 255 / widest : 0;
    scale.step = says_something ? widest / 255 : 0;
    // Computed again, since to keep them would take more room than there is in the first cache.
    for (size_t part = 0; part < parts; ++part) {
        float products[block];
        part_products(
            query + part * part_width, part_width, codebooks + part * part_width * block,
            products);
        float least = products[0];
        for (size_t row = 1; row < block; ++row)
            least = products[row] < least ? products[row] : least;
        for (size_t row = 0; row < block; ++row)
            tables[part * block + row] = (uint8_t)((products[row] - least) * steps + 0.5f);
    }
    return scale;
}

// MARK: - The best of what was found

INLINE size_t count_from(const float *scores, size_t count, float least) {
    int32_t many = 0;
    for (size_t place = 0; place < count; ++place) many += scores[place] >= least;
    return (size_t)many;
}

/// A score that at least `wanted` scores reach, and at most `most`, unless some are equal.
///
/// The interval that holds it is narrowed by interpolation, and every third time halved, so that it
/// comes to an end whatever the scores.
INLINE float threshold_of(const float *scores, size_t count, size_t wanted, size_t most) {
    float low = scores[0], high = scores[0];
    for (size_t place = 0; place < count; ++place) {
        low = scores[place] < low ? scores[place] : low;
        high = scores[place] > high ? scores[place] : high;
    }
    size_t from_low = count, from_high = count_from(scores, count, high);
    if (from_high >= wanted) return high;
    for (int round = 1; from_low > most; ++round) {
        float share = (float)(from_low - (wanted + most) / 2) / (float)(from_low - from_high);
        float middle = low * (1 - share) + high * share;  // low + (high - low) might be infinite
        if (round % 3 == 0 || !(middle > low && middle < high)) middle = low * 0.5f + high * 0.5f;
        if (!(middle > low && middle < high)) break;  // no float is left between them
        const size_t reached = count_from(scores, count, middle);
        if (reached >= wanted) {
            low = middle;
            from_low = reached;
        } else {
            high = middle;
            from_high = reached;
        }
    }
    return low;
}

/// Keeps the scores from `least` on, and says how many there are.
INLINE size_t keep_from(float *scores, uint32_t *positions, size_t count, float least);

INLINE size_t keep_from_one_by_one(
    float *scores, uint32_t *positions, size_t count, float least) {
    size_t kept = 0;
    for (size_t place = 0; place < count; ++place) {
        const float score = scores[place];
        scores[kept] = score;
        positions[kept] = positions[place];
        kept += score >= least;
    }
    return kept;
}

/// Of equal scores, which are `least`, keeps the first ones, so that `wanted` are left in all.
INLINE size_t keep_first_equals(
    float *scores, uint32_t *positions, size_t count, float least, size_t wanted) {
    size_t above = 0, kept = 0;
    for (size_t place = 0; place < count; ++place) above += scores[place] > least;
    size_t equals = wanted - above;
    for (size_t place = 0; place < count; ++place) {
        if (scores[place] == least && equals-- == 0) {
            equals = 0;
            continue;
        }
        scores[kept] = scores[place];
        positions[kept++] = positions[place];
    }
    return kept;
}

static size_t keep_best(
    float *scores, uint32_t *positions, size_t count, size_t wanted, size_t most,
    float *threshold) {
    if (count <= most || wanted == 0) return count;
    *threshold = threshold_of(scores, count, wanted, most);
    const size_t kept = keep_from(scores, positions, count, *threshold);
    return kept <= most ? kept : keep_first_equals(scores, positions, kept, *threshold, wanted);
}
