//! A simulated container engine in memory, under virtual time, that can be told to fail.
