// The room Graph.
