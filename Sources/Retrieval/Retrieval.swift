// The room Retrieval.
