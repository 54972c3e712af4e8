// The room Training.
