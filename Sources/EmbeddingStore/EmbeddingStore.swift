// The room EmbeddingStore.
