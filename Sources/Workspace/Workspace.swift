// The room Workspace.
