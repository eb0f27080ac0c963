//! Finds a container engine and gives it as a Runtime.
