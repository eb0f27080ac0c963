//! The Endpoint trait and the query writer that the typed engine APIs share.
