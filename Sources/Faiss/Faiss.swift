// The room Faiss.
