// The room RetrievalServer.
