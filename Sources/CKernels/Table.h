// The table of a level, which has defined all these functions, its LEVEL and its TABLE.
const CKernelsTable TABLE = {
    .level = LEVEL,
    .products = SCORES_OF(products),
    .distances = SCORES_OF(distances),
    .half_products = SCORES_OF(half_products),
    .half_distances = SCORES_OF(half_distances),
    .byte_products = byte_products,
    .unsigned_byte_products = unsigned_byte_products,
    .hamming_distances = hamming_distances,
    .to_halves = to_halves,
    .from_halves = from_halves,
    .sum_words = sum_words,
    .lists = {
        .scan_codes = scan_codes,
        .scan_bytes = scan_bytes,
        .encode = encode,
        .make_tables = make_tables,
        .keep_best = keep_best,
    },
};
