// The room RetrievalClient.
